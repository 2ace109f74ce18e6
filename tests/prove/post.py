"""A mail server that misbehaves on purpose, and writes down every message it has really taken."""

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.postgres import free_port

FAULTS = ("drop_untaken", "drop", "4xx", "5xx", "tarpit_untaken", "tarpit", "twice")
REFUSED = {
    "drop_untaken": "451 Nobody hears this",
    "4xx": "451 Try again later",
    "5xx": "550 Not now",
    "tarpit_untaken": "451 Try again later",
}
TARPIT_SECONDS = 1.5


class Post:
    """Takes messages; with some probability something goes wrong at the worst moment."""

    def __init__(self, book: Path, *, seed: int, faults: float) -> None:
        self.book = book.open("ab", buffering=0)
        self.mischief = _mischief(book).open("ab", buffering=0)
        self.random = random.Random(seed)
        self.faults = faults

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The protocol's own name for the moment a message is handed over."""
        fault = self.random.choice(FAULTS) if self.random.random() < self.faults else ""
        if fault:
            self.mischief.write(f"{fault}\n".encode("ascii"))
        if fault not in REFUSED:
            self._write_down(envelope.original_content or b"")
        if fault.startswith("drop"):
            # Where it was taken nobody is told so: the sender can only send it again.
            server.transport.abort()
        elif fault.startswith("tarpit"):
            await asyncio.sleep(TARPIT_SECONDS)
        elif fault == "twice":
            await server.push("250 OK")
        return REFUSED.get(fault, "250 OK")

    def _write_down(self, content: bytes) -> None:
        for line in content.splitlines():
            if line.lower().startswith(b"message-id:"):
                self.book.write(line.partition(b":")[2].strip() + b"\n")
                return


def serve(book: Path, *, seed: int, faults: float, port: int = 0) -> tuple[int, int]:
    """A server in a process of its own; returns the process and the port."""
    port = port or free_port()
    pid = os.fork()
    if pid == 0:
        post = Post(book, seed=seed, faults=faults)
        signal.signal(signal.SIGUSR1, lambda *_: setattr(post, "faults", 0.0))
        Controller(post, hostname="127.0.0.1", port=port).start()
        while True:
            signal.pause()
    return pid, port


def behave(pid: int) -> None:
    """From now on that server takes whatever it is given, at once."""
    os.kill(pid, signal.SIGUSR1)


def taken(book: Path) -> list[str]:
    """The identifiers of all messages taken, in order, repeats included."""
    return book.read_text(encoding="ascii").split() if book.exists() else []


def mischief(book: Path) -> dict[str, int]:
    """How often each thing went wrong on purpose."""
    done = _mischief(book)
    told = Counter(done.read_text(encoding="ascii").split() if done.exists() else [])
    return {f"mail_{fault}": told[fault] for fault in FAULTS}


def _mischief(book: Path) -> Path:
    return book.with_name(f"{book.name}.faults")
