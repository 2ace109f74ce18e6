"""What a web process does besides answering: it looks after the sweep.

One thread looks at the signs of health every half minute, so that no request waits for it, and
administrators' pages say what it saw. When nobody has swept for two
minutes it starts `manage.py sweep` as a process of its own, as the worker, which reads no story.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from workflow.health.reading import kept
from workflow.health.sweeps import SECONDS_TO_STALE

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 30
# A sweep that hangs is ended: what it held is free again when its lease ends.
LONGEST_SWEEP_SECONDS = 300
WORKERS_ADDRESS = "DATABASE_WORKER_URL"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Sweeper:
    """Starts a sweep in a process of its own, at most one at a time and one in two minutes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._began = -float(SECONDS_TO_STALE)

    def start(self) -> bool:
        """A sweep runs; False when one was started too recently, or there is no way to."""
        if self.tidy() or time.monotonic() - self._began < SECONDS_TO_STALE:
            return False
        self._began = time.monotonic()
        if not os.environ.get(WORKERS_ADDRESS):
            log.warning("nobody sweeps, and without %s this process can’t", WORKERS_ADDRESS)
            return False
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep", "-v0"]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, nothing of anybody's in it
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_ROLE": "worker"},
            stdin=subprocess.DEVNULL,
        )
        return True

    def tidy(self) -> bool:
        """Whether a sweep still runs; one that has ended is gone, one that hangs is ended."""
        process = self._process
        if process is None:
            return False
        if process.poll() is None and time.monotonic() - self._began > LONGEST_SWEEP_SECONDS:
            log.error("a sweep ran for more than %s s and was ended", LONGEST_SWEEP_SECONDS)
            process.kill()
            process.wait()
        if process.poll() is None:
            return True
        if process.returncode:
            log.error("a sweep ended with code %s", process.returncode)
        self._process = None
        return False


class Lookout:
    """The thread of one process; it begins with the first request, in whichever copy serves it."""

    def __init__(self) -> None:
        self._in_process = 0
        self._sweeper = Sweeper()

    def wake(self) -> None:
        """The thread runs; costs nothing when it does already."""
        if self._in_process == os.getpid():
            return
        self._in_process = os.getpid()
        threading.Thread(target=self._run, name="lookout", daemon=True).start()

    def look(self) -> None:
        """The signs of health are read for the pages; when nobody sweeps, a sweep is started."""
        try:
            sweeps = kept.newest()["scheduler"]
        finally:
            # This connection would else lie idle for half a minute at a time.
            connection.close()
        self._sweeper.tidy()
        # What could not be asked is no reason to start anything.
        if not sweeps.well and "seconds" in sweeps.figures and self._sweeper.start():
            log.warning("nobody has swept in two minutes: started a sweep")

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                # Whatever it was, the next look must come.
                log.exception("the look at the service’s health failed")
            time.sleep(LOOK_EVERY_SECONDS)


def watched(application: Application) -> Application:
    """The same application, in a process that looks after the sweep."""
    lookout = Lookout()

    def respond(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        lookout.wake()
        return application(environ, start_response)

    return respond
