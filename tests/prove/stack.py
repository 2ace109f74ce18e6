"""The service's own processes, started as in production, and kept running by a supervisor.

Each part knows how to see from outside that it is at work, so that the time for which it was not
is measured and not assumed.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from deploy.local.postgres import free_port
from tests.prove.servers import PROJECT, Broker, Database

QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass
class Part:
    """One kind of process: its command, and how to see that it works."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    works: Callable[["Part"], bool]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    start_at: float = 0.0
    stopped_until: float = 0.0

    def start(self) -> None:
        """It runs."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.began = time.time()

    def kill(self, *, again_after: float) -> None:
        """It is gone with all its children, and is started again after so many seconds."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process, self.stopped_until = None, 0.0
        self.start_at = time.time() + again_after

    def children(self) -> list[int]:
        """The processes that it has started itself."""
        if self.process is None:
            return []
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with suppress(OSError):
            return [int(pid) for pid in listed.read_text(encoding="ascii").split()]
        return []

    def hang(self, seconds: float) -> None:
        """It stands still, with all its children, for so long."""
        self._signal(signal.SIGSTOP)
        self.stopped_until = time.time() + seconds

    def tend(self) -> None:
        """What was ended, or ended by itself, is started again; what stood still goes on."""
        now = time.time()
        if self.stopped_until and now >= self.stopped_until:
            self.stopped_until = 0.0
            self._signal(signal.SIGCONT)
        if self.process is not None and self.process.poll() is not None:
            self.kill(again_after=0.5)
        if self.process is None and now >= self.start_at:
            self.start()

    def _signal(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Stack:
    """All parts, and since when each did not work."""

    database: Database
    broker: Broker
    parts: dict[str, Part]
    port: int
    down_since: dict[str, float] = field(default_factory=dict)
    downtime: list[tuple[float, float]] = field(default_factory=list)

    def fell(self, name: str) -> None:
        """From now on this part does not work, until it is seen to."""
        self.down_since.setdefault(name, time.time())

    def tend(self) -> None:
        """Everything that should run is started, and what works again is seen to."""
        for part in self.parts.values():
            part.tend()
        for name in list(self.down_since):
            if self._works(name):
                self.downtime.append((self.down_since.pop(name), time.time()))

    def whole(self) -> bool:
        """Whether every part works."""
        return not self.down_since

    def down(self, since: float, until: float) -> float:
        """For how many seconds between two instants something did not work."""
        found, reached = 0.0, since
        open_ones = [(began, until) for began in self.down_since.values()]
        for began, ended in sorted(self.downtime + open_ones):
            first, last = max(began, reached), min(ended, until)
            if last > first:
                found, reached = found + last - first, last
        return found

    def end(self) -> None:
        """None of them runs."""
        for part in self.parts.values():
            part.kill(again_after=0)

    def _works(self, name: str) -> bool:
        if name == "database":
            with suppress(psycopg.Error):
                return bool(self.database.ask("SELECT 1"))
            return False
        if name == "broker":
            with suppress(redis.RedisError):
                return bool(client(self.broker).ping())
            return False
        part = self.parts[name]
        return part.process is not None and not part.stopped_until and part.works(part)


def client(broker: Broker) -> "redis.Redis":
    """A client that does not wait for long."""
    return redis.Redis.from_url(broker.url, socket_timeout=1, socket_connect_timeout=1)


def stack(database: Database, broker: Broker, folder: Path, clock: Mapping[str, str]) -> Stack:
    """The parts as in production, nothing running yet."""
    port = free_port()
    shared = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"} | dict(clock)
    web = {**shared, "DATABASE_ROLE": "app"}
    worker = {**shared, "DATABASE_ROLE": "worker", "C_FORCE_ROOT": "1"}
    worker.pop("DATABASE_URL", None)
    served = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    served += ["--threads", "4", "--no-control-socket"]
    celery = ["celery", "-A", "config"]
    works = [*celery, "worker", "--concurrency", "1", *QUIET]
    rings = [*celery, "beat", "--schedule", str(folder / "schedule"), "--pidfile="]
    made = (
        Part("web", served, web, folder / "web.log", lambda part: _answers(port)),
        Part("worker", works, worker, folder / "worker.log", lambda part: _listens(part, broker)),
        Part("beat", rings, worker, folder / "beat.log", lambda part: _ticks(part, folder)),
    )
    return Stack(database, broker, {part.name: part for part in made}, port)


def _answers(port: int) -> bool:
    with suppress(OSError):
        address = f"http://127.0.0.1:{port}/healthz"
        with urllib.request.urlopen(address, timeout=1) as answer:
            return int(answer.status) == 200
    return False


def _listens(part: Part, broker: Broker) -> bool:
    """Whether a worker that is no older than this one waits at the broker for something to do."""
    with suppress(redis.RedisError):
        since = time.time() - part.began + 1
        waiting = client(broker).client_list()
        return bool(part.children()) and any(
            one["cmd"] == "brpop" and int(one["age"]) <= since for one in waiting
        )
    return False


def _ticks(part: Part, folder: Path) -> bool:
    """Whether the beat has read its schedule and written it down since it was started."""
    return any(book.stat().st_mtime >= part.began for book in folder.glob("schedule*"))
