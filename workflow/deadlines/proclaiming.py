"""Adding a bank holiday that was proclaimed after the calendar was published, and withdrawing one.

Source: the Banking and Financial Dealings Act 1971, section 1: a day may be appointed by royal
proclamation, and may be appointed late (19 September 2022 was, nine days before).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from workflow.deadlines.calendar import calendar, merged_with, proclaimed_days
from workflow.deadlines.models import ProclaimedHoliday
from workflow.law.calendar import COMMITTED, WEEKEND, Calendar, CalendarExhausted
from workflow.law.words import long_date
from workflow.people.person import Person

# Any number, as long as nothing else in this database locks the same.
LOCK = 7_301_984
TITLE_LIMIT = 120


class CannotProclaim(ValueError):
    """Why a day can't be added or withdrawn, in one sentence."""


@dataclass(frozen=True)
class Change:
    """A row that is to be added, and the calendar as it will then be."""

    row: ProclaimedHoliday
    calendar: Calendar


def addition(
    day: date, title: str, *, by: Person, on: date, at: datetime, proclaimed_on: date | None = None
) -> Change:
    """The change that makes a day a bank holiday, not stored yet. CannotProclaim says why not."""
    title = " ".join(title.split())
    if not title:
        raise CannotProclaim("Enter what the bank holiday is for.")
    if len(title) > TITLE_LIMIT:
        raise CannotProclaim(f"What it is for must be {TITLE_LIMIT} characters or less.")
    if (proclaimed_on or on) > on:
        raise CannotProclaim("The date of the proclamation must be today or in the past.")
    _refuse_past(day, on=on)
    try:
        reason = calendar().reason(day)
    except CalendarExhausted as refusal:
        raise CannotProclaim(str(refusal)) from None
    if reason == WEEKEND:
        raise CannotProclaim(f"{long_date(day)} is at a weekend, so it is not a working day.")
    if reason:
        raise CannotProclaim(f"{long_date(day)} is a bank holiday already: {reason}.")
    row = _row(day, title, proclaimed_on or on, by=by, at=at)
    return Change(row, merged_with([*proclaimed_days().values(), row]))


def withdrawal(day: date, *, by: Person, on: date, at: datetime) -> Change:
    """The change that takes a proclaimed day back, not stored yet. CannotProclaim says why not."""
    standing = proclaimed_days()
    known = standing.pop(day, None)
    if known is None:
        published = any(one.day == day for one in COMMITTED.holidays)
        raise CannotProclaim(
            f"{long_date(day)} is a published bank holiday, and can’t be withdrawn here."
            if published
            else f"{long_date(day)} is not a proclaimed bank holiday."
        )
    _refuse_past(day, on=on)
    row = _row(day, known.title, on, by=by, at=at)
    row.withdrawn = True
    return Change(row, merged_with(standing.values()))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Inside, nobody else changes the calendar or moves dates. CannotProclaim when somebody does.

    Held by the connection, so that it ends with a process that dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise CannotProclaim("Dates are being moved right now. Try again in a few minutes.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _refuse_past(day: date, *, on: date) -> None:
    if day < on:
        # What people were told about days that have passed is changed by a published calendar.
        raise CannotProclaim(
            f"{long_date(day)} is in the past. A past day is changed in the published calendar "
            "of a new version of this service."
        )


def _row(
    day: date, title: str, proclaimed_on: date, *, by: Person, at: datetime
) -> ProclaimedHoliday:
    return ProclaimedHoliday(
        day=day, title=title, proclaimed_on=proclaimed_on, added_at=at, added_by=by
    )
