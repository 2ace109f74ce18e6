"""A period by the date on which something was due: a reporting year, a quarter or a month.

The reporting year of the national statistics: 1 April to 31 March.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.law.calendar import add_months
from workflow.law.words import MONTHS, month_words, short_date

_BEFORE = "before-"
_SLUG = re.compile(r"([0-9]{4})-([0-9]{2})(?:-q([1-4]))?")
FIRST_YEAR, LAST_YEAR = 2018, 2098
APRIL = 4


@dataclass(frozen=True)
class Period:
    """The London dates from the first to the last, both in it."""

    slug: str
    title: str
    first: date
    last: date
    # Everything up to its last day: of no use to figures by month.
    is_before: bool = False

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        found = [self.first]
        while (following := add_months(found[-1], 1)) <= self.last:
            found.append(following)
        return found


def of_address(slug: str) -> Period | None:
    """The period of an address; None for what is none.

    "2026-27", "2026-27-q3", "2026-11", or "before-" and one of these.
    """
    if slug.startswith(_BEFORE):
        following = of_address(slug.removeprefix(_BEFORE))
        return before(following) if following and not following.is_before else None
    found = _SLUG.fullmatch(slug)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year, second, quarter = int(found[1]), int(found[2]), found[3]
    if second == (year + 1) % 100:
        return quarter_of(year, int(quarter)) if quarter else year_of(year)
    if quarter or not 1 <= second <= 12:
        return None
    return month_of(date(year, second, 1))


def year_of(year: int) -> Period:
    """The reporting year that begins in April of a year."""
    first = date(year, APRIL, 1)
    return _period(f"{year}-{(year + 1) % 100:02}", _year_words(year), first, 12)


def before(following: Period) -> Period:
    """All that lies before a period."""
    title = f"Before {short_date(following.first)}"
    last = following.first - timedelta(days=1)
    return Period(f"{_BEFORE}{following.slug}", title, date.min, last, is_before=True)


def quarter_of(year: int, number: int) -> Period:
    """A quarter of a reporting year; the first begins in April."""
    first = add_months(date(year, APRIL, 1), 3 * (number - 1))
    months = f"{MONTHS[first.month - 1]} to {month_words(add_months(first, 2))}"
    return _period(f"{year}-{(year + 1) % 100:02}-q{number}", f"Quarter: {months}", first, 3)


def month_of(day: date) -> Period:
    """The month of a day."""
    return _period(f"{day:%Y-%m}", month_words(day), day.replace(day=1), 1)


def current(on: date) -> Period:
    """The reporting year of a London date: what is shown unless something else is asked."""
    return year_of(_year(on))


def offered(on: date) -> list[tuple[str, str]]:
    """The periods offered on a London date: 5 years, 8 quarters, 12 months; the newest first."""
    year = _year(on)
    years = [year_of(each) for each in range(year, max(year - 5, FIRST_YEAR - 1), -1)]
    quarters = [quarter_of(each, number) for each in (year, year - 1) for number in (4, 3, 2, 1)]
    months = [month_of(add_months(on.replace(day=1), -back)) for back in range(12)]
    begun = [one for one in (*years, *quarters, *months) if one.first <= on]
    return [(one.slug, one.title) for one in begun]


def _year(on: date) -> int:
    return on.year if on.month >= APRIL else on.year - 1


def _year_words(year: int) -> str:
    return f"Year to {short_date(date(year + 1, 3, 31))}"


def _period(slug: str, title: str, first: date, months: int) -> Period:
    return Period(slug, title, first, add_months(first, months) - timedelta(days=1))
