"""A file as it came, checked and cleaned in a process of its own."""

import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, cast

from django.conf import settings

from notifications.attached.cleaning import refused
from notifications.attached.limits import KINDS, MOST_CLEANED, Kind
from notifications.attached.words import REFUSED

# A little longer than the process may work: it also has to be started.
SECONDS = 15
# Each may take 512 MB; who comes later waits for their turn.
MOST_AT_ONCE = 2
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)
_MOST_TOLD = 200
_MOST_SAID = MOST_CLEANED + _MOST_TOLD
# How a process ends that worked for too long, took too much, or said too much.
_TOO_MUCH = {-signal.SIGXCPU, -signal.SIGKILL}
# Nothing of the service's own: no secret is where hostile files are read.
_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


class NotTaken(Exception):
    """The file is not taken; the text says why and what to do."""


@dataclass(frozen=True)
class Cleaned:
    """What is left to be scanned, kept and given: its kind, and its content."""

    kind: Kind
    content: bytes


def cleaned(content: bytes) -> Cleaned:
    """The file without what it says of its makers; NotTaken says why it is not taken."""
    if not _turns.acquire(timeout=SECONDS):
        raise NotTaken(REFUSED[refused.BUSY])
    try:
        code, answer = _answered(content)
    except OSError:
        # No process could be started.
        raise NotTaken(REFUSED[refused.BUSY]) from None
    finally:
        _turns.release()
    if code:
        # What breaks its reader can't be made safe.
        why = refused.TOO_MUCH if code in _TOO_MUCH else refused.DAMAGED
        raise NotTaken(REFUSED[why])
    head, _, left = answer.partition(b"\n")
    kind = _understood(head)
    if not 0 < len(left) <= MOST_CLEANED:
        raise NotTaken(REFUSED[refused.SWOLLEN])
    return Cleaned(kind, left)


def _answered(content: bytes) -> tuple[int, bytes]:
    """How the process ended, and what it said: of too much no more than that it is."""
    # This interpreter, and a module of this project: nothing of it comes from outside.
    with subprocess.Popen(
        [sys.executable, "-s", "-m", "notifications.attached.cleaning"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=_ENVIRONMENT,
    ) as reader:
        asked, told = cast("IO[bytes]", reader.stdin), cast("IO[bytes]", reader.stdout)
        late = threading.Timer(SECONDS, reader.kill)
        late.start()
        try:
            # It reads all of it before it says anything, or is ended when its time is over.
            with suppress(BrokenPipeError), asked:
                asked.write(content)
            answer = told.read(_MOST_SAID + 1)
            if len(answer) > _MOST_SAID:
                reader.kill()
            return reader.wait(), answer
        finally:
            late.cancel()


def _understood(head: bytes) -> Kind:
    """Which kind it is. A reader that a file took over may say anything, and is believed little."""
    try:
        said = json.loads(head) if len(head) <= _MOST_TOLD else None
    except ValueError:
        said = None
    why, kind = (said.get("why"), said.get("kind")) if isinstance(said, dict) else (None, None)
    if isinstance(why, str) and why in REFUSED:
        raise NotTaken(REFUSED[why])
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    raise NotTaken(REFUSED[refused.DAMAGED])
