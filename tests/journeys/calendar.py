"""Days of the stories, counted from the day on which they are told.

They are read when a story begins and not when it is loaded: a long run crosses midnight.
"""

from datetime import date, timedelta

from workflow import clock
from workflow.law.calendar import COMMITTED


def working_days_ago(number: int) -> date:
    """The day that lies this many working days back."""
    return COMMITTED.add(clock.today(), -number)


def before_last_christmas() -> date:
    """22 December of a year whose Christmas is long past: 5 working days always cross it."""
    today = clock.today()
    year = today.year - (1 if date(today.year, 2, 1) <= today else 2)
    return date(year, 12, 22)


def day_before(day: date) -> date:
    """The calendar day before."""
    return day - timedelta(days=1)
