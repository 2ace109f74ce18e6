"""What a change of the calendar would do to open dates, before anybody does it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workflow.access import context
from workflow.deadlines.calendar import calendar
from workflow.deadlines.proclaiming import Change
from workflow.deadlines.shifts import CaseShift, how_many, shifts
from workflow.law import duties
from workflow.law.words import long_date, nth_time
from workflow.machine.case import Case


@dataclass(frozen=True)
class Line:
    """A clock that would move, with its case."""

    case: Case
    found: CaseShift

    @property
    def title(self) -> str:
        """The duty; its number where it arose again."""
        shift = self.found.shift
        title = duties.by_slug(shift.duty).title
        return nth_time(title, shift.cycle) if shift.cycle > 1 else title


@dataclass(frozen=True)
class Preview:
    """The clocks that would move, and the edition of the calendar that would move them."""

    edition: str
    rows: list[CaseShift]

    @cached_property
    def cases(self) -> int:
        """How many cases they belong to."""
        return len({row.case for row in self.rows})

    def part(self, begin: int, end: int) -> list[Line]:
        """Some of the rows, with their cases."""
        rows = self.rows[begin:end]
        with context.serving(context.DATES):
            cases = Case.objects.in_bulk({row.case for row in rows})
        return [Line(cases[row.case], row) for row in rows]

    def lines(self) -> Iterator[str]:
        """Each in words: the case, the duty, the date and the new date."""
        for begin in range(0, len(self.rows), 1000):
            for line in self.part(begin, begin + 1000):
                shift = line.found.shift
                dates = f"{long_date(shift.due_on)} to {long_date(shift.new_due_on)}"
                yield f"{line.case.label}: {line.title}: {dates}"

    def as_json(self) -> dict[str, Any]:
        """All of it in codes and dates."""
        found = [
            {"case": line.case.label, **line.found.shift.as_json()}
            for line in self.part(0, len(self.rows))
        ]
        counts = {"cases": self.cases, "clocks": len(self.rows)}
        return {"edition": self.edition, **counts, "moves": found}


def preview(change: Change | None) -> Preview:
    """What a change would move; without one, what the calendar and the limits in force would."""
    days = change.calendar if change else calendar()
    found = shifts(days, day=change.row.day if change else None)
    with context.serving(context.DATES):
        return Preview(days.edition, list(found))


def behind() -> int:
    """How many open dates are not what the calendar and the limits in force give."""
    with context.serving(context.DATES):
        return how_many(calendar())
