"""Working days in England and Wales, as a value: every count is a table lookup with a horizon.

A working day is "a day which is not a Saturday, Sunday, Christmas Day, Boxing Day, Good Friday
or a bank holiday under the Banking and Financial Dealings Act 1971" (see `readings.WORKING_DAY`).
The day of the event is day zero (see `readings.DAY_ZERO`). Dates only: an instant is refused.
"""

import calendar as months
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workflow.law import bank_holidays
from workflow.law.bank_holidays import Holiday
from workflow.law.receipts import CALENDAR_MONTHS, CALENDAR_YEARS, Receipt, Skipped
from workflow.law.words import counted, long_date, short_date

__all__ = [
    "COMMITTED",
    "Calendar",
    "CalendarExhausted",
    "Proclaimed",
    "Receipt",
    "Skipped",
    "add_months",
]

WEEKEND = "Weekend"
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class CalendarExhausted(ValueError):
    """A count needs a day outside the years whose bank holidays are published."""


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """A bank holiday proclaimed after the committed table was published: when, and by whom."""

    day: dt.date
    title: str
    proclaimed_on: dt.date
    by: str


def add_months(start: dt.date, number: int) -> dt.date:
    """The corresponding day `number` calendar months on, or that month's last day if it has none.

    Needs no bank holidays, so it has no horizon (see `readings.MONTHS`).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    last = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last))


class Calendar:
    """The working days of whole years, with the edition that names exactly these holidays.

    Unchanging once made. Building one costs a few milliseconds; every question after that is a
    lookup, whatever the count.
    """

    __slots__ = (
        "_days",
        "_first_from",
        "_last_to",
        "_reasons",
        "edition",
        "holidays",
        "known_from",
        "known_until",
        "proclaimed",
    )

    def __init__(self, published: Iterable[Holiday], proclaimed: Iterable[Proclaimed] = ()) -> None:
        self.holidays: tuple[Holiday, ...] = tuple(sorted(published, key=_day))
        self.proclaimed: tuple[Proclaimed, ...] = tuple(sorted(proclaimed, key=_day))
        self.known_from = dt.date(self.holidays[0].day.year, 1, 1)
        self.known_until = dt.date(self.holidays[-1].day.year, 12, 31)
        self.edition = _edition(self.holidays, self.proclaimed)
        self._build()

    def _build(self) -> None:
        self._reasons = {
            row.day: f"{row.title} (proclaimed {short_date(row.proclaimed_on)})"
            for row in self.proclaimed
        }
        # Where both name a day, the published title stands.
        self._reasons |= {holiday.day: holiday.reason for holiday in self.holidays}
        self._days: list[dt.date] = []
        # For each day: the position of the last working day up to it (one before the first
        # position where there is none yet), and of the first working day from it on.
        self._last_to: dict[dt.date, int] = {}
        self._first_from: dict[dt.date, int] = {}
        for ordinal in range(self.known_from.toordinal(), self.known_until.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            self._first_from[day] = len(self._days)
            if day.weekday() < SATURDAY and day not in self._reasons:
                self._days.append(day)
            self._last_to[day] = len(self._days) - 1

    def __repr__(self) -> str:
        return f"<Calendar {self.edition}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.edition == other.edition

    def __hash__(self) -> int:
        return hash(self.edition)

    def add(self, start: dt.date, n: int) -> dt.date:
        """The day `n` working days after `start`, or before it when `n` is negative.

        `start` is not counted, so a start on a weekend or bank holiday gives the same day as a
        start on the working day before it (counting backwards: after it); `n` = 0 gives `start`
        itself. CalendarExhausted when `start` or the answer lies outside the published years.
        """
        try:
            if n > 0:
                return self._days[self._last_to[start] + n]
            position = self._first_from[start] + n
            if n < 0 <= position:
                return self._days[position]
        except (KeyError, IndexError):
            raise self._refusal(start, n) from None
        if n == 0:
            return start
        raise self._refusal(start, n)

    def receipt(self, start: dt.date, n: int) -> Receipt:
        """`add`, with every day counted and every day skipped on the way, and why."""
        due = self.add(start, n)
        step = ONE_DAY if n > 0 else -ONE_DAY
        taken: list[dt.date] = []
        skipped: list[Skipped] = []
        day = start
        while day != due:
            day += step
            reason = self.reason(day)
            if reason is None:
                taken.append(day)
            else:
                skipped.append(Skipped(day, reason))
        return Receipt(start, n, due, tuple(skipped), tuple(taken), self.edition, self.known_until)

    def month_receipt(self, start: dt.date, number: int) -> Receipt:
        """`add_months` with the receipt every due date carries; no horizon applies."""
        due = add_months(start, number)
        return Receipt(
            start, number, due, (), (), self.edition, self.known_until, unit=CALENDAR_MONTHS
        )

    def year_receipt(self, start: dt.date, number: int) -> Receipt:
        """The same day `number` years on (29 February becomes the 28th); no horizon applies."""
        due = add_months(start, 12 * number)
        return Receipt(
            start, number, due, (), (), self.edition, self.known_until, unit=CALENDAR_YEARS
        )

    def between(self, a: dt.date, b: dt.date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` is before `a`.

        The inverse of `add`: `between(a, add(a, n)) == n`. CalendarExhausted when either day lies
        outside the published years.
        """
        try:
            if a <= b:
                return self._last_to[b] - self._last_to[a]
            return self._first_from[b] - self._first_from[a]
        except KeyError:
            raise self._outside(a if self._is_outside(a) else b) from None

    def is_working_day(self, day: dt.date) -> bool:
        """True on a working day. CalendarExhausted outside the published years."""
        return self.reason(day) is None

    def reason(self, day: dt.date) -> str | None:
        """Why `day` is not a working day, or None when it is one."""
        if self._is_outside(day):
            raise self._outside(day)
        return WEEKEND if day.weekday() >= SATURDAY else self._reasons.get(day)

    def with_proclaimed(self, rows: Iterable[Proclaimed]) -> "Calendar":
        """This calendar with the proclaimed days as bank holidays, under an edition of its own.

        The same rows in any order give the same edition. A row for a day that is a bank holiday
        already changes nothing (the published title stands), nor does one beyond the horizon
        until that year is published; with no row that counts, the calendar itself is returned.
        """
        taken = set(self._reasons)
        counting: list[Proclaimed] = []
        for row in sorted(rows, key=lambda row: (row.day, row.proclaimed_on, row.title)):
            if row.day not in taken and not self._is_outside(row.day):
                taken.add(row.day)
                counting.append(row)
        return _merged(self, tuple(counting)) if counting else self

    def _is_outside(self, day: dt.date) -> bool:
        if isinstance(day, dt.datetime):
            raise TypeError("Working days are counted in dates, not instants.")
        return not self.known_from <= day <= self.known_until

    @property
    def _span(self) -> str:
        return (
            "Bank holidays in England and Wales are known from "
            f"{short_date(self.known_from)} to {short_date(self.known_until)}"
        )

    def _outside(self, day: dt.date) -> CalendarExhausted:
        return CalendarExhausted(f"{self._span}, so {long_date(day)} is outside the calendar.")

    def _refusal(self, start: dt.date, n: int) -> CalendarExhausted:
        if self._is_outside(start):
            return self._outside(start)
        direction = "before" if n < 0 else "after"
        days = counted(n, "working day")
        return CalendarExhausted(
            f"{self._span}, so {days} {direction} {long_date(start)} cannot be worked out."
        )


@lru_cache(maxsize=32)
def _merged(calendar: Calendar, rows: tuple[Proclaimed, ...]) -> Calendar:
    # Kept, because every request asks for the same merged calendar again.
    return Calendar(calendar.holidays, (*calendar.proclaimed, *rows))


def _day(row: Holiday | Proclaimed) -> dt.date:
    return row.day


def _edition(holidays: tuple[Holiday, ...], proclaimed: tuple[Proclaimed, ...]) -> str:
    # Named by content: two calendars with one edition give the same date for the same question.
    lines = (f"{holiday.day.isoformat()} {holiday.reason}" for holiday in holidays)
    years = f"{holidays[0].day.year}-{holidays[-1].day.year}"
    name = f"england-and-wales-{years}-{_digest(lines)}"
    if not proclaimed:
        return name
    rows = (f"{r.day.isoformat()} {r.title} {r.proclaimed_on.isoformat()}" for r in proclaimed)
    return f"{name}+{len(proclaimed)}-proclaimed-{_digest(rows)}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


COMMITTED = Calendar(bank_holidays.read())
