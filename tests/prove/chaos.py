"""The part that breaks things: keeps the workers running, and kills them, and the servers, at will.

It is forked before anything is connected, and forks every worker from itself, so that a killed one
is back within milliseconds.
"""

import json
import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import redis

from tests.prove.servers import Broker, Database


@dataclass
class Toll:
    """What was broken, how often."""

    kills: int = 0
    sender_kills: int = 0
    crashes: int = 0
    flushes: int = 0
    broker_kills: int = 0


@dataclass
class Chaos:
    """What to keep running by name, and how often to break each thing (seconds between)."""

    roles: dict[str, Callable[[], None]]
    database: Database
    broker: Broker
    seed: int
    report: Path
    kill_every: float = 0.035
    crash_every: float = 1.3
    flush_every: float = 5.0
    broker_kill_every: float = 17.0
    toll: Toll = field(default_factory=Toll)
    running: dict[str, int] = field(default_factory=dict)
    # Some live long and others die young, and a kill that was held up is made up for.
    uneven: bool = False
    paused: bool = False
    stopping: bool = False

    def start(self) -> int:
        """Its own process; send it SIGUSR1 for downtime, SIGUSR2 to go on, SIGTERM to end."""
        pid = os.fork()
        if pid == 0:
            try:
                self._live()
            finally:
                os._exit(0)
        return pid

    def _live(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopping", True))
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "paused", True))
        signal.signal(signal.SIGUSR2, lambda *_: setattr(self, "paused", False))
        dice = random.Random(self.seed)
        due = dict.fromkeys(("kill", "crash", "flush", "broker"), time.monotonic() + 0.5)
        while not self.stopping:
            if self.paused:
                self._kill_all()
                time.sleep(0.01)
                continue
            self._keep_running()
            self._break_what_is_due(due, dice)
            time.sleep(0.005)
        self._kill_all()
        self.broker.kill()
        self.report.write_text(json.dumps(asdict(self.toll)), encoding="ascii")

    def _break_what_is_due(self, due: dict[str, float], dice: random.Random) -> None:
        acts: dict[str, tuple[float, Callable[[], None]]] = {
            "kill": (self.kill_every, lambda: self._kill(self._victim(dice))),
            "crash": (self.crash_every, self._crash),
            "flush": (self.flush_every, self._flush),
            "broker": (self.broker_kill_every, self._kill_broker),
        }
        for name, (every, act) in acts.items():
            if every and time.monotonic() >= due[name]:
                act()
                last = due[name] if self.uneven and name == "kill" else time.monotonic()
                due[name] = last + every * dice.uniform(0.5, 1.5)

    def _victim(self, dice: random.Random) -> str:
        names = sorted(self.running)
        if self.uneven:
            return names[min(int(dice.expovariate(1.0)), len(names) - 1)]
        return dice.choice(names)

    def _keep_running(self) -> None:
        for name, role in self.roles.items():
            if name not in self.running:
                self.running[name] = _child(role)

    def _kill(self, name: str) -> None:
        pid = self.running.pop(name)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.toll.kills += 1
        self.toll.sender_kills += name.startswith("worker")

    def _kill_all(self) -> None:
        for name in list(self.running):
            self._kill(name)

    def _crash(self) -> None:
        self.toll.crashes += self.database.crash()

    def _flush(self) -> None:
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.broker.url, socket_timeout=1).flushall()
            self.toll.flushes += 1

    def _kill_broker(self) -> None:
        self.broker.kill()
        self.broker.start()
        self.toll.broker_kills += 1


def _child(role: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_DFL)
        try:
            role()
        except BaseException:  # noqa: BLE001 - this process ends here, and says why.
            traceback.print_exc()
        finally:
            os._exit(1)
    return pid
