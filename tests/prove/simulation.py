"""Simulated years under constant faults: what happened is then judged by the oracle."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, connection

from tests.law.oracle import easter
from tests.prove import judge, post, time_row, workers, world
from tests.prove.chaos import Chaos
from tests.prove.oracle import works
from tests.prove.servers import Broker, Database
from workflow.models import Heartbeat, Reminder
from workflow.outbox.delivering import deliver

LONDON = ZoneInfo("Europe/London")
# A Saturday: the clocks change on the next day, and Easter and a coronation come soon.
FIRST, LAST = date(2023, 3, 25), date(2028, 11, 1)
LOST = (DatabaseError, InterfaceError)
STUCK_AFTER_SECONDS = 90.0
SWEEPERS, WORKERS, BEATS = 2, 2, 2


class StuckError(Exception):
    """The service did not come to the end of what was owed, however long it was waited for."""


@dataclass
class Run:
    """One simulation: its dice, its clerk, the moments at which the service was up."""

    dice: random.Random
    clerk: world.Clerk
    chaos: int
    up: list[datetime] = field(default_factory=list)
    jumps: int = 0
    leaps: int = 0
    outages: int = 0

    def live(self, seconds: float, *, least: int) -> date:
        """Day after day until the time is over; returns the last simulated day.

        On a busy machine it goes on, for at most 90 seconds more, until so many were recorded. The
        last day is a working day: nothing waits for the next one.
        """
        day, began = FIRST, time.monotonic()
        while day < LAST:
            gone = time.monotonic() - began
            enough = gone > seconds + 90 or (gone > seconds and _recorded() >= least)
            if enough and works(day - timedelta(days=1)):
                break
            # However short a run is, it lives through its first weekend.
            if day < FIRST + timedelta(days=3):
                pass
            elif self.dice.random() < 1 / 25:
                day = self._outage(day)
            elif self.dice.random() < 1 / 25:
                self._jump_back(day)
            elif self.dice.random() < 1 / 25:
                # The clock leaps over a day while everything runs.
                self.leaps += 1
                day += timedelta(days=1)
            for at in _moments(day):
                self._tick(at)
            retrying(self.clerk.act)
            day += timedelta(days=1)
        return day

    def told(self) -> dict[str, int]:
        """What befell it, in numbers."""
        return {
            "outages": self.outages,
            "clock_jumps": self.jumps,
            "clock_leaps": self.leaps,
            "acts": self.clerk.acts,
        }

    def _tick(self, at: datetime) -> None:
        retrying(lambda: time_row.tell(at))
        if not time_row.wait_until(lambda: _swept(at), seconds=STUCK_AFTER_SECONDS):
            raise StuckError(f"Nothing was swept to the end at {at}.")
        self.up.append(at)

    def _outage(self, day: date) -> date:
        """Everything is down for hours or days, and comes back."""
        self.outages += 1
        os.kill(self.chaos, signal.SIGUSR1)
        time.sleep(0.15)
        day += timedelta(days=self.dice.choice((0, 0, 1, 2, 5)))
        back = datetime.combine(day, wall(11, 17), tzinfo=LONDON)
        retrying(lambda: time_row.tell(back))
        os.kill(self.chaos, signal.SIGUSR2)
        self._tick(back)
        return day + timedelta(days=1)

    def _jump_back(self, day: date) -> None:
        """The clock is set back for a while, and then right again."""
        self.jumps += 1
        now = datetime.combine(day, wall(2), tzinfo=LONDON)
        back = self.dice.choice((timedelta(hours=1), timedelta(days=1), timedelta(days=30)))
        retrying(lambda: time_row.tell(now - back))
        time.sleep(0.1)


def _moments(day: date) -> Iterator[datetime]:
    """When the service is looked at: after eight, when people act, and as the clocks change."""
    if _clocks_change(day):
        for hour in (0, 1, 2):
            yield datetime.combine(day, wall(hour, 30), tzinfo=UTC)
    yield datetime.combine(day, wall(8, 0, 30), tzinfo=LONDON)
    yield datetime.combine(day, wall(14), tzinfo=LONDON)


def _lived(last: date) -> dict[str, int]:
    """The days of the run, and how many of those that are a danger to a clock were among them."""
    days = [FIRST + timedelta(days=number) for number in range((last - FIRST).days)]
    return {
        "simulated_days": len(days),
        "clock_changes": sum(_clocks_change(day) for day in days),
        "christmases": sum((day.month, day.day) == (12, 25) for day in days),
        "easters": sum(day == easter(day.year) for day in days),
    }


def _clocks_change(day: date) -> bool:
    return (datetime.combine(day, wall(23), LONDON).utcoffset()) != (
        datetime.combine(day, wall(0), LONDON).utcoffset()
    )


def _recorded() -> int:
    return int(str(retrying(Reminder.objects.count)))


def _swept(at: datetime) -> bool:
    found = retrying(lambda: Heartbeat.objects.filter(name=Heartbeat.SWEEP, at__gte=at).exists())
    return bool(found)


def retrying(act: Callable[[], object]) -> object:
    """What the act answers, once the database is there to be asked."""
    while True:
        try:
            return act()
        except LOST:
            connection.close()
            time.sleep(0.02)


def _roles() -> dict[str, Callable[[], None]]:
    roles = {f"sweeper-{n}": workers.sweeper for n in range(SWEEPERS)}
    roles |= {f"worker-{n}": workers.worker for n in range(WORKERS)}
    return roles | {f"beat-{n}": workers.beat for n in range(BEATS)}


def simulate(
    database: Database,
    broker: Broker,
    *,
    book: Path,
    calm: Callable[[], None],
    seed: int,
    seconds: float,
    cases: float,
    standing: int,
    least: int,
) -> dict[str, object]:
    """The figures of a run of so many real seconds; `calm` is called before what waits goes out."""
    began = time.monotonic()
    report = book.with_name("toll.json")
    workers.warm()
    chaos = Chaos(_roles(), database, broker, seed, report, paused=True).start()
    try:
        time_row.install()
        time_row.tell(datetime.combine(FIRST, wall(6), tzinfo=LONDON))
        dice = random.Random(seed)
        clerk = world.Clerk(world.settle(10), random.Random(dice.random()), cases)
        clerk.open_many(standing)
        run = Run(dice, clerk, chaos)
        os.kill(chaos, signal.SIGUSR2)
        last = run.live(seconds, least=least)
    finally:
        os.kill(chaos, signal.SIGTERM)
        os.waitpid(chaos, 0)
    calm()
    _drain()
    return {
        "seconds": round(time.monotonic() - began, 1),
        **_lived(last),
        **run.told(),
        **json.loads(report.read_text(encoding="ascii")),
        **post.mischief(book),
        **judge.figures(clerk.country, run.up, book=book),
    }


def _drain() -> None:
    """What waits goes out: every lease and every wait between attempts is over."""
    connection.close()
    connection.settings_dict.update(USER="safeguarding_worker")
    at = retrying(time_row.look)
    for hours in range(1, 60):
        moment = at + timedelta(hours=2 * hours)  # type: ignore[operator]
        retrying(lambda moment=moment: time_row.tell(moment))  # type: ignore[misc]
        retrying(deliver)
