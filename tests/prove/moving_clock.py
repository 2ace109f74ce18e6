"""A clock that runs as the machine's does, some days ahead or behind, for whole processes.

The service reads the time in one place. Every process that is started with `environment()` has that
one place read the machine's clock and add what the proof has written down for all of them. Its
commands, its code and its settings are those of the real service, and nights take no time.
"""

import mmap
import os
import struct
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workflow import clock

PROJECT = Path(__file__).resolve().parents[2]
VARIABLE = "PROVE_CLOCK"
# Python runs this before anything else. A process that could not take the clock over must not run:
# it would live on another day.
SITE = """
import os
try:
    from tests.prove import moving_clock
    moving_clock.install()
except BaseException:
    import traceback
    traceback.print_exc()
    os._exit(78)
"""


def install() -> None:
    """From here on `clock.now()` of this process is the proof's instant."""
    with open(os.environ[VARIABLE], "rb") as file:  # noqa: PTH123 - this must load nothing more.
        shown = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def now() -> datetime:
        return datetime.now(tz=UTC) + timedelta(seconds=struct.unpack("d", shown[:8])[0])

    clock.now = now


@dataclass
class MovingClock:
    """The proof's hand on the clock: it is only ever moved forward, and each move is kept."""

    folder: Path
    # When it was moved: the machine's instant, the proof's instant, the seconds between them.
    moves: list[tuple[float, float, float]] = field(default_factory=list)

    def begin(self, at: datetime) -> None:
        """It is this instant now; this process and those with `environment()` take it so."""
        (self.folder / "sitecustomize.py").write_text(SITE, encoding="ascii")
        self.path.write_bytes(struct.pack("d", 0.0))
        self._shared = self.path.open("r+b", buffering=0)
        self.move_to(at)
        os.environ[VARIABLE] = str(self.path)
        install()

    @property
    def path(self) -> Path:
        """Where the seconds are written down."""
        return self.folder / "clock"

    def environment(self) -> dict[str, str]:
        """What a process is started with so that it reads this clock."""
        paths = [str(self.folder), str(PROJECT), os.environ.get("PYTHONPATH", "")]
        return {"PYTHONPATH": os.pathsep.join(filter(None, paths)), VARIABLE: str(self.path)}

    def move_to(self, at: datetime) -> None:
        """It is this instant now, and goes on from there."""
        real = time.time()
        ahead = at.timestamp() - real
        if self.moves and ahead < self.moves[-1][2]:
            raise ValueError("This clock is only moved forward.")
        os.pwrite(self._shared.fileno(), struct.pack("d", ahead), 0)
        self.moves.append((real, at.timestamp(), ahead))

    def real(self, at: datetime) -> float:
        """When, on the machine's clock, it was this instant."""
        place = bisect_right([told for _, told, _ in self.moves], at.timestamp())
        return at.timestamp() - self.moves[max(0, place - 1)][2]

    def told(self, real: datetime) -> datetime:
        """Which instant it was when the machine's clock said this."""
        place = bisect_right([moved for moved, _, _ in self.moves], real.timestamp())
        return real + timedelta(seconds=self.moves[max(0, place - 1)][2])
