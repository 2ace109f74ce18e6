"""A second way to count, which shares no code with `workflow.law`.

The bank holidays are derived from the rules of the Act and a list of one-off days, each with its
reason; the committed table is read here by cutting lines. The counting is a walk from day to day.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

TABLE = (
    Path(__file__).resolve().parents[2] / "workflow/law/data/bank_holidays_england_and_wales.csv"
)
FIRST, LAST = dt.date(2012, 1, 1), dt.date(2028, 12, 31)
DAY = dt.timedelta(days=1)

# What proclamations changed: the usual day was moved, or a day was added.
MOVED = {
    dt.date(2012, 5, 28): dt.date(2012, 6, 4),  # the Diamond Jubilee
    dt.date(2020, 5, 4): dt.date(2020, 5, 8),  # 75 years since VE day
    dt.date(2022, 5, 30): dt.date(2022, 6, 2),  # the Platinum Jubilee
}
ADDED = {
    dt.date(2012, 6, 5),  # the Diamond Jubilee
    dt.date(2022, 6, 3),  # the Platinum Jubilee
    dt.date(2022, 9, 19),  # the state funeral of Queen Elizabeth II
    dt.date(2023, 5, 8),  # the coronation of King Charles III
}


def easter(year: int) -> dt.date:
    """Easter Sunday, by the anonymous Gregorian computation."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (8 * b + 13) // 25
    g = (19 * a + b - d - f + 15) % 30
    h, i = divmod(c, 4)
    k = (32 + 2 * e + 2 * h - g - i) % 7
    m = (a + 11 * g + 22 * k) // 451
    month, day = divmod(g + k - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def _monday(year: int, month: int, *, last: bool) -> dt.date:
    days = [dt.date(year, month, day) for day in range(1, 32)]
    mondays = [day for day in days if day.isoweekday() == 1]
    return mondays[-1] if last else mondays[0]


def _with_substitutes(days: list[dt.date]) -> set[dt.date]:
    taken = {day for day in days if day.isoweekday() < 6}
    for day in days:
        if day.isoweekday() >= 6:
            instead = day
            while instead.isoweekday() >= 6 or instead in taken:
                instead += DAY
            taken.add(instead)
    return taken


def derived_holidays(year: int) -> set[dt.date]:
    """The year's bank holidays by rule, with the one-off days and moves applied."""
    usual = {
        easter(year) - 2 * DAY,
        easter(year) + DAY,
        _monday(year, 5, last=False),
        _monday(year, 5, last=True),
        _monday(year, 8, last=True),
        *_with_substitutes([dt.date(year, 1, 1)]),
        *_with_substitutes([dt.date(year, 12, 25), dt.date(year, 12, 26)]),
    }
    return {MOVED.get(day, day) for day in usual} | {day for day in ADDED if day.year == year}


def committed_holidays() -> set[dt.date]:
    """The days of the committed table, read without a CSV parser."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {dt.date(int(line[:4]), int(line[5:7]), int(line[8:10])) for line in lines}


def walk(start: dt.date, step: int, holidays: set[dt.date]) -> Iterator[tuple[dt.date, int]]:
    """Each day from `start` on (or back), with how many working days were met so far."""
    day, met = start, 0
    while FIRST <= day <= LAST:
        if day != start and day.isoweekday() < 6 and day not in holidays:
            met += 1
        yield day, met
        day += step * DAY


def answers(start: dt.date, step: int, holidays: set[dt.date], most: int) -> list[dt.date | None]:
    """The day for each count from 0 to `most`; None where it lies beyond the table."""
    found: list[dt.date | None] = [start]
    for day, met in walk(start, step, holidays):
        if met == len(found):
            found.append(day)
        if len(found) > most:
            break
    return found + [None] * (most + 1 - len(found))


def loop(start: dt.date, count: int, holidays: set[dt.date]) -> dt.date:
    """The hand-written loop that most programs use."""
    day = start
    while count:
        day += DAY
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day
