"""What was owed, worked out a second time from what happened, sharing no code with the service.

The input is the trail of each case and the moments at which the service was up. Ladders are
written down here again; working days are counted by walking a calendar derived from the Act.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tests.law.oracle import DAY, derived_holidays, loop

LONDON = ZoneInfo("Europe/London")
HOLIDAYS = {day for year in range(2012, 2029) for day in derived_holidays(year)}
# How far the due date lies from the day that starts the clock: working days, or months.
WORKING, MONTHS = "working days", "months"
LIMITS = {
    "notify-the-panel": (5, WORKING),
    "tell-the-partners": (5, WORKING),
    "looked-after-child-death": (5, WORKING),
    "care-leaver-death": (5, WORKING),
    "rapid-review": (15, WORKING),
    "panel-response": (15, WORKING),
    "local-review": (6, MONTHS),
    "advance-copy": (-7, WORKING),
}
# What comes before the due date: so much after the start, or so many working days before the due
# date where the number is negative.
AFTER_AWARENESS = (("day-1", 1, WORKING), ("day-3", 3, WORKING), ("day-4", 4, WORKING))
EARLY = {
    "notify-the-panel": AFTER_AWARENESS,
    "tell-the-partners": AFTER_AWARENESS,
    "looked-after-child-death": AFTER_AWARENESS,
    "care-leaver-death": (("1-days-left", -1, WORKING),),
    "rapid-review": (
        ("agency-returns", 5, WORKING),
        ("10-days-left", -10, WORKING),
        ("5-days-left", -5, WORKING),
        ("3-days-left", -3, WORKING),
        ("sign-offs", -2, WORKING),
        ("1-days-left", -1, WORKING),
    ),
    "panel-response": (("3-days-left", -3, WORKING), ("1-days-left", -1, WORKING)),
    "local-review": (
        ("month-3", 3, MONTHS),
        ("month-5", 5, MONTHS),
        ("10-days-left", -10, WORKING),
    ),
    "advance-copy": (("3-days-left", -3, WORKING), ("1-days-left", -1, WORKING)),
}
# A date to aim for is never late.
SOFT = ("care-leaver-death",)
# Told in a message of their own.
ALOUD = ("date-set", "due-today", "overdue", "escalated")


def eight(day: date) -> datetime:
    """Eight in the morning in London."""
    return datetime.combine(day, time(8), tzinfo=LONDON).astimezone(UTC)


def works(day: date) -> bool:
    """Whether it is a working day."""
    return day.isoweekday() < 6 and day not in HOLIDAYS


def back(day: date, count: int) -> date:
    """So many working days before."""
    while count:
        day -= DAY
        count -= works(day)
    return day


@dataclass
class Clock:
    """A duty's clock as it happened: when it was set to which start, and when it stopped."""

    case: int
    duty: str
    set: list[tuple[datetime, date]] = field(default_factory=list)
    stopped: datetime | None = None
    # When each act was committed, by its moment, where that was later: until then nobody sees it.
    seen: dict[datetime, datetime] = field(default_factory=dict)
    # When each was in the database by the machine's own clock, which nobody moves.
    stored: dict[datetime, datetime] = field(default_factory=dict)

    def seen_at(self, at: datetime) -> datetime:
        """From when on everybody knew of an act."""
        return max(at, self.seen.get(at, at))

    def windows(self) -> Iterator[tuple[int, datetime, date, datetime | None]]:
        """Each revision: its number, when it was set, its start, and when it ended."""
        ends = [at for at, _ in self.set[1:]] + [self.stopped]
        for number, ((at, start), end) in enumerate(zip(self.set, ends, strict=True), 1):
            yield number, at, start, end


@dataclass(frozen=True)
class Owed:
    """A rung of a clock's revision, its moment, and when it had to be recorded at the latest.

    `at` is None where the clock stopped before any sweep had to come: it may be recorded or not.
    """

    case: int
    duty: str
    revision: int
    rung: str
    moment: datetime
    at: datetime | None


def months_on(day: date, count: int) -> date:
    """The same day so many months later, or that month's last day if it has none."""
    later = day.replace(day=1)
    for _ in range(count):
        later = (later + 31 * DAY).replace(day=1)
    following = (later + 31 * DAY).replace(day=1)
    return min(later + (day.day - 1) * DAY, following - DAY)


def on_or_after(day: date) -> date:
    """The day, or the next that is a working day."""
    while not works(day):
        day += DAY
    return day


def due(duty: str, start: date) -> date:
    """The date by which a duty is owed that began on a day."""
    count, unit = LIMITS[duty]
    if unit == MONTHS:
        return months_on(start, count)
    return loop(start, count, HOLIDAYS) if count > 0 else back(start, -count)


def early_rungs(duty: str, start: date) -> Iterator[tuple[str, datetime]]:
    """What comes before the due date."""
    by = due(duty, start)
    for key, count, unit in EARLY[duty]:
        if count < 0:
            yield key, eight(back(by, -count))
            continue
        day = loop(start, count, HOLIDAYS) if unit == WORKING else months_on(start, count)
        if on_or_after(day) < by:
            yield key, eight(on_or_after(day))


def late_rungs(duty: str, start: date, until: datetime) -> list[tuple[str, datetime]]:
    """What comes on the due date and after, up to the first repeated one past a moment."""
    by = due(duty, start)
    if duty in SOFT:
        return [("aim-today", eight(by))]
    # A due date counted in months can be a day off: on the day itself means on that day still.
    late = [("due-today", eight(by)), ("overdue", eight(by + DAY))]
    late.append(("escalated", eight(loop(by, 3, HOLIDAYS))))
    number, monthly = 0, LIMITS[duty][1] == MONTHS
    while not number or late[-1][1] <= until:
        number += 1
        if monthly:
            late.append((f"overdue-months:{number}", eight(on_or_after(months_on(by, number)))))
        else:
            late.append((f"overdue-weeks:{number}", eight(loop(by, 5 * number, HOLIDAYS))))
    return late


def rungs(duty: str, start: date, set_at: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """What a clock set at a moment owes, up to another."""
    early, late = list(early_rungs(duty, start)), late_rungs(duty, start, until)
    passed = sorted((moment, key) for key, moment in late if moment <= set_at)
    found = [(key, moment) for key, moment in early + late if moment > set_at]
    if passed:
        found.append((passed[-1][1], at_once(passed[-1][1], set_at)))
    if duty == "advance-copy":
        found.append(("date-set", at_once("date-set", set_at)))
    return [(key, moment) for key, moment in found if moment <= until]


def at_once(key: str, set_at: datetime) -> datetime:
    """When a rung that had passed is told."""
    if key in {"due-today", "overdue"}:
        return set_at
    day = set_at.astimezone(LONDON).date()
    if works(day) and (key in ALOUD or eight(day) >= set_at):
        return max(set_at, eight(day))
    return eight(on_or_after(day + DAY))


def owed(
    clocks: list[Clock], up: list[datetime], done: Mapping[datetime, datetime] | None = None
) -> list[Owed]:
    """Everything that had to be recorded, or might be: each rung with its latest moment.

    People act after the sweep of the same moment, so what they set is swept at the next one.
    `done` says when a sweep came to its end, where that was later than its moment: what stopped
    before may have been seen to have stopped.
    """
    found = []
    for one in clocks:
        for number, set_at, start, end in one.windows():
            until = one.seen_at(end) if end else up[-1]
            for key, moment in rungs(one.duty, start, set_at, until):
                place = max(bisect_left(up, moment), bisect_right(up, one.seen_at(set_at)))
                at = up[place] if place < len(up) else None
                if at is not None and end is not None and (done or {}).get(at, at) > end:
                    at = None
                found.append(Owed(one.case, one.duty, number, key, moment, at))
    return found
