"""Reminders as law-like data: for each duty the rungs of its ladder, before, on and after the day.

Working days are counted by the law's own calendar. All are told at 08:00 in London. Nothing is
told at a weekend or on a bank holiday, except on the due date itself and on the first day late.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from workflow.law import duties
from workflow.law.calendar import Calendar, CalendarExhausted, add_months
from workflow.law.duty import Duty

LONDON = ZoneInfo("Europe/London")
HOUR = dt.time(8)
ONE_DAY = dt.timedelta(days=1)

Audience = Literal["doers", "seniors", "secretariat", "administrators", "partners"]
Anchor = Literal["start", "due", "set"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: so many working days or calendar months from a day, and who is told.

    `quiet` ones go into the person's digest of the day. `any_day` ones are told at weekends too.
    `first_late` is the day after the due date, whatever day that is. `repeats` ones come again
    after the same distance, for as long as the duty is open.
    """

    key: str
    anchor: Anchor
    to: tuple[Audience, ...]
    working_days: int | None = None
    months: int | None = None
    quiet: bool = True
    any_day: bool = False
    first_late: bool = False
    repeats: bool = False

    def day(self, from_day: dt.date, calendar: Calendar, times: int = 1) -> dt.date:
        """The day of the rung, counted from its anchor; CalendarExhausted past the horizon."""
        if self.first_late:
            return from_day + ONE_DAY
        if self.months is not None:
            return next_working_day(add_months(from_day, self.months * times), calendar)
        return calendar.add(from_day, (self.working_days or 0) * times)


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung on its day: the instant from which it is owed, in UTC."""

    key: str
    at: dt.datetime


DOERS: tuple[Audience, ...] = ("doers",)
WITH_SENIORS: tuple[Audience, ...] = ("doers", "seniors", "secretariat")
WATCHED: tuple[Audience, ...] = ("doers", "administrators")


def _before(days: int, *, to: tuple[Audience, ...] = DOERS) -> Rung:
    return Rung(f"{days}-days-left", "due", to, working_days=-days)


def _after_start(days: int) -> Rung:
    return Rung(f"day-{days}", "start", DOERS, working_days=days)


ON_THE_DAY = Rung("due-today", "due", DOERS, working_days=0, quiet=False, any_day=True)
FIRST_LATE = Rung("overdue", "due", DOERS, quiet=False, any_day=True, first_late=True)
ESCALATED = Rung("escalated", "due", WITH_SENIORS, working_days=3, quiet=False)
WEEKLY = Rung("overdue-weeks", "due", WATCHED, working_days=5, repeats=True)
MONTHLY = Rung("overdue-months", "due", WATCHED, months=1, repeats=True)
MISSED = (ON_THE_DAY, FIRST_LATE, ESCALATED)

# Steps within the preparing of a rapid review: the agencies' returns, and the partners' views.
AGENCY_RETURNS, SIGN_OFFS = "agency-returns", "sign-offs"

_NOTIFYING = (_after_start(1), _after_start(3), _after_start(4), *MISSED, WEEKLY)

# The partners and the Secretary of State are told by the same sending as the Panel: while the
# Panel's clock stands at the same date, its reminders speak for these too.
LEADS = duties.NOTIFY_THE_PANEL.slug
RIDE_WITH_IT = (duties.TELL_THE_PARTNERS.slug, duties.LOOKED_AFTER_CHILD_DEATH.slug)

LADDERS: dict[str, tuple[Rung, ...]] = {
    duties.NOTIFY_THE_PANEL.slug: _NOTIFYING,
    duties.TELL_THE_PARTNERS.slug: _NOTIFYING,
    duties.LOOKED_AFTER_CHILD_DEATH.slug: _NOTIFYING,
    # A date to aim for is never late, so nothing follows it.
    duties.CARE_LEAVER_DEATH.slug: (
        _before(1),
        Rung("aim-today", "due", DOERS, working_days=0),
    ),
    duties.RAPID_REVIEW.slug: (
        Rung(AGENCY_RETURNS, "start", DOERS, working_days=5),
        _before(10),
        _before(5),
        _before(3),
        Rung(SIGN_OFFS, "due", ("partners",), working_days=-2),
        _before(1),
        *MISSED,
        WEEKLY,
    ),
    duties.PANEL_RESPONSE.slug: (_before(3), _before(1), *MISSED, WEEKLY),
    duties.LOCAL_REVIEW.slug: (
        Rung("month-3", "start", DOERS, months=3),
        Rung("month-5", "start", DOERS, months=5),
        _before(10),
        *MISSED,
        MONTHLY,
    ),
    duties.ADVANCE_COPY.slug: (
        Rung("date-set", "set", DOERS, quiet=False),
        _before(3),
        _before(1),
        *MISSED,
        WEEKLY,
    ),
    duties.NATIONAL_REPORT_TO_SOS.slug: (
        Rung("date-set", "set", DOERS, quiet=False),
        _before(3),
        _before(1),
        *MISSED,
        WEEKLY,
    ),
    # To keep a report available is not something to do by a day.
    duties.KEEP_REPORT_AVAILABLE.slug: (),
    duties.KEEP_NATIONAL_REPORT_AVAILABLE.slug: (),
}

# Told in a message of their own; the others go into the digest of the day.
LOUD = sorted({rung.key for rungs in LADDERS.values() for rung in rungs if not rung.quiet})
# Told at weekends and on bank holidays too.
ANY_DAY = sorted({rung.key for rungs in LADDERS.values() for rung in rungs if rung.any_day})


def base(key: str) -> str:
    """The rung that a planned key belongs to: repeated ones carry their number after a colon."""
    return key.partition(":")[0]


def rung(duty: str, key: str) -> Rung:
    """The rung of a duty with this key; KeyError when it has none."""
    for one in LADDERS[duty]:
        if one.key == base(key):
            return one
    raise KeyError(key)


def in_london(day: dt.date) -> dt.datetime:
    """08:00 in London on a day, as an instant in UTC."""
    return dt.datetime.combine(day, HOUR, tzinfo=LONDON).astimezone(dt.UTC)


def next_working_day(day: dt.date, calendar: Calendar) -> dt.date:
    """The day itself, or the first working day after it."""
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def leaves_at(at: dt.datetime, calendar: Calendar) -> dt.datetime:
    """From when on a reminder that is kept for working days may leave, if it is there by `at`.

    On a working day from 08:00 in London on, at once; else at 08:00 on the next one. Where nobody
    knows the next working day, telling now is better than not telling.
    """
    try:
        return max(at, in_london(next_working_day(at.astimezone(LONDON).date(), calendar)))
    except CalendarExhausted:
        return at


def ladder(
    duty: Duty,
    *,
    start_on: dt.date,
    due_on: dt.date,
    set_at: dt.datetime,
    calendar: Calendar,
    until: dt.datetime,
) -> list[Planned]:
    """The rungs owed by a clock that was set, or last moved, at `set_at`, soonest first.

    A rung whose moment had passed by then is not owed; only of those from the due date on, the
    last one is, at once. Repeated rungs are given up to and including the first one after
    `until`. What lies past the published bank holidays is left out: it is planned when they are.
    """
    found = sorted(
        _moments(duty, start_on, due_on, set_at, calendar, until), key=lambda one: one[0].at
    )
    ahead = [planned for planned, _ in found if planned.at > set_at]
    passed = [
        planned for planned, of in found if planned.at <= set_at and _is_late_rung(of, planned)
    ]
    sets = [planned for planned, of in found if of.anchor == "set" and planned not in ahead]
    at_once = [_at_once(one.key, duty, set_at, calendar) for one in passed[-1:] + sets]
    return sorted(at_once + ahead, key=lambda one: (one.at, one.key))


def _is_late_rung(of: Rung, planned: Planned) -> bool:
    return of.anchor == "due" and (of.first_late or of.months is not None or _days(of) >= 0)


def _days(of: Rung) -> int:
    return of.working_days or 0


def _moments(
    duty: Duty,
    start_on: dt.date,
    due_on: dt.date,
    set_at: dt.datetime,
    calendar: Calendar,
    until: dt.datetime,
) -> Iterator[tuple[Planned, Rung]]:
    for one in LADDERS[duty.slug]:
        if one.anchor == "set":
            yield Planned(one.key, set_at), one
            continue
        anchor = start_on if one.anchor == "start" else due_on
        try:
            yield from _repeated(one, anchor, due_on, calendar, max(until, set_at))
        except CalendarExhausted:
            continue


def _repeated(
    one: Rung, anchor: dt.date, due_on: dt.date, calendar: Calendar, until: dt.datetime
) -> Iterator[tuple[Planned, Rung]]:
    if not one.repeats:
        day = one.day(anchor, calendar)
        # A short limit leaves no room for early rungs: the due date has its own.
        if one.anchor == "due" or day < due_on:
            yield Planned(one.key, in_london(day)), one
        return
    times, at = 0, dt.datetime.min.replace(tzinfo=dt.UTC)
    while at <= until:
        times += 1
        at = in_london(one.day(anchor, calendar, times))
        yield Planned(f"{one.key}:{times}", at), one


def _at_once(key: str, duty: Duty, set_at: dt.datetime, calendar: Calendar) -> Planned:
    one = rung(duty.slug, key)
    day = set_at.astimezone(LONDON).date()
    if one.any_day and not one.quiet:
        return Planned(key, set_at)
    try:
        morning = in_london(next_working_day(day, calendar))
        if one.quiet and morning < set_at:
            morning = in_london(calendar.add(day, 1))
    except CalendarExhausted:
        # Where nobody knows the next working day, telling now is better than not telling.
        morning = set_at
    return Planned(key, max(set_at, morning))
