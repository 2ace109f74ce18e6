"""The one reader of the clock.

Everything else is told what day it is: `on` is a London date, `at` a UTC instant.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return datetime.now(tz=UTC)


def today() -> date:
    """Return the date it is now in London."""
    return london_date(now())


def london_date(instant: datetime) -> date:
    """Return the London date on which an aware instant falls.

    Raises ValueError for an instant without a time zone: guessing one would move a due date.
    """
    if instant.tzinfo is None:
        message = "An instant without a time zone has no London date."
        raise ValueError(message)
    return instant.astimezone(LONDON).date()
