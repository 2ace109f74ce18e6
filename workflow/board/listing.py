"""Dates that were missed, one row each: what the list shows and what its files hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from workflow.board.asked import LATENESS, STANDINGS, Asked, of_standing
from workflow.board.escalations import escalated, told_words
from workflow.board.figures import BESIDE
from workflow.board.models import BreachAcknowledgement
from workflow.board.reach import counted_with, found_in, keys_of, places_of
from workflow.deadlines.calendar import calendar, newest_holiday
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.calendar import COMMITTED, Calendar
from workflow.law.standing import Standing
from workflow.law.words import nth_time
from workflow.machine.case import Case
from workflow.people import roles
from workflow.people.codes import Code
from workflow.people.person import Person
from workflow.queues.counts import Capped, count_each
from workflow.queues.keyset import SIZES, Cursor, Order, Slice, sliced

REASONS = ("late_reason", "review_late_reason")
BATCH = 1000
WITH = ("case", "case__authority", "case__notification", "owed_by")


def _key(mark: str) -> QuerySet[Deadline, int]:
    token, duty, cycle = [*mark.split("~"), "", "", ""][:3]
    number = int(cycle) if cycle.isdecimal() and len(cycle) < 5 else 0
    try:
        slug = duties.by_address(duty).slug
    except KeyError:
        slug = ""
    found = Deadline.objects.filter(case__token=token, duty=slug, cycle=number)
    return found.values("pk")[:1]  # type: ignore[return-value]


def _mark(row: Deadline) -> str:
    return f"{row.case.token}~{row.rule.address}~{row.cycle}"


LONGEST: Order[Deadline] = Order("longest", "Longest ago first", "due_on", False, _mark, _key)
LATEST: Order[Deadline] = Order("latest", "Latest first", "due_on", True, _mark, _key)
SORTS = {order.slug: order for order in (LONGEST, LATEST)}


@dataclass(frozen=True)
class Breach:
    """A missed date in words, alike on the screen and in every file.

    `beside` says why the case is counted beside "on time" and not in it; "" when it is in it.
    """

    case: Case
    duty: str
    cycle: int
    title: str
    owed_by: str
    start_on: date
    due_on: date
    met_on: date | None
    corrected_due_on: date | None
    agreed_on: date | None
    standing: Standing
    reason: str
    escalated: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    beside: str


@dataclass(frozen=True)
class BreachList:
    """The missed dates that one person may see on a London date, as an address asks for them."""

    person: Person
    on: date
    asked: Asked

    def rows(self, kind: str = "", standing: str = "") -> QuerySet[Deadline, Deadline]:
        """The missed dates asked for; of another kind or standing where one is named."""
        rows = Deadline.objects.all().visible_to(self.person, self.on)
        rows = rows.filter(counted_with(self.person, on=self.on))
        rows = of_standing(rows, standing or self.asked.standing, on=self.on)
        return rows.filter(self.asked.with_(kind=kind or self.asked.kind).condition())

    def counts(self) -> dict[str, dict[str, Capped]]:
        """For each kind, how many of each standing: one statement."""
        places = places_of(self.person, on=self.on)
        names = {(kind, one): f"{kind} {one}" for kind in LATENESS for one in STANDINGS}
        rows = {name: found_in(places, self.rows(*key)) for key, name in names.items()}
        found = count_each(rows, along=LONGEST.columns(back=False))
        return {kind: {one: found[names[kind, one]] for one in STANDINGS} for kind in LATENESS}

    def page(
        self, *, cursor: Cursor | None = None, size: int = SIZES[0], sort: str = LONGEST.slug
    ) -> Slice[Deadline]:
        """The page that begins, or ends, at a position: one statement."""
        order = SORTS.get(sort, LONGEST)
        rows = self.rows()
        if cursor:
            rows = rows.filter(order.beyond(cursor))
        columns = order.columns(back=cursor is not None and cursor.back)
        places = places_of(self.person, on=self.on)
        keys = keys_of(found_in(places, rows), columns, size + 1)
        full = _full(Deadline.objects.filter(pk__in=keys)).order_by(*columns)
        return sliced(list(full[: size + 1]), order=order, cursor=cursor, size=size)

    def every(self) -> Iterator[Breach]:
        """Every row, in one snapshot and never all of them in memory."""
        full = _full(self.rows()).order_by(*LONGEST.columns(back=False))
        days: Calendar | None = None
        for row in full.iterator(chunk_size=BATCH):
            days = days or calendar_of([row])
            yield told(row, self.person, on=self.on, calendar=days)


def breaches(found: list[Deadline], person: Person, *, on: date) -> list[Breach]:
    """The rows of a page in words: no statement of its own."""
    days = calendar_of(found)
    return [told(row, person, on=on, calendar=days) for row in found]


def calendar_of(found: list[Deadline]) -> Calendar:
    """The calendar in force, as the statement that read these rows found it."""
    return calendar(found[0].__dict__["newest_holiday"]) if found else COMMITTED


def told(row: Any, reader: Person, *, on: date, calendar: Calendar) -> Breach:
    """One missed date in words, for a reader."""
    looked = row.looked or {}
    return Breach(
        case=row.case,
        duty=row.duty,
        cycle=row.cycle,
        title=nth_time(row.rule.title, row.cycle) if row.cycle > 1 else row.rule.title,
        owed_by=row.owed_by.name,
        start_on=row.start_on,
        due_on=row.due_on,
        met_on=row.met_on,
        corrected_due_on=row.corrected_due_on,
        agreed_on=row.agreed_on,
        standing=row.missed(on=on, calendar=calendar),
        reason=row.reason_words or row.late_reason,
        escalated=told_words(row.escalations),
        acknowledged_at=datetime.fromisoformat(looked["at"]) if looked else None,
        acknowledged_by=who(looked, reader, on=on) if looked else "",
        beside=BESIDE.get(row.case.notification.state, ""),
    )


def who(looked: dict[str, Any], reader: Person, *, on: date) -> str:
    """Who acknowledged: by name among the reader's own people, by role elsewhere."""
    if looked["organisation_id"] in reader.organisation_ids(on):
        return f"{looked['name']}, {looked['organisation']}"
    return f"{roles.by_slug(looked['role']).title}, {looked['organisation']}"


def _full(rows: QuerySet[Deadline, Deadline]) -> QuerySet[Any, Any]:
    """The rows with all that their line says, read by the same statement."""
    looked = BreachAcknowledgement.objects.filter(deadline=OuterRef("pk")).order_by("-pk")
    words = Code.objects.filter(list__in=REASONS, code=OuterRef("late_reason"))
    return rows.select_related(*WITH).annotate(
        newest_holiday=newest_holiday(),
        reason_words=Subquery(words.order_by("list").values("label")[:1]),
        escalations=escalated(),
        looked=Subquery(
            looked.annotate(
                line=JSONObject(
                    at="at",
                    role="role",
                    name="by__name",
                    organisation="organisation__name",
                    organisation_id=F("organisation_id"),
                )
            ).values("line")[:1]
        ),
    )
