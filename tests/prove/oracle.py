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
LIMITS = {
    "notify-the-panel": 5,
    "tell-the-partners": 5,
    "looked-after-child-death": 5,
    "rapid-review": 15,
    "panel-response": 15,
}
EARLY = {
    **dict.fromkeys(
        ("notify-the-panel", "tell-the-partners", "looked-after-child-death"),
        (("day-1", +1), ("day-3", +3), ("day-4", +4)),
    ),
    "rapid-review": (
        ("10-days-left", -10),
        ("5-days-left", -5),
        ("3-days-left", -3),
        ("sign-offs", -2),
        ("1-days-left", -1),
    ),
    "panel-response": (("3-days-left", -3), ("1-days-left", -1)),
}
ALOUD = ("due-today", "overdue", "escalated")


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


def due(duty: str, start: date) -> date:
    """The date by which a duty is owed that began on a day."""
    return loop(start, LIMITS[duty], HOLIDAYS)


def rungs(duty: str, start: date, set_at: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """What a clock set at a moment owes, up to another."""
    by = due(duty, start)
    early = []
    for key, days in EARLY[duty]:
        day = loop(start, days, HOLIDAYS) if days > 0 else back(by, -days)
        if days < 0 or day < by:
            early.append((key, eight(day)))
    late = [("due-today", eight(by)), ("overdue", eight(by + DAY))]
    late.append(("escalated", eight(loop(by, 3, HOLIDAYS))))
    week = 0
    while not week or late[-1][1] <= until:
        week += 1
        late.append((f"overdue-weeks:{week}", eight(loop(by, 5 * week, HOLIDAYS))))
    passed = sorted((moment, key) for key, moment in late if moment <= set_at)
    found = [(key, moment) for key, moment in early + late if moment > set_at]
    if passed:
        found.append((passed[-1][1], at_once(passed[-1][1], set_at)))
    return [(key, moment) for key, moment in found if moment <= until]


def at_once(key: str, set_at: datetime) -> datetime:
    """When a rung that had passed is told."""
    if key in {"due-today", "overdue"}:
        return set_at
    day = set_at.astimezone(LONDON).date()
    if works(day) and (key == "escalated" or eight(day) >= set_at):
        return max(set_at, eight(day))
    day += DAY
    while not works(day):
        day += DAY
    return eight(day)


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
