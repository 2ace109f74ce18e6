"""Which open dates another calendar or limit would move, and to when. Nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from workflow.access.visible import VisibleToQuerySet
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.bodies import NotInForce
from workflow.law.calendar import Calendar, CalendarExhausted, Receipt


@dataclass(frozen=True, slots=True)
class Shift:
    """A clock's date before and after; `edition` is the calendar it stood on before."""

    duty: str
    cycle: int
    due_on: date
    new_due_on: date
    edition: str

    def as_json(self) -> dict[str, Any]:
        """Codes and dates, for the trail."""
        return {
            "duty": self.duty,
            "cycle": self.cycle,
            "from": self.due_on.isoformat(),
            "to": self.new_due_on.isoformat(),
            "edition": self.edition,
        }


@dataclass(frozen=True, slots=True)
class CaseShift:
    """A clock that would move, and whose it is."""

    case: int
    deadline: int
    shift: Shift


def new_receipt(row: Deadline, calendar: Calendar) -> Receipt | None:
    """How an open clock is worked out now, where that gives another date; None where it stands.

    A count that passes the published bank holidays gives no date: the one it has stands until
    the next years are published.
    """
    if new_due(row.duty, row.start_on, calendar) in (None, row.due_on):
        return None
    return row.rule.receipt(row.start_on, calendar)


def new_due(duty: str, start_on: date, calendar: Calendar) -> date | None:
    """The date alone, or None where none can be worked out."""
    try:
        return duties.by_slug(duty).due(start_on, calendar)
    except (CalendarExhausted, NotInForce):
        return None


def shifts(
    calendar: Calendar,
    *,
    day: date | None = None,
    among: VisibleToQuerySet[Deadline] | None = None,
) -> Iterator[CaseShift]:
    """Every open clock that the calendar and the limits in force would move, by case.

    `day` narrows it to the clocks whose count passes that day: no others can move when only that
    day has changed.
    """
    rows = (Deadline.objects.all() if among is None else among).filter(
        met_on__isnull=True, cancelled_on__isnull=True
    )
    if day is not None:
        forwards = Q(start_on__lt=day, due_on__gte=day)
        rows = rows.filter(forwards | Q(due_on__lte=day, start_on__gt=day))
    found = rows.order_by("case_id", "pk").values_list(
        "case_id", "pk", "duty", "cycle", "start_on", "due_on", "calendar_edition"
    )
    for case, key, duty, cycle, start_on, due_on, edition in found.iterator(chunk_size=5000):
        due = new_due(duty, start_on, calendar)
        if due is not None and due != due_on:
            yield CaseShift(case, key, Shift(duty, cycle, due_on, due, edition))


def how_many(calendar: Calendar) -> int:
    """How many open clocks the calendar and the limits in force would move: one short statement.

    Clocks of one duty that begin and end on the same days move together.
    """
    rows = Deadline.objects.open().order_by().values_list("duty", "start_on", "due_on")
    return sum(
        number
        for duty, start_on, due_on, number in rows.annotate(number=Count("pk"))
        if new_due(duty, start_on, calendar) not in (None, due_on)
    )
