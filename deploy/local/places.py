"""Where everything lies, and how the launcher speaks."""

import errno
import fcntl
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
PYTHON = str(VENV / "bin" / "python")
LOCAL = PROJECT / ".local"
LOGS = LOCAL / "logs"
RECORD = LOCAL / "places.json"
STARTED = time.monotonic()

# A socket's path may hold 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET = 103


class StopError(Exception):
    """The launcher cannot go on; its text is the one sentence that says why."""


def say(words: str) -> None:
    """The words are on the terminal at once, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {words}", flush=True)


def full(path: Path) -> StopError:
    """The sentence for a disk that has no room."""
    return StopError(f"The disk that holds {path} is full. Free some space, then run this again.")


def explained(error: OSError) -> StopError:
    """One sentence for an error of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full(Path(error.filename or LOCAL))
    return StopError(f"{error.filename or 'The system'}: {error.strerror}.")


def shown(path: Path) -> str:
    """The path as a person in the project's folder would type it."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def write_private(path: Path, text: str) -> None:
    """The file holds the text, is readable by its owner alone, and is never half written.

    Whoever writes it at the same moment writes a file of their own first, and the last one stays.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(unfinished, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_local() -> None:
    """`.local` and its folders exist, for this user alone."""
    for folder in (LOCAL, LOGS):
        folder.mkdir(mode=0o700, exist_ok=True)


def recorded() -> dict[str, Any]:
    """What the launcher wrote down about this machine; empty at first."""
    try:
        found = json.loads(RECORD.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return dict(found)


def record(**facts: Any) -> None:
    """The facts are added to what is written down, whoever else adds theirs at this moment."""
    make_local()
    with (LOCAL / "places.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        write_private(RECORD, json.dumps(recorded() | facts, indent=1))


def private_folder() -> Path:
    """A folder outside the project that only this user can enter; the same one every time."""
    known = recorded().get("private")
    if known and Path(known).is_dir():
        return Path(known)
    parent = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="service-", dir=parent))
    record(private=str(folder))
    return folder


def socket_path(name: str) -> Path:
    """Where a server's socket lies: in `.local`, or where its path is short enough."""
    path = LOCAL / name
    return path if len(os.fsencode(path)) <= LONGEST_SOCKET else private_folder() / name
