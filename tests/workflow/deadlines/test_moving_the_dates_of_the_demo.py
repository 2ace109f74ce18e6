"""The demo's cases, when a day is proclaimed: each date against a count made another way."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Count

from workflow import clock
from workflow.deadlines.preview import preview
from workflow.deadlines.proclaiming import addition
from workflow.law.calendar import COMMITTED
from workflow.machine.moving_dates import change_calendar
from workflow.models import Case, Deadline, Event, Membership

OPEN: dict[str, Any] = {"met_on": None, "cancelled_on": None}
FREE = {one.day for one in COMMITTED.holidays}


def counted_by_hand(row: Deadline, free: set[date]) -> date:
    """The due date, one day after the other; limits in months do not turn on holidays."""
    if row.receipt["unit"] != "working days":
        return row.due_on
    left, day = abs(row.receipt["count"]), row.start_on
    while left:
        day += timedelta(days=1 if row.receipt["count"] > 0 else -1)
        left -= day.weekday() < 5 and day not in free
    return day


@pytest.fixture
def sam(demo_db: str) -> Membership:
    return Membership.objects.filter(role="deadline_administrator").select_related("person")[0]


def test_exactly_the_open_dates_that_the_day_touches_move(sam: Membership) -> None:
    at = clock.now()
    on, by = clock.london_date(at), sam.person
    # A day that most open counts have yet to pass.
    proclaimed = COMMITTED.add(on, 2)
    closed = Deadline.objects.exclude(**OPEN).order_by("pk")
    as_they_were = list(closed.values())
    change = addition(proclaimed, "Invented", by=by, on=on, at=at)
    expected = {
        row.pk
        for row in Deadline.objects.filter(**OPEN)
        if counted_by_hand(row, FREE | {proclaimed}) != row.due_on
    }
    assert {one.deadline for one in preview(change).rows} == expected
    moved = change_calendar(change, by=by, on=on, at=at)
    assert moved.clocks == len(expected) > 5
    assert list(closed.values()) == as_they_were
    for row in Deadline.objects.filter(**OPEN):
        assert row.due_on == counted_by_hand(row, FREE | {proclaimed}), row
    told = Event.objects.filter(act="dates_moved").values("case").annotate(often=Count("pk"))
    touched = set(Deadline.objects.filter(pk__in=expected).values_list("case", flat=True))
    assert {one["case"]: one["often"] for one in told} == dict.fromkeys(touched, 1)
    for case in Case.objects.filter(pk__in=touched).prefetch_related("deadlines"):
        nearest = min(row.due_on for row in case.deadlines.all() if row.is_open)
        assert case.next_due_on == nearest
