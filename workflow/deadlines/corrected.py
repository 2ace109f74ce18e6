"""What a correction of awareness after sending says of a clock that was met, in a sentence.

The clock stays as it was: see readings.CORRECTED_AFTERWARDS.
"""

from datetime import date

from workflow.deadlines.models import Deadline
from workflow.law.calendar import Calendar
from workflow.law.standing import standing
from workflow.law.starting import starts_on
from workflow.law.words import counted, long_date
from workflow.machine.case import Case


def corrected(row: Deadline, case: Case, *, calendar: Calendar) -> str:
    """From which day the clock would have run, until when, and how late it was met by that.

    Empty where the case says what the clock was counted from. An earlier notification's clock says
    no more from which day: the case's dates are those of its present one.
    """
    due_on = row.corrected_due_on
    if row.met_on is None or due_on is None:
        return ""
    by_that = standing(due_on, met_on=row.met_on, on=row.met_on, calendar=calendar)
    sent = "in time"
    if by_that.kind == "met late":
        late = counted(by_that.working_days, "working day")
        sent = f"{late} after it" if row.rule.soft else f"{late} late"
    day = _began_on(row, case)
    counted_from = f"{day}. Counted from that day" if day else "by the awareness given since"
    return (
        f"Corrected after sending: {counted_from} it was due on {long_date(due_on)} and was sent "
        f"{sent}."
    )


def _began_on(row: Deadline, case: Case) -> str:
    """What happened on the day it would have run from, and when."""
    if row.cycle != case.notification.cycle or case.aware_on is None:
        return ""
    day: date = starts_on(row.rule, aware_on=case.aware_on, suspected_on=case.suspected_on)
    what = "became aware" if day == case.aware_on else "abuse or neglect first suspected"
    return f"{what} on {long_date(day)}"
