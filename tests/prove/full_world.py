"""Who lives beside the full stack: people with drafts, people who open cases; and how it ended."""

import os
import signal
import subprocess
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from tests.notifications.answers import when
from tests.prove import drafts, judge, network, shapes, world
from tests.prove.moving_clock import MovingClock
from tests.prove.servers import PROJECT, Database
from workflow import clock
from workflow.people import reference

VISITORS = 3
COMMITTED = """
SELECT e.case_id, e.sequence, pg_xact_commit_timestamp(e.xmin) FROM workflow_event e
"""
WITHOUT_CLOCK = """
SELECT token FROM workflow_case c WHERE NOT EXISTS (
    SELECT FROM workflow_deadline d WHERE d.case_id = c.id AND d.duty = 'notify-the-panel'
)
"""


@dataclass
class World:
    """The country, the drafts to be sent, and who sends them, in several browsers at once."""

    country: world.Country
    tokens: list[str]
    sender: str
    draft: str
    sent: str = ""

    def begin(self, database: Database, port: int, folder: Path, visitors: list[int]) -> None:
        """One is sent with nobody in its way: this is what whole means. Then all are at work."""
        browsers = [network.browser(self.sender, port) for _ in range(VISITORS)]
        if not browsers[0].send(self.tokens[0]):
            raise RuntimeError("A notification could not be sent even in peace.")
        self.sent = shapes.undated(shapes.shape_of(database, self.tokens[0]))
        if self.draft == self.sent or "submitted" not in self.sent:
            raise RuntimeError(f"These are not the shapes of whole cases: {self}")
        connections.close_all()
        for number, browser in enumerate(browsers):
            own = self.tokens[1 + number :: len(browsers)]
            visitor = network.Visitor(browser, own, folder, f"visitor-{number}", number)
            pid = os.fork()
            if pid == 0:
                try:
                    visitor.work()
                except BaseException:  # noqa: BLE001 - this process ends here, and says why.
                    traceback.print_exc()
                finally:
                    os._exit(1)
            visitors.append(pid)


def end(visitors: list[int]) -> int:
    """These processes are gone; how many of them had ended by themselves, as none should."""
    gone = 0
    while visitors:
        pid = visitors.pop()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        gone += os.WIFEXITED(os.waitpid(pid, 0)[1])
    return gone


def settle(database: Database, number: int, standing: int) -> World:
    """The country exists, with complete drafts in one area and cases under way in the others."""
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    line = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(line, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    country = world.settle(4)
    reference._codes(reference.Count())
    area = country.areas[0]
    sender = area.notifiers[0]
    pattern = drafts.draft(area.authority, sender, _dates(clock.today()))
    with psycopg.connect(_superuser(database), autocommit=True) as server:
        tokens = drafts.multiply(server, pattern, drafts=number)
    rest = replace(country, areas=country.areas[1:])
    clerk = world.Clerk(rest, Random(standing), 0.0)
    clerk.open_many(standing)
    clerk.act()
    draft = shapes.undated(shapes.shape_of(database, tokens[0]))
    return World(country, tokens, sender.email, draft)


def _dates(on: date) -> dict[str, dict[str, str]]:
    day = on.isoformat()
    return {
        "awareness": {**when("aware_on", day), "aware_time": ""},
        "when": {**when("began_on", day), "time": "9:15am"},
        "informed-when": when("police_on", day),
    }


def _superuser(database: Database) -> str:
    return f"host=127.0.0.1 port={database.port} user=postgres dbname=service"


def judged(found: World, database: Database, folder: Path) -> dict[str, Any]:
    """What people were told is so, and nothing is there in part or twice."""
    now = {token: shapes.undated(shape) for token, shape in shapes.shapes(database).items()}
    acknowledged = network.told(folder, "noted")
    opened, aware = network.told(folder, "opened"), network.told(folder, "aware")
    clockless = database.ask(WITHOUT_CLOCK, database="service")
    return {
        "acknowledged": len(acknowledged),
        "opened": len(opened),
        "lost": sum(now.get(token) != found.sent for token in acknowledged),
        "half_written": sum(now[token] not in (found.draft, found.sent) for token in found.tokens)
        + shapes.number(database, shapes.WITHOUT_MACHINE),
        "opened_lost": len(opened - now.keys()) + len(aware & {str(t) for [t] in clockless}),
        "sent_twice": shapes.number(database, shapes.SENT_TWICE),
    }


def reminders(
    found: World,
    moving: MovingClock,
    up: list[datetime],
    done: dict[datetime, datetime],
    book: Path,
) -> dict[str, object]:
    """What was owed and what was recorded, as the judge of the simulation has it."""
    committed = {
        (case, sequence): moving.told(at.astimezone(UTC))
        for case, sequence, at in judge._ask(COMMITTED)
        if at is not None
    }
    return judge.figures(found.country, up, book=book, committed=committed, done=done)
