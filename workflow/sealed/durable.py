"""Small files that are on disk before anybody relies on them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What is written under before it has its name.
NEW = ".new"


def write_durably(path: Path, content: bytes) -> None:
    """The whole file is on disk under its name, or no file of that name is new."""
    new_folder = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if new_folder:
        sync_folder(path.parent.parent)
    draft = path.with_suffix(NEW)
    write_new(draft, content)
    draft.rename(path)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """A file is on disk; what a process that died left under that name is gone."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """What was renamed, added or removed in a folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Whoever else asks for this folder waits until the end of it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
