"""The simulated clock: one row in the database that everybody reads and only the proof moves."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from workflow import clock

_here = threading.local()


SQL = """
CREATE TABLE prove_clock (at timestamptz NOT NULL);
INSERT INTO prove_clock VALUES ('2000-01-01');
GRANT SELECT, UPDATE ON prove_clock TO PUBLIC;
"""


def tell(at: datetime) -> None:
    """It is this instant now, for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE prove_clock SET at = %s", [at])
    _here.at = at


def look() -> datetime:
    """Reads the row; until the next look this process takes it to be that instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM prove_clock")
        _here.at = cursor.fetchone()[0].astimezone(UTC)
    return _here.at  # type: ignore[no-any-return]


def install() -> None:
    """From here on `clock.now()` is the simulated instant."""
    clock.now = lambda: _here.at


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether the condition came true in so many real seconds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.01)
    return False
