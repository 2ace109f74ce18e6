"""What is done to the full stack, at random: kills, crashes, floods of nothing, standstills."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.prove import post
from tests.prove.stack import Stack, client


@dataclass
class Mail:
    """The mail server, faulty as it is, and its outages."""

    book: Path
    port: int
    seed: int
    faults: float
    pid: int = 0
    back_at: float = 0.0

    def start(self) -> None:
        """It takes messages."""
        self.pid, _ = post.serve(self.book, seed=self.seed, faults=self.faults, port=self.port)

    def stop(self, *, seconds: float) -> None:
        """Nobody takes messages for so long."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.pid, self.back_at = 0, time.time() + seconds

    def tend(self) -> None:
        """It is back when its outage is over."""
        if not self.pid and time.time() >= self.back_at:
            self.seed += 1
            self.start()


@dataclass
class Disorder:
    """Breaks one thing after another; what is broken already is left to recover."""

    stack: Stack
    mail: Mail
    dice: random.Random
    every: float
    faults: Counter[str] = field(default_factory=Counter)
    next_at: float = 0.0
    last_at: float = 0.0

    def act(self) -> None:
        """When it is time, something is broken."""
        if time.time() < self.next_at:
            return
        deeds: list[tuple[str, str, Callable[[], bool]]] = [
            *((f"{name}_killed", name, self._killing(name)) for name in self.stack.parts),
            *((f"{name}_hung", name, self._hanging(name)) for name in self.stack.parts),
            *((f"{name}_child_killed", name, self._bereaving(name)) for name in ("web", "worker")),
            ("database_crashed", "database", self._crash),
            ("broker_killed", "broker", self._kill_broker),
            ("broker_emptied", "broker", self._empty_broker),
            ("mail_outage", "mail", self._end_mail),
        ]
        possible = [deed for deed in deeds if deed[1] not in self.stack.down_since]
        what, _, deed = self.dice.choice(possible)
        if deed():
            self.faults[what] += 1
            self.last_at = time.time()
            self.next_at = self.last_at + self.every * self.dice.uniform(0.5, 1.5)

    def _killing(self, name: str) -> Callable[[], bool]:
        def kill() -> bool:
            self.stack.fell(name)
            self.stack.parts[name].kill(again_after=self.dice.uniform(0, 1))
            return True

        return kill

    def _hanging(self, name: str) -> Callable[[], bool]:
        def hang() -> bool:
            self.stack.fell(name)
            self.stack.parts[name].hang(self.dice.uniform(1, 6))
            return True

        return hang

    def _bereaving(self, name: str) -> Callable[[], bool]:
        def bereave() -> bool:
            children = self.stack.parts[name].children()
            if not children:
                return False
            self.stack.fell(name)
            with suppress(ProcessLookupError):
                os.kill(self.dice.choice(children), signal.SIGKILL)
            return True

        return bereave

    def _crash(self) -> bool:
        if not self.stack.database.crash():
            return False
        self.stack.fell("database")
        return True

    def _kill_broker(self) -> bool:
        self.stack.fell("broker")
        self.stack.broker.kill()
        self.stack.broker.start()
        return True

    def _empty_broker(self) -> bool:
        with suppress(redis.RedisError):
            client(self.stack.broker).flushall()
            return True
        return False

    def _end_mail(self) -> bool:
        if not self.mail.pid:
            return False
        self.mail.stop(seconds=self.dice.uniform(2, 8))
        return True
