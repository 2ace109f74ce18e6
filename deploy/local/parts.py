"""The parts of the demo: started, started again after one has ended, and stopped together.

The pages answer without the others, as they must in real use, so whoever ends one of those on
purpose can look at what the service then does and says.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.local import services, valkey
from deploy.local.places import LOCAL, LOGS, PROJECT, PYTHON, StopError, say, shown, write_private
from deploy.local.programs import last_lines, started_at, stop_group

RUNNING = LOCAL / "running.json"
WEB, BROKER = "web", "broker"
PAUSE = "5"


def wanted_pause(value: str) -> int:
    """After how many seconds a part is started again; StopError when it is no such number."""
    if value.isascii() and value.isdigit():
        return int(value)
    raise StopError(f"DEMO_RESTART_AFTER must be a number of seconds, not {value!r}.")


@dataclass
class Part:
    """A Python module that runs in a session of its own, so that only the launcher stops it."""

    name: str
    module: tuple[str, ...]
    env: Mapping[str, str]
    handles: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """The part runs; what it says is added to its log."""
        with (LOGS / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [PYTHON, "-m", *self.module],
                cwd=PROJECT,
                env=dict(self.env),
                pass_fds=self.handles,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_up(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    @property
    def pid(self) -> int:
        """The number by which somebody can end it."""
        return self.process.pid

    def clear(self) -> None:
        """Nothing that it had started is left."""
        stop_group(self.process)


@dataclass
class Broker:
    """The demo's own Valkey, which the launcher started before any part."""

    name: str = BROKER
    pid: int = field(init=False, default=0)
    began: str = field(init=False, default="")

    def start(self) -> None:
        """It answers, with what it had written down."""
        with services.exclusively():
            valkey.start()
            self.pid = valkey.pid()
        self.began = started_at(self.pid)

    @property
    def is_up(self) -> bool:
        """Whether it has not ended: one that is only halted still has its files."""
        return bool(self.began) and started_at(self.pid) == self.began

    def clear(self) -> None:
        """It has no parts of its own."""


AnyPart = Part | Broker


@dataclass
class Parts:
    """All of them, and since when those that ended have been missing."""

    running: list[AnyPart]
    pause: int
    clock: Callable[[], float] = time.monotonic
    ended: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        """A part that ended is started again once the pause is over; the pages' end ends all."""
        for part in self.running:
            if part.name == WEB or (part.is_up and part.name not in self.ended):
                refuse_a_death([part])
            elif part.name not in self.ended:
                self.ended[part.name] = self.clock()
                say(f"The {part.name} ended; it is started again in {self.pause} seconds")
            elif self.clock() - self.ended[part.name] >= self.pause:
                del self.ended[part.name]
                part.clear()
                part.start()
                write_down(self.running)
                say(f"The {part.name} runs again (process {part.pid})")


def write_down(running: list[AnyPart]) -> None:
    """The next demo can stop these, should this one be killed outright."""
    rows = [
        {"name": one.name, "pid": one.pid, "began": started_at(one.pid)}
        for one in running
        if isinstance(one, Part)
    ]
    write_private(RUNNING, json.dumps(rows))


@contextmanager
def all_running(parts: Iterator[Part], *, broker: bool, pause: int) -> Iterator[Parts]:
    """Inside, the parts run; afterwards none of them does. The broker is not theirs to stop."""
    started: list[AnyPart] = []
    try:
        if broker:
            started.append(Broker())
            started[0].start()
        for part in parts:
            (LOGS / f"{part.name}.log").unlink(missing_ok=True)
            part.start()
            started.append(part)
            write_down(started)
        yield Parts(started, pause)
    finally:
        say("Stopping")
        own = [part for part in started if isinstance(part, Part)]
        for part in own:
            part.process.terminate()
        for part in reversed(own):
            stop_group(part.process)
        RUNNING.unlink(missing_ok=True)


def refuse_a_death(running: list[AnyPart]) -> None:
    """Raises StopError when one of the parts has ended by itself."""
    for part in running:
        if isinstance(part, Part) and not part.is_up:
            if part.process.returncode == 0:
                # As `make clean` ends it.
                raise StopError(f"The demo was stopped from elsewhere: the {part.name} ended.")
            log = LOGS / f"{part.name}.log"
            raise StopError(
                f"The process {part.name} ended by itself (code {part.process.returncode}). "
                f"The end of {shown(log)}:\n{last_lines(log)}"
            )
