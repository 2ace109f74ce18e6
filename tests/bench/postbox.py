"""A mail server in a process of its own that takes everything, and how large this process is."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


def _take_all(listener: socket.socket) -> None:
    """Takes every message of one session after the other, and keeps none.

    It speaks no more of the protocol than a sender needs, so that what is measured is the sender.
    """
    while True:
        session, _ = listener.accept()
        session.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with session, session.makefile("rb") as lines, suppress(OSError):
            session.sendall(b"220 sink\r\n")
            for line in lines:
                said = line[:4].upper()
                if said == b"DATA":
                    session.sendall(b"354 go on\r\n")
                    for part in lines:
                        if part == b".\r\n":
                            break
                session.sendall(b"221 bye\r\n" if said == b"QUIT" else b"250 ok\r\n")


@contextmanager
def sink() -> Iterator[int]:
    """Inside, a server in a process of its own takes mail; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pid = os.fork()
        if pid == 0:
            _take_all(listener)
        try:
            yield int(listener.getsockname()[1])
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def memory() -> float:
    """How much of this process is in memory, in megabytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_MB
