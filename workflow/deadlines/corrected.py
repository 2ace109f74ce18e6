"""What a correction of awareness after sending says of a clock that was met: told, never stored.

The clock stays as it was: see readings.CORRECTED_AFTERWARDS.
"""

from workflow.deadlines.models import Deadline
from workflow.deadlines.shifts import new_due
from workflow.law import moments
from workflow.law.calendar import Calendar
from workflow.law.standing import standing
from workflow.law.starting import starts_on
from workflow.law.words import counted, long_date
from workflow.machine.case import Case


def corrected(row: Deadline, case: Case, *, calendar: Calendar) -> str:
    """From which day the clock would have run, until when, and how late it was met by that.

    Empty where the case says what the clock was counted from, and for an earlier notification's.
    """
    if row.met_on is None or row.cycle != case.notification.cycle or case.aware_on is None:
        return ""
    if row.rule.clock_starts != moments.AWARE:
        return ""
    day = starts_on(row.rule, aware_on=case.aware_on, suspected_on=case.suspected_on)
    due_on = new_due(row.duty, day, calendar) if day != row.start_on else None
    if due_on is None:
        return ""
    what = "became aware" if day == case.aware_on else "abuse or neglect first suspected"
    by_that = standing(due_on, met_on=row.met_on, on=row.met_on, calendar=calendar)
    sent = "in time"
    if by_that.kind == "met late":
        late = counted(by_that.working_days, "working day")
        sent = f"{late} after it" if row.rule.soft else f"{late} late"
    return (
        f"Corrected after sending: {what} on {long_date(day)}. Counted from that day it was due on "
        f"{long_date(due_on)} and was sent {sent}."
    )
