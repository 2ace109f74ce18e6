"""What a list can be narrowed to. All of it stands in the address, so that a list can be shared."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Q

from workflow.machine.case import Outcome

_CARE_LEAVER = Q(care_leaver=True) & ~Q(looked_after=True)
_LOOKED_AFTER_DEATH = Q(looked_after=True, outcome=Outcome.DIED)

KINDS: dict[str, tuple[str, Q]] = {
    "death": ("Death", Q(outcome=Outcome.DIED) & ~_LOOKED_AFTER_DEATH & ~_CARE_LEAVER),
    "serious-harm": ("Serious harm", Q(outcome=Outcome.SERIOUSLY_HARMED) & ~_CARE_LEAVER),
    "looked-after": ("Looked-after child’s death", _LOOKED_AFTER_DEATH & ~_CARE_LEAVER),
    "care-leaver": ("Care leaver’s death", _CARE_LEAVER),
    "other": ("Other", Q(outcome=Outcome.OTHER) & ~_CARE_LEAVER),
    "not-known": ("Not known yet", Q(outcome="") & ~_CARE_LEAVER),
}
REGIONS = (
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and The Humber",
)


@dataclass(frozen=True)
class Filters:
    """An area by its Department for Education code, a region, a kind, and whether overdue only."""

    area: str = ""
    region: str = ""
    kind: str = ""
    overdue: bool = False

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "Filters":
        """The filters in an address; what is none is left out."""
        return cls(
            area=asked.get("area", "")[:8],
            region=asked["region"] if asked.get("region") in REGIONS else "",
            kind=asked["kind"] if asked.get("kind") in KINDS else "",
            overdue=asked.get("overdue") == "yes",
        )

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return any(asdict(self).values())

    def as_address(self) -> dict[str, str]:
        """As `from_address` reads them."""
        words = {name: value for name, value in asdict(self).items() if value}
        return words | ({"overdue": "yes"} if self.overdue else {})

    def condition(self, *, on: date) -> Q:
        """The condition on cases."""
        found = Q(authority__dfe_code=self.area) if self.area else Q()
        if self.region:
            found &= Q(authority__region=self.region)
        if self.kind:
            found &= KINDS[self.kind][1]
        if self.overdue:
            found &= Q(next_due_on__lt=on)
        return found
