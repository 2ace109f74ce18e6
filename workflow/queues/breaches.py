"""Dates that were missed: three kinds, listed and counted apart and never added together."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.people.person import Person
from workflow.queues.counts import Capped, count_each
from workflow.queues.filters import Filters
from workflow.queues.keyset import SIZES, Cursor, Order, Slice, sliced

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
STANDINGS: dict[str, tuple[str, Q]] = {
    "open": ("Still open", Q(met_on__isnull=True)),
    "met-late": ("Met late", Q(met_on__isnull=False)),
}


def duties_of(kind: str) -> list[str]:
    """The duties whose missed limit is of this kind; those with a date to aim for are in none."""
    return [
        duty.slug for duty in duties.ALL if duty.lateness == LATENESS[kind][0] and not duty.soft
    ]


def _key(mark: str) -> QuerySet[Deadline, int]:
    token, duty, cycle = [*mark.split("~"), "", "", ""][:3]
    number = int(cycle) if cycle.isdecimal() and len(cycle) < 5 else 0
    found = Deadline.objects.filter(case__token=token, duty=duty, cycle=number)
    return found.values("pk")[:1]  # type: ignore[return-value]


def _mark(row: Deadline) -> str:
    return f"{row.case.token}~{row.duty}~{row.cycle}"


LONGEST: Order[Deadline] = Order("longest", "Longest ago first", "due_on", False, _mark, _key)
LATEST: Order[Deadline] = Order("latest", "Latest first", "due_on", True, _mark, _key)
SORTS = {order.slug: order for order in (LONGEST, LATEST)}


@dataclass(frozen=True)
class BreachList:
    """The missed dates that one person may see on a London date."""

    person: Person
    on: date
    filters: Filters

    def rows(self, kind: str, standing: str) -> QuerySet[Deadline, Deadline]:
        """The missed dates of a kind, still open or met late."""
        rows = Deadline.objects.visible_to(self.person, self.on).late(on=self.on)
        rows = rows.filter(STANDINGS[standing][1], duty__in=duties_of(kind))
        if self.filters.area:
            rows = rows.filter(authority__dfe_code=self.filters.area)
        if self.filters.region:
            rows = rows.filter(authority__region=self.filters.region)
        return rows

    def counts(self) -> dict[str, dict[str, Capped]]:
        """For each kind, how many still open and how many met late: one statement."""
        names = {f"{kind} {one}": [self.rows(kind, one)] for kind in LATENESS for one in STANDINGS}
        found = count_each(names)
        return {kind: {one: found[f"{kind} {one}"] for one in STANDINGS} for kind in LATENESS}

    def page(
        self,
        kind: str,
        standing: str,
        *,
        cursor: Cursor | None = None,
        size: int = SIZES[0],
        sort: str = LONGEST.slug,
    ) -> Slice[Deadline]:
        """The page of a list that begins, or ends, at a position."""
        order = SORTS.get(sort, LONGEST)
        rows = self.rows(kind, standing).select_related("case", "case__authority", "owed_by")
        if cursor:
            rows = rows.filter(order.beyond(cursor))
        columns = order.columns(back=cursor is not None and cursor.back)
        found = list(rows.order_by(*columns)[: size + 1])
        return sliced(found, order=order, cursor=cursor, size=size)
