"""What a web process does besides answering: it looks after the sweep, and what else is due.

One thread looks at the signs of health every half minute, so that no request waits for it, and
administrators' pages say what it saw. When nobody has swept for two minutes it starts `manage.py
sweep` as a process of its own, as the worker, which reads no story. The rooms above name other
chores.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from workflow.health.reading import kept
from workflow.health.signs import Sign
from workflow.health.sweeps import SECONDS_TO_STALE

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 30
WORKERS_ADDRESS = "DATABASE_WORKER_URL"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Chore:
    """What a sign of health may ask for: a command of our own, in a process of its own."""

    words: tuple[str, ...]
    asked_by: Callable[[Sign], bool]
    why: str
    as_worker: bool = False
    # What hangs is ended: what a sweep held is free again when its lease ends.
    longest_seconds: int = 300


# By the name of the sign that asks. What could not be looked at is no reason to start anything.
CHORES: dict[str, Chore] = {
    "scheduler": Chore(
        ("sweep", "-v0"),
        lambda sign: not sign.well and "seconds" in sign.figures,
        "nobody has swept in two minutes: started a sweep",
        as_worker=True,
    ),
}


class Starter:
    """Starts a chore in a process of its own, at most one at a time and one in two minutes."""

    def __init__(self, chore: Chore) -> None:
        self.chore = chore
        self._process: subprocess.Popen[bytes] | None = None
        self._began = -float(SECONDS_TO_STALE)

    def start(self) -> bool:
        """It runs; False when it was started too recently, or there is no way to."""
        if self.tidy() or time.monotonic() - self._began < SECONDS_TO_STALE:
            return False
        self._began = time.monotonic()
        name, role = self.chore.words[0], {}
        if self.chore.as_worker:
            role = {"DATABASE_ROLE": "worker"}
            if not os.environ.get(WORKERS_ADDRESS):
                log.warning("%s is due, and without %s this process can’t", name, WORKERS_ADDRESS)
                return False
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *self.chore.words]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, nothing of anybody's in it
            command, cwd=settings.BASE_DIR, env=os.environ | role, stdin=subprocess.DEVNULL
        )
        return True

    def tidy(self) -> bool:
        """Whether it still runs; one that has ended is gone, one that hangs is ended."""
        process, name, most = self._process, self.chore.words[0], self.chore.longest_seconds
        if process is None:
            return False
        if process.poll() is None and time.monotonic() - self._began > most:
            log.error("%s ran for more than %s s and was ended", name, most)
            process.kill()
            process.wait()
        if process.poll() is None:
            return True
        if process.returncode:
            log.error("%s ended with code %s", name, process.returncode)
        self._process = None
        return False


class Lookout:
    """The thread of one process; it begins with the first request, in whichever copy serves it."""

    def __init__(self) -> None:
        self._in_process = 0
        self._starters = {name: Starter(chore) for name, chore in CHORES.items()}

    def wake(self) -> None:
        """The thread runs; costs nothing when it does already."""
        if self._in_process == os.getpid():
            return
        self._in_process = os.getpid()
        threading.Thread(target=self._run, name="lookout", daemon=True).start()

    def look(self) -> None:
        """The signs of health are read for the pages; what one of them asks for is started."""
        try:
            found = kept.newest()
        finally:
            # This connection would else lie idle for half a minute at a time.
            connection.close()
        for name, starter in self._starters.items():
            starter.tidy()
            if starter.chore.asked_by(found[name]) and starter.start():
                log.warning("%s", starter.chore.why)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                # Whatever it was, the next look must come.
                log.exception("the look at the service’s health failed")
            time.sleep(LOOK_EVERY_SECONDS)


def watched(application: Application) -> Application:
    """The same application, in a process that looks after what is due."""
    lookout = Lookout()

    def respond(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        lookout.wake()
        return application(environ, start_response)

    return respond
