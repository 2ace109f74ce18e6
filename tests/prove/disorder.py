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

import psycopg
import redis

from tests.prove import network, post
from tests.prove.stack import Stack, client

# For how long a fault waits for its worst moment: a crash for somebody to be told something, and
# the death of a worker for messages that it has taken in hand.
WAITS_SECONDS = 10.0
# What is not left to chance, however short the run.
SURELY = ("worker_killed", "database_crashed")
TAKEN = "SELECT coalesce(sum(claims), 0) FROM workflow_outbox"


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
    # Where people note what they were told.
    folder: Path
    faults: Counter[str] = field(default_factory=Counter)
    # What is still to be done in this round: each thing comes once in every round.
    deck: list[str] = field(default_factory=list)
    next_at: float = 0.0
    last_at: float = 0.0

    def act(self) -> None:
        """When it is time, something is broken."""
        self.next_at = self.next_at or time.time() + self.every
        if time.time() < self.next_at:
            return
        by_name = self._deeds()
        what = self._chosen(by_name)
        if what and by_name[what][1]():
            self.faults[what] += 1
            self.last_at = time.time()
            self.next_at = self.last_at + self.every * self.dice.uniform(0.5, 1.5)

    def _deeds(self) -> dict[str, tuple[str, Callable[[], bool]]]:
        """What can be done, by name: on which part, and how."""
        deeds: list[tuple[str, str, Callable[[], bool]]] = [
            *((f"{name}_killed", name, self._killing(name)) for name in self.stack.parts),
            *((f"{name}_hung", name, self._hanging(name)) for name in self.stack.parts),
            *((f"{name}_child_killed", name, self._bereaving(name)) for name in ("web", "worker")),
            ("database_crashed", "database", self._crash),
            ("broker_killed", "broker", self._kill_broker),
            ("broker_emptied", "broker", self._empty_broker),
            ("mail_outage", "mail", self._end_mail),
        ]
        return {what: (on, deed) for what, on, deed in deeds}

    def _chosen(self, by_name: dict[str, tuple[str, Callable[[], bool]]]) -> str:
        """The next of this round that befalls something at work; empty when there is none."""
        if not self.deck:
            self.deck = self.dice.sample(sorted(by_name), len(by_name))
            self.deck.sort(key=lambda what: not self.faults and what in SURELY)
        for what in reversed(self.deck):
            if by_name[what][0] not in self.stack.down_since:
                self.deck.remove(what)
                return what
        return ""

    def _killing(self, name: str) -> Callable[[], bool]:
        def kill() -> bool:
            if name == "worker":
                self._await_change(self._taken)
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

    def _await_change(self, seen: Callable[[], object]) -> None:
        """This has just become another, or it took too long."""
        before, limit = seen(), time.time() + WAITS_SECONDS
        while time.time() < limit and seen() == before:
            if self.stack.parts["web"].process is None:
                self.stack.tend()
            time.sleep(0.005)

    def _taken(self) -> object:
        """How often messages were taken in hand, as long as the database tells."""
        with suppress(psycopg.Error):
            return self.stack.database.ask(TAKEN, database="service")
        return None

    def _crash(self) -> bool:
        """The moment is the worst: somebody has just been told that all is well."""
        self._await_change(lambda: network.told_so_far(self.folder))
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
