"""One case as the process describes it: a reference that shares no code with the machines.

It says beforehand what an act by somebody must lead to: which refusal, or which states, clocks and
events. Working days are counted by the oracle of the reminders.
"""

from datetime import date

from tests.prove.effects import Effects
from tests.prove.lawful import DEEDS, SERVICE, SHORT, TURNS, Deed
from tests.prove.reference import BEFORE, COPIES, NOTIFYING, OPEN, OVER, WITH, WRITING, Act, Row

# Who may act on a review at all; what the process says of no kind is said of both.
BODY = {
    "local": {"la_approver", "business_unit", "reviewer"},
    "national": {"panel_chair", "panel_secretariat", "national_reviewer"},
}


def who_may(row: Row, deed: Deed) -> frozenset[str]:
    """The roles that may do a deed on this row: of a review only its own body's."""
    if row.machine != "practice review":
        return deed.who
    return deed.who & (BODY[row.kind] | {SERVICE}) or deed.who


class Model(Effects):
    """The case: who is refused how, whose turn it is, and which clocks run."""

    def refusal(self, row: Row, name: str, act: Act) -> tuple[object, ...] | None:
        """How this act is refused as things stand; None when it is done."""
        deed = DEEDS[row.machine][name]
        if act.by.role != SERVICE and act.by.role not in self.seen_by:
            return ("not found",)
        if act.by.role not in who_may(row, deed):
            return ("not theirs",)
        if (deed.asks_reason or row.state in deed.reason_from) and not act.reason:
            return ("no reason",)
        if row.state not in deed.sources:
            return ("overtaken", row.last, row.state)
        failing = sum(not self._holds(guard, row) for guard in deed.guards if guard != "unsigned")
        if failing:
            return ("guarded", failing)
        return self._late_refusal(row, name, act)

    def _late_refusal(self, row: Row, name: str, act: Act) -> tuple[object, ...] | None:
        if name == "seek_signatures" and not self._holds("unsigned", row):
            return ("guarded", 1)
        if row.machine == "notification" and name == "submit" and self.strict:
            authors = self.authors or {act.by.name}
            local = act.by.role in SHORT["FILER"].split()
            second = act.by.role == "la_approver" and act.by.name not in authors
            if local and not second and not act.facts.get("approval_outstanding"):
                return ("guarded", 1)
        if row.machine == "rapid review" and name == "submit" and act.facts.get("lcspr") == "no":
            local_review = self._local()
            movable = {"undecided", "decision_yes", "no_lcspr"} | OVER
            if local_review and local_review.state not in movable:
                return ("overtaken", local_review.last, local_review.state)
        return None

    def _holds(self, guard: str, row: Row) -> bool:
        word, _, value = guard.partition(":")
        return {
            "aware": self.facts.get("aware_on") is not None,
            "duty": bool(self.duties) or self.for_the_panel,
            "panel": self.for_the_panel,
            "no_panel": not self.for_the_panel,
            "proposed": self.proposal == value,
            "notified": self.notified is not None,
            "unsigned": len([v for v in self.views if v == row.number]) == 0,
            "local": row.kind == "local",
            "national": row.kind == "national",
        }[word]

    def nearest(self) -> tuple[date | None, str]:
        """The nearest date, and the duty when it is a legal one."""
        running = [(c.due, slug) for (slug, _), c in self.clocks.items() if c.stands == OPEN]
        expected = [row.expected for row in self.rows if row.expected]
        # Sent while no approver was there: one reads it on the next working day.
        expected += [self.unapproved] if self.unapproved else []
        return min(running) if running else (min(expected, default=None), "")

    def turns(self) -> list[str]:
        """The roles it waits for, each once."""
        found = []
        for row in self.rows:
            turn = TURNS[row.machine][row.state]
            role = turn[0] if turn else ""
            if role and row.kind == "national":
                role = "panel_secretariat"
            if role == "panel_secretariat" and row is self.notification and not self.for_the_panel:
                role = "dfe_receiver"
            found.append(role)
        if self.notified and self.nearest()[1] == "tell-the-partners":
            found.append("la_notifier")
        if self.notification.state == "linked_to_rapid_review" and self.proposal:
            found.append("panel_secretariat")
        if self.unapproved:
            found.append("la_approver")
        return list(dict.fromkeys(role for role in found if role))

    def stranded(self) -> list[str]:
        """The clocks that run although nobody can stop them any more."""
        ways = {
            "rapid-review": any(row.state in WRITING for row in self.reviews),
            "panel-response": any(row.state in WITH for row in self.reviews),
            "tell-the-partners": True,
            **dict.fromkeys(NOTIFYING[::2], self.notification.state in BEFORE),
        }
        over = OVER | {"no_lcspr", "undecided"}
        held = {("local-review", row.clock) for row in self.practice if row.state not in over}
        held |= {(COPIES[row.kind], row.copy) for row in self.practice if row.state not in over}
        running = [key for key, clock in self.clocks.items() if clock.stands == OPEN]
        return [key[0] for key in running if not ways.get(key[0], key in held)]
