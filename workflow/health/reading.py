"""All signs of health at one moment, read at most once in a while by each process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection

from workflow import clock
from workflow.access import context
from workflow.health import approvers, key_copies, webhooks
from workflow.health.missing import behind_now, missing_now
from workflow.health.sending import explained, outbox
from workflow.health.signs import ELSEWHERE, IN_DATABASE, Look, Sign

# No question about health may keep the database busy for longer.
MOST_MILLISECONDS = 2000
# Asking more often than this gives the answer before.
SECONDS_BETWEEN = 5


@dataclass(frozen=True)
class Reading:
    """What every part said at one moment; a part that could not be asked is not well."""

    at: datetime
    signs: tuple[Sign, ...]

    @property
    def well(self) -> bool:
        """Whether every part does its work."""
        return all(sign.well for sign in self.signs)

    def __getitem__(self, name: str) -> Sign:
        """The sign of a part; KeyError for a word that is none."""
        for sign in self.signs:
            if sign.name == name:
                return sign
        raise KeyError(name)


def read(*, at: datetime) -> Reading:
    """Every sign, looked at now; takes a few seconds at most whatever is broken."""
    elsewhere = [*ELSEWHERE.values(), key_copies.sign]
    found = [*_in_database(at), *(look(at) for look in elsewhere)]
    return Reading(at, tuple(explained(found)))


def _in_database(at: datetime) -> Iterator[Sign]:
    looks: dict[str, Look] = {
        **IN_DATABASE,
        "outbox": outbox,
        webhooks.NAME: webhooks.sign,
        approvers.NAME: approvers.sign,
        "dates": behind_now,
        "reminders": missing_now,
    }
    there = True
    for name, look in looks.items():
        sign = _asked(name, look, at) if there else _unasked(name)
        there = there and (sign.well or name != "database")
        yield sign


def _asked(name: str, look: Look, at: datetime) -> Sign:
    try:
        with _briefly():
            return look(at)
    except DatabaseError:
        return _unasked(name)


def _unasked(name: str) -> Sign:
    return Sign(name, well=False, figures={"asked": False})


@contextmanager
def _briefly() -> Iterator[None]:
    with context.serving(context.HEALTH):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {MOST_MILLISECONDS:d}")
        yield


class Kept:
    """The newest reading of this process; several that ask at once wait for one to look."""

    def __init__(self, look: Callable[..., Reading] = read) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._read = 0.0

    def newest(self, *, within: float = SECONDS_BETWEEN) -> Reading:
        """A reading no older than so many seconds; looked at now unless there is one."""
        with self._lock:
            found = self.held(within=within)
            if found is None:
                found = self._reading = self._look(at=clock.now())
                self._read = time.monotonic()
            return found

    def held(self, *, within: float) -> Reading | None:
        """The reading there is, if it is no older than so many seconds; nothing is looked at."""
        fresh = time.monotonic() - self._read <= within
        return self._reading if fresh else None

    def forget(self) -> None:
        """The next question is answered by looking."""
        self._reading = None


kept = Kept()
