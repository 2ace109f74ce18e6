"""`make prove-api`: whatever a program sends, nothing breaks, and each refusal says what to do."""

import logging
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import django

from tests.prove.servers import Database, servers

GOALS = {"cases": 200_000, "by_schemathesis": 20_000}
SECONDS = 590.0
WORKERS = 2
# In one round: so many calls of each operation by schemathesis, fitting and unfitting, and so many
# times as many by own generators.
EACH, TIMES = {True: 40, False: 2}, 9
MUST_BE_NOUGHT = (
    "server_errors", "unhelpful", "untrue", "repeated", "differences", "unaccounted", "deadlocks",
)  # fmt: skip


@dataclass
class Found:
    """What one process sent, and what was wrong with the answers."""

    cases: int = 0
    by_schemathesis: int = 0
    filed: int = 0
    changed: int = 0
    limited: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, Counter[str]] = field(default_factory=dict)


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, Any]:
    """The run's one line: `ok` is false on any answer that a program could not go on with.

    `broken` names faults built in on purpose (see `api_broken.py`): such a run must not be ok.
    """
    began, whole = time.monotonic(), seconds is None
    with servers() as (database, _):
        places, first = _settled(database, broken)
        # A short run has its time whole, however long the servers took to come up.
        length = SECONDS - (time.monotonic() - began) if seconds is None else seconds
        found = _asked(places, max(length, 1), seed=seed, whole=whole)
        found["unaccounted"] = abs(_cases() - first - found["filed"])
        [[found["deadlocks"]]] = database.ask(
            "SELECT deadlocks::int FROM pg_stat_database WHERE datname = 'service'"
        )
    nought = not any(found[name] for name in MUST_BE_NOUGHT)
    reached = all(found[name] >= goal for name, goal in GOALS.items())
    did = all(found[name] for name in ("by_schemathesis", "filed", "changed", "limited"))
    ok = bool(nought and (reached if whole else did))
    took = round(time.monotonic() - began, 1)
    return {"proof": "api", "ok": ok, "seed": seed, "seconds": took, **found}


def _settled(database: Database, broken: str) -> tuple[Any, int]:
    """The service of this process, with systems let in; and how many cases they filed so far."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415

    # A secret is 128 random symbols, and here it guards nothing.
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    Argon2PasswordHasher.memory_cost = 8
    settings.API_REQUESTS_PER_MINUTE = 10**9
    from tests.prove import api_broken, api_world, looking  # noqa: PLC0415
    from tests.prove.calling import Line  # noqa: PLC0415

    # Nothing here rests on surviving a crash.
    database.ask("ALTER SYSTEM SET fsync = off")
    database.ask("SELECT pg_reload_conf()")
    looking.open_eyes()
    places = api_world.settle(Line())
    first = _cases()
    looking.shut_eyes()
    api_broken.build_in(broken)
    return places, first


def _cases() -> int:
    from tests.prove import looking  # noqa: PLC0415
    from workflow.models import Case  # noqa: PLC0415

    looking.open_eyes()
    return Case.objects.count()


def _asked(places: Any, seconds: float, *, seed: int, whole: bool) -> dict[str, Any]:
    from tests.prove.together import together  # noqa: PLC0415

    how: Any = {"until": time.monotonic() + seconds - 2, "seed": seed, "whole": whole}
    told = together(partial(_share, places=places, **how), WORKERS)
    names = ("cases", "by_schemathesis", "filed", "changed", "limited")
    wrong = {kind: sum((one.wrong[kind] for one in told), Counter[str]()) for kind in told[0].wrong}
    statuses = sum((one.statuses for one in told), Counter[int]())
    return {
        **{name: sum(getattr(one, name) for one in told) for name in names},
        "statuses": {str(status): number for status, number in sorted(statuses.items())},
        **{kind: found.total() for kind, found in wrong.items()},
        "examples": {
            kind: [f"{number} x {what}" for what, number in found.most_common(8)]
            for kind, found in wrong.items()
            if found
        },
    }


def _share(worker: int, *, places: Any, until: float, seed: int, whole: bool) -> Found:
    """What one process found, of one authority's systems, before time was up or all was done."""
    from tests.prove.api_asking import Programs  # noqa: PLC0415
    from tests.prove.api_described import Described  # noqa: PLC0415
    from tests.prove.api_judging import Judge  # noqa: PLC0415
    from workflow.api import openapi  # noqa: PLC0415

    document, dice = openapi.document(), Random(f"{seed} {worker}")
    judge, found = Judge(document), Found()
    programs = Programs(places, worker, dice, judge)
    described = Described(document, dice)

    rounds = 0

    def go_on() -> bool:
        done = whole and programs.calls >= GOALS["cases"] / WORKERS
        # On a busy machine, too, a short run is a whole round long.
        return not done and (time.monotonic() < until or not (rounds or whole))

    programs.begin()
    while go_on():
        programs.sit_down()
        before = programs.calls
        described.use(EACH[whole], programs.by_description, programs.real, go_on)
        made = programs.calls - before
        found.by_schemathesis += made
        for _ in range(made * TIMES):
            if not go_on():
                break
            programs.one()
        rounds += 1
    found.cases, found.filed = programs.calls, programs.filed
    found.changed, found.limited = programs.changed, programs.limited
    found.statuses = judge.statuses
    found.wrong = {**judge.wrong, "differences": Counter(programs.differences)}
    return found
