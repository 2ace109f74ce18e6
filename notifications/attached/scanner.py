"""Asking clamd about one content, over its INSTREAM command: clean, harmful, or no answer.

Only the whole sentence by which clamd calls a stream clean is believed, and only of a stream that
it took to its end. Everything else, an answer cut short, one that is late or comes before the end,
a kind of warning that means "not looked at", is no answer.

The libraries there are for this protocol are unkept for years and raise for some of these and
return for others; the protocol is a dozen lines.
"""

import logging
import select
import struct
import time
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from workflow import egress

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
CONNECT_SECONDS = 5.0
# From the first byte that is sent to the last that is answered.
ALL_SECONDS = 20.0
MOST_ANSWERED = 1024
_CLEAN = b"stream: OK\0"
_BEGINS, _ENDS = b"stream: ", b" FOUND\0"
_TOO_LARGE = b"INSTREAM size limit exceeded. ERROR\0"
# Found by looking at what the file is, not what it does: the scanner did not look inside.
_NOT_LOOKED_AT = (b"Heuristics.Limits.Exceeded", b"Heuristics.Encrypted")


class Verdict(StrEnum):
    """What the scanner said of a content."""

    CLEAN = "clean"
    HARMFUL = "harmful"


class Fault(StrEnum):
    """Why it said nothing that could be believed, or was not asked."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TOO_LARGE = "too_large"
    UNSURE = "unsure"
    UNREADABLE = "unreadable"
    LOST = "lost"


class NoAnswer(Exception):
    """The scanner has not said whether the content is harmful."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def ask(content: bytes, *, seconds: float = ALL_SECONDS) -> Verdict:
    """What the scanner at CLAMD says of a content; NoAnswer when it says nothing for sure."""
    if not settings.CLAMD:
        raise NoAnswer(Fault.NONE)
    until = time.monotonic() + seconds
    try:
        with _connected(min(CONNECT_SECONDS, seconds)) as line:
            return _told(*_asked(line, content, until))
    except TimeoutError:
        raise NoAnswer(Fault.SLOW) from None
    except OSError:
        raise NoAnswer(Fault.UNREACHABLE) from None


def _connected(seconds: float) -> egress.Line:
    place = urlsplit(settings.CLAMD)
    if place.scheme == "unix":
        return egress.connect_here(place.path, seconds=seconds)
    try:
        return egress.connect(place.hostname or "", place.port or 3310, seconds=seconds)
    except TimeoutError:
        # Nobody there is another matter than somebody who is slow.
        raise NoAnswer(Fault.UNREACHABLE) from None
    except egress.NotAllowed as refused:
        log.warning("the scanner is not connected to: %s", refused)
        raise


def _asked(line: egress.Line, content: bytes, until: float) -> tuple[bytes, bool]:
    """The answer as far as it came, and whether it is one to the whole content."""
    try:
        _send(line, b"zINSTREAM\0", until)
        for at in range(0, len(content), CHUNK):
            part = content[at : at + CHUNK]
            _send(line, struct.pack(">I", len(part)) + part, until)
        early = _spoken(line)
        _send(line, struct.pack(">I", 0), until)
    except TimeoutError:
        raise
    except OSError:
        # It may have said why before it hung up.
        answer, _ = _read(line, until)
        if not answer:
            raise
        return answer, False
    answer, orderly = _read(line, until)
    return answer, orderly and not early


def _spoken(line: egress.Line) -> bool:
    """Whether there is an answer before the content has ended, or nobody there any more."""
    listening = select.poll()
    listening.register(line, select.POLLIN)
    return bool(listening.poll(0))


def _send(line: egress.Line, part: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(part)


def _read(line: egress.Line, until: float) -> tuple[bytes, bool]:
    """All that is said until the scanner hangs up after its one answer, and whether it did."""
    answer = b""
    while len(answer) < MOST_ANSWERED:
        line.settimeout(_left(until))
        try:
            part = line.recv(MOST_ANSWERED)
        except ConnectionError:
            # It hung up with some of the content unread, but not before it had answered.
            if not answer:
                raise
            return answer, False
        if not part:
            return answer, True
        answer += part
    return answer, False


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _told(answer: bytes, whole: bool) -> Verdict:
    # What was not read to its end can be harmful in the rest.
    if answer == _CLEAN and whole:
        return Verdict.CLEAN
    if not answer:
        # It hung up without a word.
        raise NoAnswer(Fault.UNREACHABLE)
    if answer == _TOO_LARGE:
        raise NoAnswer(Fault.TOO_LARGE)
    if answer.startswith(_BEGINS) and answer.endswith(_ENDS) and answer.count(b"\0") == 1:
        found = answer.removeprefix(_BEGINS)
        if found.startswith(_NOT_LOOKED_AT[0]):
            raise NoAnswer(Fault.TOO_LARGE)
        if not found.startswith(_NOT_LOOKED_AT):
            return Verdict.HARMFUL
    raise NoAnswer(Fault.UNSURE)
