"""`make prove-full-stack`: the real processes, killed and hung while people file."""

import os
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
import psycopg

from deploy.local.postgres import free_port
from tests.prove.oracle import on_or_after
from tests.prove.servers import Broker, Database, servers

LONDON = ZoneInfo("Europe/London")
# The clocks change in the night after the first weekend day of this run.
FIRST = date(2026, 10, 19)
SECONDS, GOAL, GOAL_TOLD = 420.0, 100, 250
FAULT_EVERY, FAULTY_MAIL = 2.8, 0.12
DRAFTS, DRAFTS_IN_SHORT, STANDING, VISITORS = 1500, 250, 25, 3
A_SWEEP, TO_RECOVER, TO_DELIVER = 60.0, 120.0, 120.0
# A look every few tenths of a second, and the sweep itself.
TO_SEE = 5.0
SWEPT = """
SELECT at, pg_xact_commit_timestamp(xmin) FROM workflow_heartbeat WHERE name = 'sweep'
"""
WAITING = """
SELECT count(*) FROM workflow_outbox
WHERE sent_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL
"""
MUST_BE_NOUGHT = (
    "lost",
    "half_written",
    "opened_lost",
    "sent_twice",
    "missing",
    "unexpected",
    "doubled",
    "late",
    "early",
    "undelivered",
    "given_up",
    "on_days_off",
    "second_digests",
    "wrongly_withheld",
    "asked_in_vain",
    "clocks_differ",
    "sweeps_overdue",
    "not_recovered",
    "visitors_lost",
)


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, object]:
    """The run's one line: `ok` is false on any miss, and where a whole run fell short of its goal.

    `seconds` is for how long things are broken. `broken` names a fault built in on purpose (see
    `broken.py`), one that lies in the database: such a run must not be ok.
    """
    began = time.monotonic()
    with servers() as (database, broker), tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary), free_port()
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        os.environ["STATIC_ROOT"] = str(folder / "static")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        # Only now: the settings are read from the servers' environment.
        from tests.prove.moving_clock import MovingClock  # noqa: PLC0415

        clock = MovingClock(folder)
        clock.begin(datetime.combine(FIRST, wall(10), tzinfo=LONDON))
        django.setup()
        from tests.prove import broken as faults  # noqa: PLC0415
        from tests.prove import full_world, looking  # noqa: PLC0415

        looking.open_eyes()
        whole = seconds is None
        world = full_world.settle(database, DRAFTS if whole else DRAFTS_IN_SHORT, STANDING)
        faults.build_in(broken, database)
        run = _run(database, broker, clock, folder, port, seed)
        try:
            run.live(world, SECONDS if seconds is None else seconds)
            figures = {**run.figures(), **full_world.judged(world, database, folder)}
            figures |= full_world.reminders(world, clock, run.up, run.done, folder / "book")
        finally:
            run.end()
    faultless = not any(figures[name] for name in MUST_BE_NOUGHT)
    reached = not whole or (figures["faults"] >= GOAL and figures["acknowledged"] >= GOAL_TOLD)
    took = round(time.monotonic() - began, 1)
    ok = faultless and reached and bool(figures["acknowledged"] and figures["reminders"])
    return {"proof": "full-stack", "ok": ok, "seed": seed, "seconds": took, **figures}


def _run(
    database: Database, broker: Broker, clock: Any, folder: Path, port: int, seed: int
) -> "Run":
    from tests.prove.disorder import Disorder, Mail  # noqa: PLC0415
    from tests.prove.stack import stack  # noqa: PLC0415

    made = stack(database, broker, folder, clock.environment())
    mail = Mail(folder / "book", port, seed, FAULTY_MAIL)
    disorder = Disorder(made, mail, random.Random(seed), FAULT_EVERY, folder)
    return Run(database, clock, folder, made, disorder, mail)


@dataclass
class Run:
    """One run: the stack, what is done to it, and the sweeps that were seen."""

    database: Database
    clock: Any
    folder: Path
    stack: Any
    disorder: Any
    mail: Any
    up: list[datetime] = field(default_factory=list)
    # When, by the proof's clock, each of these sweeps had come to its end.
    done: dict[datetime, datetime] = field(default_factory=dict)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    visitors: list[int] = field(default_factory=list)
    recovered: float = 0.0
    delivered: float = 0.0
    looked: float = 0.0
    visitors_lost: int = 0

    def live(self, world: Any, seconds: float) -> None:
        """It was started, broken for so long, left alone, and then had delivered everything."""
        from tests.prove import full_world  # noqa: PLC0415

        self.mail.start()
        for name in self.stack.parts:
            self.stack.fell(name)
        self._until(lambda: self.stack.whole() and bool(self.up), seconds=90)
        if not self.up:
            raise RuntimeError(f"The stack did not start:\n{self._logs()}")
        world.begin(self.database, self.stack.port, self.folder, self.visitors)
        limit, morning = time.time() + seconds, self._morning()
        while time.time() < limit:
            self.disorder.act()
            self._look()
            if self.up[-1] > morning + timedelta(seconds=1):
                morning = self._morning()
        self.recovered = self._until(self._recovered, seconds=TO_RECOVER)
        self.visitors_lost = full_world.end(self.visitors)
        # Every wait between attempts is over, it is a working day; the mail server has got well.
        self.mail.faults = 0.0
        self.mail.stop(seconds=0)
        on = self._now().astimezone(LONDON).date() + timedelta(days=1)
        self.clock.move_to(datetime.combine(on_or_after(on), wall(11), tzinfo=LONDON))
        self.delivered = self._until(self._nothing_waits, seconds=TO_DELIVER)

    def figures(self) -> dict[str, Any]:
        """What was done, and how the sweeps came."""
        overdue = [
            (since, until)
            for since, until in self.gaps
            if until - since > A_SWEEP + TO_SEE + self.stack.down(since, until)
        ]
        first, last = self.gaps[0][0], self.gaps[-1][1]
        return {
            "faults": sum(self.disorder.faults.values()),
            **dict(sorted(self.disorder.faults.items())),
            "mornings": len(self.clock.moves) - 2,
            "sweeps_seen": len(self.up),
            "longest_without_sweep": round(max(until - since for since, until in self.gaps), 1),
            "seconds_down": round(self.stack.down(first, last), 1),
            "sweeps_overdue": len(overdue),
            "recovered_after": round(self.recovered, 1),
            "delivered_after": round(self.delivered, 1),
            "visitors_lost": self.visitors_lost,
            "not_recovered": int(not self.recovered) + int(not self.delivered),
        }

    def end(self) -> None:
        """Nothing that it started is left."""
        from tests.prove import full_world  # noqa: PLC0415

        full_world.end(self.visitors)
        self.stack.end()
        self.mail.stop(seconds=0)

    def _now(self) -> datetime:
        told: datetime = self.clock.told(datetime.now(tz=UTC))
        return told

    def _morning(self) -> datetime:
        """It is a little before eight in London on the next day; eight is returned."""
        on = self._now().astimezone(LONDON).date() + timedelta(days=1)
        eight = datetime.combine(on, wall(8), tzinfo=LONDON)
        self.clock.move_to(eight - timedelta(seconds=10))
        return eight

    def _until(self, done: Any, *, seconds: float) -> float:
        """The seconds it took until this came true; nought when it did not in so many."""
        began = time.time()
        while time.time() < began + seconds:
            self._look()
            if done():
                return max(0.1, time.time() - began)
        return 0.0

    def _look(self) -> None:
        self.stack.tend()
        self.mail.tend()
        time.sleep(0.05)
        if time.time() < self.looked + 0.3:
            return
        self.looked = time.time()
        with suppress(psycopg.Error):
            found = self.database.ask(SWEPT, database="service")
            if found and found[0][0] not in self.up[-1:]:
                at: Any
                committed: Any
                at, committed = found[0]
                if self.up:
                    self.gaps.append((self.clock.real(self.up[-1]), self.clock.real(at)))
                self.up.append(at)
                self.done[at] = self.clock.told(committed)

    def _recovered(self) -> bool:
        """Every part works, and a sweep that began after the last fault has come to its end."""
        return bool(self.stack.whole() and self.clock.real(self.up[-1]) > self.disorder.last_at)

    def _nothing_waits(self) -> bool:
        with suppress(psycopg.Error):
            [[waiting]] = self.database.ask(WAITING, database="service")
            return waiting == 0 and self.clock.real(self.up[-1]) > self.clock.moves[-1][0]
        return False

    def _logs(self) -> str:
        return "\n".join(
            part.log.read_text(errors="replace")[-1500:] for part in self.stack.parts.values()
        )
