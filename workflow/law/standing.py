"""Where a due date stands on a day, in the words and colours every screen uses.

Derived from dates at the time of reading and never stored. A due date, or a day of reading,
outside the published bank holidays is still answered, with "at least" before the number.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from workflow.law.calendar import Calendar
from workflow.law.receipts import WORKING_DAYS, Receipt
from workflow.law.words import counted, long_date

Kind = Literal[
    "not started",
    "open",
    "due soon",
    "due today",
    "overdue",
    "met",
    "met late",
    "known late",
    "passed on late",
    "date passed",
]
SOON = 3

TAGS: dict[Kind, tuple[str, str]] = {
    "not started": ("Not started", "grey"),
    "open": ("On track", "blue"),
    "due soon": ("Due soon", "orange"),
    "due today": ("Due today", "orange"),
    "overdue": ("Overdue", "red"),
    "met": ("Met", "green"),
    "met late": ("Met late", "purple"),
    "known late": ("Known late", "purple"),
    "passed on late": ("Passed on", "purple"),
    "date passed": ("Date passed", "grey"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing in words; `working_days` is how many are left, or late: never negative."""

    kind: Kind
    working_days: int
    words: str

    @property
    def tag(self) -> str:
        """The word on the tag."""
        return TAGS[self.kind][0]

    @property
    def tag_colour(self) -> str:
        """The tag's colour; the words carry the meaning without it."""
        return TAGS[self.kind][1]


def standing(
    due_on: dt.date | None,
    *,
    met_on: dt.date | None,
    on: dt.date,
    calendar: Calendar,
    receipt: Receipt | None = None,
    passed_on: dt.date | None = None,
) -> Standing:
    """How `due_on` stands on `on`: late from the day after it.

    `passed_on` is the day on which the case passed to another authority after the due date: how
    late it was then is how late it stays.

    With the deadline's receipt, a limit in working days met in time says on which day: "Met, day
    2 of 5", by the days counted then. Without a due date the clock has not started.
    """
    if due_on is None:
        return Standing("not started", 0, "Not started")
    if met_on is not None:
        if met_on <= due_on:
            return Standing("met", 0, _met(met_on, receipt))
        return _late("met late", "Met late by", due_on, met_on, calendar)
    if passed_on is not None or on > due_on:
        return _missed(due_on, passed_on, on, calendar)
    if on == due_on:
        return Standing("due today", 0, "Due today by 11:59pm")
    return _ahead(due_on, on, calendar)


def is_known_late(due_on: dt.date, met_on: dt.date | None, corrected: dt.date | None) -> bool:
    """Whether it was met in time by the awareness then given, and late by a corrected one.

    `corrected` is the due date by the corrected one.
    """
    return met_on is not None and corrected is not None and corrected < met_on <= due_on


def known_late(corrected: dt.date, met_on: dt.date, calendar: Calendar) -> Standing:
    """How late such a one was by the corrected awareness."""
    return _late("known late", "By a correction met late by", corrected, met_on, calendar)


def internal(found: Standing) -> Standing:
    """The same for a date that this service made up: nobody is in breach of one."""
    if found.kind != "overdue":
        return found
    # Red is for the law.
    words = found.words.replace("Overdue", "Past")
    return Standing("date passed", found.working_days, words)


def aimed_for(found: Standing) -> Standing:
    """The same for a date to aim for, which is never late."""
    if found.kind not in {"overdue", "met late"}:
        return found
    words = found.words.replace("Overdue", "Past the date to aim for")
    words = words.replace("Met late", "Met after the date to aim for")
    return Standing("date passed", found.working_days, words)


def _missed(
    due_on: dt.date, passed_on: dt.date | None, on: dt.date, calendar: Calendar
) -> Standing:
    if passed_on is not None:
        return _late("passed on late", "Passed on late by", due_on, passed_on, calendar)
    return _late("overdue", "Overdue by", due_on, on, calendar)


def _met(met_on: dt.date, receipt: Receipt | None) -> str:
    if receipt is None or receipt.unit != WORKING_DAYS or receipt.count <= 0:
        return "Met"
    return f"Met, day {receipt.day_number(met_on)} of {receipt.count}"


def _ahead(due_on: dt.date, on: dt.date, calendar: Calendar) -> Standing:
    days, exact = _working_days(on, due_on, calendar)
    kind: Kind = "due soon" if exact and days <= SOON else "open"
    if days == 0:
        return Standing(kind, 0, f"Due on {long_date(due_on)}")
    return Standing(kind, days, f"Due in {_number(days, exact=exact)}")


def _late(kind: Kind, words: str, due_on: dt.date, day: dt.date, calendar: Calendar) -> Standing:
    days, exact = _working_days(due_on, day, calendar)
    if days == 0:
        # Late at the weekend: the day after the due date has come, the next working day has not.
        return Standing(kind, 0, f"{words} less than 1 working day")
    return Standing(kind, days, f"{words} {_number(days, exact=exact)}")


def _number(days: int, *, exact: bool) -> str:
    number = counted(days, "working day")
    return number if exact else f"at least {number}"


def _working_days(a: dt.date, b: dt.date, calendar: Calendar) -> tuple[int, bool]:
    """Working days after `a` up to `b` within the horizon, and whether that is all of them."""
    first = min(max(a, calendar.known_from), calendar.known_until)
    last = min(max(b, calendar.known_from), calendar.known_until)
    return calendar.between(first, last), (first, last) == (a, b)
