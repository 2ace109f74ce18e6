"""The one reader of the clock.

Everything else is told what day it is: `on` is a London date, `at` a UTC instant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return _told.get() or datetime.now(tz=UTC)


@contextmanager
def told(at: datetime) -> Iterator[None]:
    """Inside, it is this instant: an invented history is written down as it would have happened.

    Only the demo's stories are told this way; nothing that serves people may use it.
    """
    before = _told.set(at)
    try:
        yield
    finally:
        _told.reset(before)


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
