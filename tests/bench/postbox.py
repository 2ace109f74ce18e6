"""A mail server in a process of its own that takes everything, and how large this process is."""

import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.postgres import free_port

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


class Taker:
    """Takes every message and keeps none."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The protocol's own name for the moment a message is handed over."""
        return "250 OK"


@contextmanager
def sink() -> Iterator[int]:
    """Inside, a server takes mail; yields its port."""
    port = free_port()
    pid = os.fork()
    if pid == 0:
        logging.disable()
        Controller(Taker(), hostname="127.0.0.1", port=port).start()
        while True:
            signal.pause()
    _until_it_answers(port)
    try:
        yield port
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def memory() -> float:
    """How much of this process is in memory, in megabytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_MB


def _until_it_answers(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The mail server did not start.")
