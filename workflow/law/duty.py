"""What a duty is: on whom, from when, until when, and by which dated limit."""

import datetime as dt
from dataclasses import dataclass

from workflow.law import bodies
from workflow.law.bodies import Body, NotInForce, Party
from workflow.law.calendar import Calendar, Receipt
from workflow.law.instruments import Citation, Lateness, Verb
from workflow.law.moments import Moment
from workflow.law.readings import Reading
from workflow.law.words import counted, short_date

__all__ = ["Duty", "Limit", "NotInForce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time limit from a day on: exactly one of the four lengths is set.

    `expected` marks an announced change and `relaxation` a relaxing whose end is not known: both
    are shown in the documents and never computed. `verified` is False when the number was not
    read in a text at hand.
    """

    since: dt.date
    citation: Citation
    working_days: int | None = None
    calendar_months: int | None = None
    working_days_before: int | None = None
    calendar_years: int | None = None
    expected: bool = False
    relaxation: bool = False
    verified: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        lengths = (
            self.working_days,
            self.calendar_months,
            self.working_days_before,
            self.calendar_years,
        )
        if sum(length is not None for length in lengths) != 1:
            raise ValueError("A limit has exactly one length.")
        if self.verified and not self.citation.verified:
            raise ValueError("A limit cannot be verified on an unverified citation.")

    @property
    def computed(self) -> bool:
        """True when due dates are worked out from this limit once it is in force."""
        return not (self.expected or self.relaxation)

    @property
    def words(self) -> str:
        """The limit without its start: "within 5 working days"."""
        if self.working_days is not None:
            return f"within {counted(self.working_days, 'working day')}"
        if self.calendar_months is not None:
            return f"within {counted(self.calendar_months, 'calendar month')}"
        if self.working_days_before is not None:
            return f"at least {counted(self.working_days_before, 'working day')} before"
        return f"for at least {counted(self.calendar_years or 0, 'year')}"

    def receipt(self, start: dt.date, calendar: Calendar) -> Receipt:
        """The due date counted from `start`, with how it was reached."""
        if self.working_days is not None:
            return calendar.receipt(start, self.working_days)
        if self.working_days_before is not None:
            return calendar.receipt(start, -self.working_days_before)
        if self.calendar_months is not None:
            return calendar.month_receipt(start, self.calendar_months)
        return calendar.year_receipt(start, self.calendar_years or 0)

    def due(self, start: dt.date, calendar: Calendar) -> dt.date:
        """The due date alone; CalendarExhausted as for the calendar."""
        if self.working_days is not None:
            return calendar.add(start, self.working_days)
        if self.working_days_before is not None:
            return calendar.add(start, -self.working_days_before)
        return self.receipt(start, calendar).due


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty as a value. The act and its limit each carry the verb of their own source.

    `address` names it in the address of a page, which access logs and browsers keep: it tells
    nothing of what happened to a child.
    In `act` the body that is notified stands as {notified_body}, or {notified} in short: `act_on`
    names the one in force.
    `owed_to` is empty where the duty is owed to everyone. A `soft` duty has a date to aim for and
    is never a breach. A later limit in `limits` replaces an earlier one of the same day.
    """

    code: str
    slug: str
    address: str
    title: str
    act: str
    owed_by: Party
    owed_to: tuple[Body, ...]
    act_verb: Verb
    limit_verb: Verb
    clock_starts: Moment
    clock_stops: Moment
    cites: tuple[Citation, ...]
    limits: tuple[Limit, ...]
    readings: tuple[Reading, ...]
    soft: bool = False

    @property
    def lateness(self) -> Lateness:
        """The kind of lateness a missed limit is: it follows from what sets the limit."""
        computed = [limit for limit in self.limits if limit.computed]
        return computed[-1].citation.instrument.lateness

    def verified(self, on: dt.date) -> bool:
        """True when the act and the limit in force on `on` were read in a text at hand."""
        return self.limit(on).verified and self.cites[0].verified

    def recipients(self, on: dt.date) -> tuple[Body, ...]:
        """Whom the act is owed to on `on`: where that is the Panel, whoever holds its place."""
        return tuple(
            bodies.notified_body(on) if body in bodies.NOTIFIED else body for body in self.owed_to
        )

    def act_on(self, on: dt.date) -> str:
        """The act in words, naming whoever holds the Panel's place on `on`."""
        body = bodies.notified_body(on)
        return self.act.format(notified_body=body.name, notified=body.short_name)

    def owed_by_on(self, on: dt.date) -> str:
        """On whom it lies, in words: where that is the Panel, whoever holds its place on `on`."""
        if self.owed_by is bodies.THE_PANEL:
            return f"the {bodies.notified_body(on).name}"
        return self.owed_by.name

    def limit(self, on: dt.date) -> Limit:
        """The limit in force on `on`. NotInForce before the first one."""
        in_force = [limit for limit in self.limits if limit.computed and limit.since <= on]
        if not in_force:
            first = min(limit.since for limit in self.limits)
            raise NotInForce(
                f"{self.title}: no time limit applied before {short_date(first)}, "
                f"so none can be worked out from {short_date(on)}."
            )
        return max(reversed(in_force), key=lambda limit: limit.since)

    def receipt(self, start: dt.date, calendar: Calendar) -> Receipt:
        """The due date for a clock started on `start`, by the limit in force that day."""
        return self.limit(start).receipt(start, calendar)

    def due(self, start: dt.date, calendar: Calendar) -> dt.date:
        """The due date alone, by the limit in force on `start`."""
        return self.limit(start).due(start, calendar)

    def sentence(self, on: dt.date) -> str:
        """The act with its verb, then the limit in force on `on` with its own."""
        limit = self.limit(on)
        before = limit.working_days_before is not None
        since = "the day" if before else "from the day"
        who = self.owed_by_on(on)
        return (
            f"{who[0].upper()}{who[1:]} {self.act_verb} {self.act_on(on)}. "
            f"This {self.limit_verb} be {'' if limit.calendar_years else 'done '}"
            f"{limit.words} {since} {self.clock_starts.words}."
        )
