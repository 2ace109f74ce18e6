"""Days of the stories, counted from the day on which they are told."""

from datetime import date, timedelta

from workflow import clock
from workflow.law.calendar import COMMITTED

TODAY = clock.today()


def working_days_ago(number: int) -> date:
    """The day that lies this many working days back."""
    return COMMITTED.add(TODAY, -number)


def before_last_christmas() -> date:
    """22 December of a year whose Christmas is long past: 5 working days always cross it."""
    year = TODAY.year - (1 if date(TODAY.year, 2, 1) <= TODAY else 2)
    return date(year, 12, 22)


def day_before(day: date) -> date:
    """The calendar day before."""
    return day - timedelta(days=1)
