"""`make prove-at-rest`: children are told of on the screens, and nothing of them rests in clear."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any
from zoneinfo import ZoneInfo

import django

from deploy.local.postgres import free_port
from tests.prove.servers import PROJECT, Broker, Database, servers

LONDON = ZoneInfo("Europe/London")
# A working morning, and the next one: then there are summaries of the day.
MORNING = datetime(2026, 11, 20, 10, tzinfo=LONDON)
NEXT = datetime(2026, 11, 23, 9, tzinfo=LONDON)
GOAL, IN_ONE_CASE, IN_SHORT, FILERS = 1000, 5, 2, 4
ENOUGH_SECONDS, TO_START, TO_DELIVER = 470.0, 120.0, 60.0
# What each process does that is forked from here.
_work: list[Callable[[], Counter[str]]] = []
WAITING = """
SELECT count(*) FROM workflow_outbox
WHERE sent_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL AND next_attempt_at <= '{}'
"""


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, object]:
    """The run's one line: `ok` is false on any hit, and where the search misses what was laid.

    `seconds` is for how long children are told of; without it until there were 1,000. `broken`
    names leaks built in on purpose, by commas (see `leaking.py`): such a run must not be ok.
    """
    began = time.monotonic()
    with servers(kept=True) as (database, broker):
        _prepare(database)
        django.setup()
        # Only now: the settings are read from the servers' environment.
        from tests.prove import canaries, resting  # noqa: PLC0415

        children = canaries.invented(GOAL, seed=seed)
        with _running(database, broker, broken) as (stack, clock):
            ready = time.monotonic()
            limit, together = (
                (ENOUGH_SECONDS, IN_ONE_CASE) if seconds is None else (seconds, IN_SHORT)
            )
            done = _filed(children[1:], stack, limit, together)
            filed = time.monotonic()
            next_day = clock if seconds is None else None
            done["delivered"] = _delivered(database, stack, next_day)
        searched = time.monotonic()
        found = resting.look(database, broker, children)
    times = {"preparing": ready - began, "filing": filed - ready}
    times |= {"searching": time.monotonic() - searched}
    figures = {**{name: round(took, 1) for name, took in times.items()}, **done, **found}
    ok = seconds is not None or done["children"] >= GOAL
    ok = (
        ok
        and bool(done["children"] and done["documents"] and done["delivered"])
        and not found["hits"]
        and not found["not_found"]
    )
    ok = ok and all(found["kilobytes"][place] for place in resting.NEVER_EMPTY)
    took = round(time.monotonic() - began, 1)
    return {"proof": "at-rest", "ok": ok, "seed": seed, "seconds": took, **figures}


def _prepare(database: Database) -> None:
    """Everything that is written lies below one folder, and the database writes down all it can."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    # As in production, not as in the other proofs.
    os.environ["LOG_LEVEL"] = "INFO"
    for name in ("mail", "temp", "logs", "dump", "clock"):
        (database.folder / name).mkdir()
    os.environ["TMPDIR"] = str(database.folder / "temp")
    os.environ["STATIC_ROOT"] = str(database.folder / "static")
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    for setting in ("log_statement = 'all'", "wal_keep_size = '16GB'", "autovacuum = off"):
        database.ask(f"ALTER SYSTEM SET {setting}")
    database.ask("SELECT pg_reload_conf()")


@contextmanager
def _running(database: Database, broker: Broker, broken: str) -> Iterator[Any]:
    """Inside, the service's own processes run with a mail server, on a working morning."""
    from tests.prove import leaking, stack  # noqa: PLC0415
    from tests.prove.moving_clock import MovingClock  # noqa: PLC0415

    clock = MovingClock(database.folder / "clock")
    clock.begin(MORNING)
    line = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(line, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    environment = {**clock.environment(), leaking.VARIABLE: broken}
    made = stack.stack(database, broker, database.folder / "logs", environment)
    for name in made.parts:
        made.fell(name)
    if broken:
        web = made.parts["web"]
        web.command = ["tests.prove.leaking", *web.command]
    address = os.environ["EMAIL_URL"].removeprefix("smtp://")
    takes = ["aiosmtpd", "-n", "-l", address, "-c", "deploy.local.mail.Folder"]
    mail = subprocess.Popen(
        [sys.executable, "-m", *takes, str(database.folder / "mail")],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield made, clock
    finally:
        made.end()
        mail.kill()
        mail.wait()


def _filed(children: Sequence[Any], stack: Any, seconds: float, together: int) -> dict[str, int]:
    """Several people file at once, each in their own authority, until all is told or time is up."""
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from tests.prove import network, world  # noqa: PLC0415
    from tests.prove.canary_filing import Filer  # noqa: PLC0415
    from workflow.people import reference  # noqa: PLC0415

    country = world.settle(FILERS)
    # They sign in as people do.
    Argon2PasswordHasher.memory_cost = 8
    reference._codes(reference.Count())
    connections.close_all()
    _until(stack, stack.whole, TO_START)
    groups = [children[at : at + together] for at in range(0, len(children), together)]
    until = time.time() + seconds
    for number, area in enumerate(country.areas):
        filer = Filer(network.browser(area.notifiers[0].email, stack.port))
        _work.append(partial(filer.work, groups[number::FILERS], until))
    with get_context("fork").Pool(FILERS) as pool:
        total = sum(pool.map(_worked, range(FILERS)), Counter[str]())
    return {name: total[name] for name in ("children", "cases", "documents", "requests")}


def _worked(number: int) -> Counter[str]:
    return _work[number]()


def _delivered(database: Database, stack: Any, next_day: Any) -> bool:
    """Whether every message is with the mail server; with a clock given, the next morning's too."""
    if next_day:
        next_day.move_to(NEXT)
        # The sweep of that morning writes what is then due.
        _until(stack, lambda: False, TO_DELIVER / 2)
    # What was due while children were told of, and not what is for another day.
    due = (NEXT if next_day else MORNING) + timedelta(hours=1)
    waiting = WAITING.format(due.isoformat())
    return _until(stack, lambda: database.ask(waiting, database="service") == [(0,)], TO_DELIVER)


def _until(stack: Any, done: Any, seconds: float) -> bool:
    """Whether this came true in so many seconds, the processes tended meanwhile."""
    limit = time.time() + seconds
    while time.time() < limit:
        stack.tend()
        if done():
            return True
        time.sleep(0.2)
    return False
