"""Every place at which a process can die between two things that it has others do.

Those are the statements, commits and rollbacks that the database is asked for, and the writes of
the key store. Each is passed twice: just before, and just after.
"""

import mmap
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from workflow.sealed import keystore

ACKNOWLEDGED, REACHED = 1, 2


@dataclass(frozen=True)
class Ended:
    """How a process ended: whether it was told the end, came to the fault, and had committed."""

    acknowledged: bool
    reached: bool
    committed: bool


@dataclass
class Watch:
    """Counts what this process passes, and lets the fault happen at one of them."""

    at: int
    fault: Callable[[], None]
    passed: int = 0
    commits: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1))

    @property
    def reached(self) -> bool:
        """Whether the fault has happened."""
        return self.passed >= self.at

    def cross(self) -> None:
        """One more was passed."""
        self.passed += 1
        if self.passed == self.at:
            self.fault()

    def around(self, owner: Any, name: str, *, commits: bool = False) -> None:
        """What this function of the owner does lies between two places from now on."""
        honest = getattr(owner, name)

        def watched(*args: Any, **more: Any) -> Any:
            self.cross()
            answer = honest(*args, **more)
            if commits:
                self.commits[0] = 1
            self.cross()
            return answer

        setattr(owner, name, watched)

    def install(self) -> None:
        """This process is watched until it ends."""
        self.around(CursorWrapper, "_execute")
        self.around(CursorWrapper, "_executemany")
        self.around(BaseDatabaseWrapper, "_commit", commits=True)
        self.around(BaseDatabaseWrapper, "_rollback")
        # The store's own view of the system: what the fault itself writes is not counted.
        view = SimpleNamespace(**vars(os))
        for name in ("open", "write", "fsync"):
            self.around(view, name)
        vars(keystore)["os"] = view
        self.around(Path, "rename")


def die() -> None:
    """The process is gone as with the power: nothing is tidied up, its connection is cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def run(request: Callable[[], bool], *, at: int = 0, fault: Callable[[], None] = die) -> Ended:
    """A process of its own makes the request; at the place with this number the fault happens."""
    watch = Watch(at, fault)
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            if at:
                watch.install()
            code = ACKNOWLEDGED * request()
        finally:
            os._exit(code | REACHED * (at > 0 and watch.reached))
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Ended(acknowledged=False, reached=True, committed=bool(watch.commits[0]))
    code = os.WEXITSTATUS(status)
    return Ended(bool(code & ACKNOWLEDGED), bool(code & REACHED), bool(watch.commits[0]))
