"""What ought to have been told, worked out a second time and in another way than the sweep does.

It goes from day to day and asks of each what falls on it, where the sweep counts from a date; it
looks up who holds a role itself. Only the table of the ladders is shared. A rung is expected where
it was due between the moment its clock was set and now.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workflow.law.calendar import Calendar, CalendarExhausted
from workflow.law.ladders import LADDERS, Rung

LONDON = ZoneInfo("Europe/London")
EIGHT = dt.time(8)


@dataclass(frozen=True)
class Clock:
    """What is asked of a deadline."""

    key: int
    duty: str
    start_on: dt.date
    due_on: dt.date
    set_at: dt.datetime


@dataclass(frozen=True)
class Owed:
    """A step that ought to have been told: which, of what kind, and from which moment."""

    key: str
    rung: Rung
    at: dt.datetime


def owed_by(clock: Clock, calendar: Calendar, *, until: dt.datetime) -> list[Owed]:
    """The steps whose moment has come by an instant, since the clock was set."""
    found: list[Owed] = []
    passed: list[Owed] = []
    for rung in LADDERS[clock.duty]:
        if rung.anchor == "set":
            found.append(Owed(rung.key, rung, clock.set_at))
            continue
        try:
            for one in _moments(clock, rung, calendar, until):
                (found if one.at > clock.set_at else passed).append(one)
        except CalendarExhausted:
            continue
    late = [one for one in passed if one.rung.anchor == "due" and one.at.date() >= clock.due_on]
    at_once = [one for one in found if one.rung.anchor == "set"]
    at_once += sorted(late, key=lambda one: one.at)[-1:]
    morning = _next_morning(clock.set_at, calendar)
    ahead = [one for one in found if one.rung.anchor != "set"]
    ahead += [Owed(one.key, one.rung, morning) for one in at_once]
    return [one for one in ahead if one.at <= until]


def _next_morning(at: dt.datetime, calendar: Calendar) -> dt.datetime:
    """08:00 on the first working day after an instant's; a day without a calendar counts as one."""
    day = at.astimezone(LONDON).date() + dt.timedelta(days=1)
    try:
        while not calendar.is_working_day(day):
            day += dt.timedelta(days=1)
    except CalendarExhausted:
        pass
    return dt.datetime.combine(day, EIGHT, tzinfo=LONDON)


def _moments(clock: Clock, rung: Rung, calendar: Calendar, until: dt.datetime) -> Iterator[Owed]:
    for number, day in enumerate(_days(clock, rung, calendar, until), start=1):
        if rung.anchor == "start" and day >= clock.due_on:
            return
        at = dt.datetime.combine(day, EIGHT, tzinfo=LONDON)
        yield Owed(f"{rung.key}:{number}" if rung.repeats else rung.key, rung, at)


def _days(clock: Clock, rung: Rung, calendar: Calendar, until: dt.datetime) -> Iterator[dt.date]:
    """The day of a step; of one that repeats, every one of its days up to the last asked about."""
    anchor = clock.start_on if rung.anchor == "start" else clock.due_on
    last = until.astimezone(LONDON).date()
    if rung.first_late:
        yield anchor + dt.timedelta(days=1)
        return
    if rung.months is not None:
        yield from _months(anchor, rung, calendar, last)
        return
    step = rung.working_days or 0
    if step == 0:
        yield anchor
    elif step < 0:
        yield _walk_back(anchor, -step, calendar)
    else:
        yield from _forward(anchor, step, calendar, last, once=not rung.repeats)


def _walk_back(day: dt.date, steps: int, calendar: Calendar) -> dt.date:
    while steps:
        day -= dt.timedelta(days=1)
        steps -= calendar.is_working_day(day)
    return day


def _forward(
    day: dt.date, every: int, calendar: Calendar, last: dt.date, *, once: bool
) -> Iterator[dt.date]:
    counted = 0
    while day <= last:
        day += dt.timedelta(days=1)
        if calendar.is_working_day(day):
            counted += 1
            if counted % every == 0:
                yield day
                if once:
                    return


def _months(anchor: dt.date, rung: Rung, calendar: Calendar, last: dt.date) -> Iterator[dt.date]:
    number = 0
    day = anchor
    while day <= last:
        number += rung.months or 1
        day = _same_day(anchor, number)
        while not calendar.is_working_day(day):
            day += dt.timedelta(days=1)
        yield day
        if not rung.repeats:
            return


def _same_day(anchor: dt.date, months: int) -> dt.date:
    """The corresponding day of a later month, or the last of a month that has none."""
    year, month = anchor.year, anchor.month + months
    while month > 12:
        year, month = year + 1, month - 12
    for day in (anchor.day, 30, 29, 28):
        try:
            return dt.date(year, month, min(day, anchor.day))
        except ValueError:
            continue
    raise ValueError(f"No such month: {year}-{month}")
