"""How many were on time, and how long they took."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from workflow.law import duties
from workflow.law.calendar import Calendar, CalendarExhausted

WORKING_DAYS, DAYS = "working day", "day"


@dataclass
class Tally:
    """What was due and has been decided: met in time, met late, still open or passed on late.

    Known late was met in time by the awareness then given, and late by one that was corrected
    since; it is in no other number. Passed on late was past its date when its case passed to
    another authority.

    What is not yet due and not yet met is in none of them, nor is another clock that was cancelled.
    """

    on_time: int = 0
    met_late: int = 0
    known_late: int = 0
    still_open: int = 0
    passed_on: int = 0
    took: list[int] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """N: all five together."""
        return self.on_time + self.late

    @property
    def late(self) -> int:
        """Met late, known late by a correction, past the date and still open, or passed on so."""
        return self.met_late + self.known_late + self.still_open + self.passed_on

    @property
    def percent(self) -> int | None:
        """How many in a hundred were on time, a half rounded up; None where nothing was due."""
        if not self.decided:
            return None
        return (200 * self.on_time + self.decided) // (2 * self.decided)

    @property
    def median(self) -> str:
        """The median of the days taken, by those that were met: "4", "4.5"; "" without any."""
        return f"{median(self.took):g}" if self.took else ""

    def add(
        self,
        due_on: date,
        met_on: date | None,
        *,
        on: date,
        passed_on: bool = False,
        known_late: bool = False,
    ) -> None:
        """One more: counted where it stands on a London date, or not at all."""
        if passed_on:
            self.passed_on += 1
        elif known_late:
            self.known_late += 1
        elif met_on is not None and met_on <= due_on:
            self.on_time += 1
        elif met_on is not None:
            self.met_late += 1
        elif on > due_on:
            self.still_open += 1


def total(tallies: Iterable[Tally]) -> Tally:
    """How many of each, all together; days taken are not put together."""
    found = Tally()
    for one in tallies:
        found.on_time += one.on_time
        found.met_late += one.met_late
        found.known_late += one.known_late
        found.still_open += one.still_open
        found.passed_on += one.passed_on
    return found


def unit_of(slug: str, *, on: date) -> str:
    """In which days a duty's time is told: those in which its limit is set."""
    limit = duties.by_slug(slug).limit(on)
    in_working_days = limit.working_days is not None or limit.working_days_before is not None
    return WORKING_DAYS if in_working_days else DAYS


def days_taken(slug: str, start_on: date, met_on: date, calendar: Calendar) -> int | None:
    """Days from the day a duty counts from to the day it was met, in the unit of its limit.

    A limit that is counted back is told in days before that day. None beyond the calendar.
    """
    first, last = sorted((start_on, met_on))
    if unit_of(slug, on=start_on) == DAYS:
        return (last - first).days
    try:
        return calendar.between(first, last)
    except CalendarExhausted:
        return None
