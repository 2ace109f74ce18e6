"""What an address asks of the breach board. All of it stands in the address, to be shared."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q

from workflow.board import periods
from workflow.board.models import BreachAcknowledgement
from workflow.board.periods import Period
from workflow.deadlines.models import DeadlineQuerySet
from workflow.law import duties
from workflow.queues.filters import REGIONS

# The address, the words of the law, the title, and what a missed date of this kind means.
LATENESS: dict[str, tuple[str, str, str]] = {
    "statutory": (
        "statutory",
        "Statutory duties",
        "Limits set by an Act or regulations: the act and its time are both a duty.",
    ),
    "guidance": (
        "guidance",
        "Guidance limits",
        "Limits set by guidance: the act may be a duty, its number of days is not.",
    ),
    "service-level": (
        "service level",
        "Service levels",
        "Times that the Panel aims for. Missing one is a breach of no duty.",
    ),
}
STANDINGS = {
    "open": "Still open",
    "met-late": "Met late",
    "known-late": "Known late by a correction",
    "passed-on": "Passed on late",
}
SEEN = {"yes": "Acknowledged", "no": "Not acknowledged"}
FIRST_KIND = "guidance"


def of_standing(rows: DeadlineQuerySet, slug: str, *, on: date) -> DeadlineQuerySet:
    """Those of the deadlines that are missed and stand so on a London date."""
    # Each in the very words of its index: the two together would be found in neither.
    match slug:
        case "open":
            return rows.overdue(on=on)
        case "passed-on":
            return rows.passed_on_late()
        case "known-late":
            return rows.known_late()
        case _:
            return rows.filter(met_on__gt=F("due_on"))


def duties_of(kind: str, *, soft: bool = False) -> list[str]:
    """The duties whose missed limit is of this kind; or those with only a date to aim for."""
    return [
        duty.slug for duty in duties.ALL if duty.lateness == LATENESS[kind][0] and duty.soft is soft
    ]


@dataclass(frozen=True)
class Asked:
    """A kind of lateness, and what it is narrowed to. An empty text narrows nothing.

    `period` is by the date on which something was due; the figures of the board take the current
    reporting year where none is given, or one that has no beginning, the lists every date.
    """

    kind: str = FIRST_KIND
    standing: str = "open"
    area: str = ""
    region: str = ""
    duty: str = ""
    period: str = ""
    seen: str = ""

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "Asked":
        """What an address asks; what cannot be is left out."""
        kind = asked["kind"] if asked.get("kind") in LATENESS else FIRST_KIND
        slug = asked.get("period", "")
        return cls(
            kind=kind,
            standing=asked["standing"] if asked.get("standing") in STANDINGS else "open",
            area=_plain(asked.get("area", "")),
            region=asked["region"] if asked.get("region") in REGIONS else "",
            duty=duties.slug_asked_for(asked.get("duty", ""), duties_of(kind)),
            period=slug if periods.of_address(slug) else "",
            seen=asked["seen"] if asked.get("seen") in SEEN else "",
        )

    def with_(self, **changed: str) -> "Asked":
        """The same with something changed; a duty of another kind is left out."""
        return Asked.from_address(asdict(replace(self, **changed)))

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out besides what another kind or standing holds."""
        return any((self.area, self.region, self.duty, self.period, self.seen))

    @property
    def bare(self) -> "Asked":
        """The kind and the standing alone."""
        return Asked(kind=self.kind, standing=self.standing)

    def as_address(self, **more: str) -> str:
        """As `from_address` reads it, without the question mark.

        A duty stands in it by its neutral name: beside a case's reference, in the address of a page
        of a list, its own would tell what happened.
        """
        words = {**asdict(self), "duty": self.duty_address, **more}
        return urlencode({name: value for name, value in words.items() if value})

    @property
    def duty_address(self) -> str:
        """The duty asked for, by its name in addresses."""
        return duties.by_slug(self.duty).address if self.duty else ""

    def slugs(self) -> list[str]:
        """The duties asked for."""
        return [self.duty] if self.duty else duties_of(self.kind)

    def shown_period(self, *, on: date) -> Period:
        """The period of the figures."""
        found = periods.of_address(self.period)
        return found if found and not found.is_before else periods.current(on)

    def place(self) -> Q:
        """The condition on deadlines by authority and region."""
        found = Q(authority__dfe_code=self.area) if self.area else Q()
        return found & Q(authority__region=self.region) if self.region else found

    def condition(self) -> Q:
        """The condition on late deadlines: everything but the standing."""
        found = self.place() & Q(duty__in=self.slugs())
        period = periods.of_address(self.period)
        if period:
            found &= Q(due_on__range=(period.first, period.last))
        if self.seen:
            looked: Any = Exists(BreachAcknowledgement.objects.filter(deadline=OuterRef("pk")))
            found &= Q(looked) if self.seen == "yes" else ~Q(looked)
        return found


def _plain(code: str) -> str:
    return code if code.isalnum() and code.isascii() and len(code) <= 8 else ""
