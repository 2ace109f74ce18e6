"""A file as it came, checked and cleaned in a process of its own."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

from notifications.attached.cleaning import refused
from notifications.attached.limits import KINDS, MOST_CLEANED, Kind
from notifications.attached.words import REFUSED

# A little longer than the process may work: it also has to be started.
SECONDS = 15
# How the kernel ends a process that worked for too long, or took too much.
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
    try:
        # This interpreter, and a module of this project: nothing of it comes from outside.
        ran = subprocess.run(
            [sys.executable, "-s", "-m", "notifications.attached.cleaning"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env=_ENVIRONMENT,
            check=True,
        )
        head, _, left = ran.stdout.partition(b"\n")
        said = json.loads(head)
    except subprocess.TimeoutExpired:
        raise NotTaken(REFUSED[refused.TOO_MUCH]) from None
    except subprocess.CalledProcessError as ended:
        # What breaks its reader can't be made safe.
        why = refused.TOO_MUCH if ended.returncode in _TOO_MUCH else refused.DAMAGED
        raise NotTaken(REFUSED[why]) from None
    except ValueError:
        raise NotTaken(REFUSED[refused.DAMAGED]) from None
    if "why" in said:
        raise NotTaken(REFUSED[said["why"]])
    if not 0 < len(left) <= MOST_CLEANED:
        raise NotTaken(REFUSED[refused.SWOLLEN])
    return Cleaned(KINDS[said["kind"]], left)
