"""A scanner that speaks INSTREAM on a port of this machine, and makes each mistake it is told to.

It calls harmful what holds the mark; whatever else it is sent is clean.
"""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

MARK = b"INVENTED-HARMFUL-MARK-7f3a"
CLEAN = b"stream: OK\0"
HARMFUL = b"stream: Invented.Harm FOUND\0"
# What the scanner does, and the word for why the document stays held.
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hangs up at once": ({"hangs_up_after": 0}, "unreachable"),
    "hangs up without a word": ({"answer": b""}, "unreachable"),
    "says half a sentence": ({"answer": b"stream: O"}, "unsure"),
    "says more than a sentence": ({"answer": b"stream: OK\0stream: OK\0"}, "unsure"),
    "says another sentence": ({"answer": b"stream: OKAY\0"}, "unsure"),
    "says rubbish": ({"answer": b"\xff\xfe" * 20}, "unsure"),
    "says that it failed": ({"answer": b"stream: Can't allocate memory ERROR\0"}, "unsure"),
    "says that it has a lock": (
        {"answer": b"stream: Heuristics.Encrypted.PDF FOUND\0"},
        "unsure",
    ),
    "did not look at all of it": (
        {"answer": b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0"},
        "too_large",
    ),
    "takes no more": ({"takes": 3}, "too_large"),
    "drips": ({"slow": 0.2}, "slow"),
}


@dataclass
class Clamd:
    """What it was sent, and what goes wrong.

    `answer` stands in the place of its own; `says` "" hangs up without a word; after `takes` bytes
    it answers that it is too much; it waits for `slow` seconds between any two bytes of its answer.
    Unless it `drains`, it hangs up with the rest of a content unread.
    """

    address: str = ""
    answer: bytes | None = None
    takes: int = 30 * 1024 * 1024
    slow: float = 0.0
    hangs_up_after: int = -1
    got: list[bytes] = field(default_factory=list)
    closed: bool = False
    drains: bool = True

    def serve(self, line: socket.socket) -> None:
        """One question and its answer."""
        with line, suppress(OSError):
            line.settimeout(10)
            assert _exactly(line, 10) == b"zINSTREAM\0"
            content, answer = b"", None
            while answer is None:
                (length,) = struct.unpack(">I", _exactly(line, 4))
                if not length:
                    answer = HARMFUL if MARK in content else CLEAN
                    break
                content += _exactly(line, length)
                if 0 <= self.hangs_up_after <= len(content):
                    return
                if len(content) > self.takes:
                    answer = b"INSTREAM size limit exceeded. ERROR\0"
            self.got.append(content)
            for byte in answer if self.answer is None else self.answer:
                time.sleep(self.slow)
                line.sendall(bytes([byte]))
            if not self.drains:
                return
            # Closed at once, with bytes unread, the line would take the answer along.
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = line.recv(count - len(found))
        if not part:
            raise OSError
        found += part
    return found


@contextmanager
def running() -> Iterator[Clamd]:
    """Inside, there is one."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        fake = Clamd(f"tcp://127.0.0.1:{door.getsockname()[1]}")

        def answering() -> None:
            with suppress(OSError):
                while not fake.closed:
                    threading.Thread(
                        target=fake.serve, args=(door.accept()[0],), daemon=True
                    ).start()

        thread = threading.Thread(target=answering, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            fake.closed = True
            with suppress(OSError), socket.create_connection(door.getsockname()[:2], timeout=1):
                pass
            thread.join(5)
