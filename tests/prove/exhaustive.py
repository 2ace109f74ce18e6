"""Opening and sending are cut off at every place where they can be, one after another.

In one pass the process dies there; in another the database does, and the process must not say
that all is well. Afterwards the same person does the same again, and it is there once.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import uuid5

import psycopg

from notifications.services import OPENING
from tests.prove import boundaries, filing, shapes
from tests.prove.boundaries import Ended
from tests.prove.filing import Browser
from tests.prove.servers import Database

# More places than any page passes.
ENOUGH = 400


@dataclass
class Findings:
    """What was found; all but the first three must be nought."""

    boundaries_sending: int = 0
    boundaries_opening: int = 0
    crashed_sending: int = 0
    lost: int = 0
    half_written: int = 0
    changed: int = 0
    not_as_committed: int = 0
    retry_failed: int = 0
    doubled: int = 0

    @property
    def faults(self) -> int:
        """How much was found that must not be."""
        return (
            self.lost + self.half_written + self.changed + self.not_as_committed
            + self.retry_failed + self.doubled
        )  # fmt: skip


@dataclass
class Cutter:
    """Cuts off requests at each place; `draft` and `sent` are the shapes of whole cases.

    Where only a fault is looked for, it goes no further once it has found one.
    """

    database: Database
    browser: Browser
    author: int
    draft: str
    sent: str
    opened: str
    book: Path
    until_a_fault: bool = False
    found: Findings = field(default_factory=Findings)

    def sending(self, tokens: list[str], *, crash: bool = False) -> int:
        """Each place of sending; uses up one draft for each. Returns how many there are."""
        for at, token in zip(range(1, ENOUGH), tokens, strict=False):
            typed = shapes.typed_in(self.database, token)
            ended = self._cut(partial(self._send, token), at, crash=crash)
            if not ended.reached or self.over:
                return at - 1
            told = ended.acknowledged or token in filing.noted(self.book)
            ended = replace(ended, acknowledged=told)
            self._judge(ended, self._shape(token), self.draft, self.sent, crash=crash)
            again = boundaries.run(partial(self._send, token))
            self.found.retry_failed += not again.acknowledged
            self.found.half_written += self._shape(token) != self.sent
            self.found.changed += shapes.typed_in(self.database, token) != typed
        raise RuntimeError("There were fewer drafts than places at which sending can be cut off.")

    def opening(self) -> int:
        """Each place of opening a case. Returns how many there are."""
        for at in range(1, ENOUGH):
            key = secrets.token_hex(16)
            ended = self._cut(partial(self.browser.start, key), at, crash=False)
            if not ended.reached or self.over:
                return at - 1
            self._judge(ended, self._opened(key), "", self.opened, crash=False)
            again = boundaries.run(partial(self.browser.start, key))
            self.found.retry_failed += not again.acknowledged
            self.found.half_written += self._opened(key) != self.opened
        raise RuntimeError("Opening a case has no end.")

    @property
    def over(self) -> bool:
        """Whether a fault was all that was looked for, and one is found."""
        return self.until_a_fault and self.found.faults > 0

    def _cut(self, request: Callable[[], bool], at: int, *, crash: bool) -> Ended:
        fault = self._crash if crash else boundaries.die
        ended = boundaries.run(request, at=at, fault=fault)
        self.settled()
        return ended

    def _send(self, token: str) -> bool:
        filing.note_in(self.book)
        return self.browser.send(token)

    def _crash(self) -> None:
        """The database dies, and is on its way up again."""
        self.database.crash()
        time.sleep(0.05)

    def settled(self) -> None:
        """Nobody is served any more, and the database answers."""
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            try:
                self.database.ask("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.02)
                continue
            if not self.database.backends():
                return
            time.sleep(0.005)
        raise RuntimeError("The database did not come to rest.")

    def _judge(self, ended: Ended, shape: str, before: str, after: str, *, crash: bool) -> None:
        self.found.half_written += shape not in (before, after)
        self.found.lost += ended.acknowledged and shape != after
        # Whoever dies between two statements knows whether it had committed; with the database
        # gone in the middle of a commit, nobody does.
        self.found.not_as_committed += not crash and (shape == after) != ended.committed

    def _shape(self, token: str) -> str:
        self.settled()
        return shapes.shape_of(self.database, token)

    def _opened(self, key: str) -> str:
        """The shape of what was opened with a key; empty when nothing was."""
        self.settled()
        opening = uuid5(OPENING, f"{self.author} {key}")
        found = shapes.shapes(self.database, f"c.opening = '{opening}'")
        self.found.doubled += len(found) > 1
        return "".join(found.values())


def prove(cutter: Cutter, tokens: list[str], *, crashes: bool) -> Findings:
    """Every place was tried; with `crashes`, those of sending also by a crash of the database."""
    found = cutter.found
    found.boundaries_sending = cutter.sending(tokens)
    found.boundaries_opening = cutter.opening()
    if crashes:
        rest = tokens[found.boundaries_sending + 1 :]
        found.crashed_sending = cutter.sending(rest, crash=True)
    return found
