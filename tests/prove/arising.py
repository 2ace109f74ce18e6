"""Which duties arise from the facts, by the Act: a second reading that shares no code."""

from tests.prove.reference import NOTIFYING


class Arising:
    """A case with facts."""

    facts: dict[str, object]

    @property
    def for_the_panel(self) -> bool:
        """Section 16C: died or seriously harmed in the area, and abuse known or suspected."""
        known = {"outcome": "died seriously_harmed", "abuse": "known suspected", "place": "in_area"}
        return all(self.facts.get(name) in words.split() for name, words in known.items())

    @property
    def duties(self) -> list[str]:
        """Which clocks of notifying arise from the facts."""
        looked_after = self.facts.get("outcome") == "died" and self.facts.get("looked_after")
        return [*NOTIFYING[: 2 * self.for_the_panel], *NOTIFYING[2 : 2 + bool(looked_after)]]
