"""The service's own commands as processes, over the database of one test."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from tests.live import in_database
from tests.story import Story, a_case, cast, moment
from workflow import clock
from workflow.law.calendar import COMMITTED

UNKNOWN = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_ROLE"}


def worker_of(database: str) -> str:
    """The worker's address of a test's database."""
    return in_database(os.environ["DATABASE_WORKER_URL"], database)


def environment(database: str, folder: Path, **more: str) -> dict[str, str]:
    """What a process of the worker is told: its own way into the database and no other."""
    known = {name: value for name, value in os.environ.items() if name not in UNKNOWN}
    return known | {
        "DATABASE_WORKER_URL": worker_of(database),
        "AUDIT_CHECKPOINTS": str(folder / "checkpoints"),
        "AUDIT_KEY": base64.b64encode(b"invented" * 4).decode(),
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "KEY_STORE": str(folder),
        "LOG_FORMAT": "plain",
        **more,
    }


def a_case_newly_late() -> Story:
    """A draft whose date has just passed: of which people are told on any day of the week."""
    aware = clock.today() - timedelta(days=1)
    while COMMITTED.add(aware, 5) >= clock.today():
        aware -= timedelta(days=1)
    with clock.told(moment(aware.isoformat())):
        return a_case(cast(), aware=aware.isoformat())


@contextmanager
def running(name: str, *line: str, env: dict[str, str], folder: Path) -> Iterator[Path]:
    """A process of the service that runs inside; yields its log."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", *line],
            cwd=settings.BASE_DIR,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (folder / f"{name}.pid").write_text(str(process.pid), encoding="ascii")
    try:
        yield log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds: Callable[[], object], seconds: float, why: str) -> float:
    """How long it took to come to hold; fails when it did not within so many seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, why
        time.sleep(0.2)
    return time.monotonic() - began


def started(*arguments: str, env: dict[str, str]) -> subprocess.Popen[str]:
    """A command that runs."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command that has ended."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def mails(folder: Path) -> list[str]:
    """The messages that were put into the folder `mail` of this one, each as its text."""
    text = "\n".join(path.read_text() for path in sorted((folder / "mail").glob("*")))
    return [one for one in text.split("-" * 79) if one.strip()]
