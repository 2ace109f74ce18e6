"""`make prove-isolation`: nobody is shown, mailed or told of a case that is not theirs."""

import logging
import os
import time
from collections import Counter
from functools import partial
from random import Random
from typing import Any

import django

from tests.prove.servers import Database, servers

GOALS = {"requests": 50_000}
SECONDS = 590.0
WORKERS = 2
# Cells of one reader that are asked in one go, by whether the run is whole.
SIZES = {True: 120, False: 24}
MUST_BE_NOUGHT = (
    "leaks",
    "differences",
    "changed",
    "server_errors",
    "leaks_rls_alone",
    "leaks_scoping_alone",
)


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, Any]:
    """The run's one line: `ok` is false on any leak, and where a whole run asked too little.

    `broken` builds in a fault: "no-locks" takes both locks away, "restricted" what sets grants
    aside, "telling" says on the page for what is not there whether it is there for others.
    """
    began, whole = time.monotonic(), seconds is None
    with servers() as (database, _):
        world = _settled(database, whole=whole, seed=seed)
        found = _posted(world)
        length = (SECONDS if seconds is None else seconds) - (time.monotonic() - began)
        how: Any = {"seed": seed, "whole": whole, "broken": broken}
        found |= _asked(world, database, max(length - 6, 1), **how)
        found["leaks"] += found.pop("leaks_in_mail")
    nought = not any(found[name] for name in MUST_BE_NOUGHT)
    reached = all(found[name] >= goal for name, goal in GOALS.items())
    ok = bool(nought and found["shown"] > 0 and found["messages"] > 0 and (reached or not whole))
    took = round(time.monotonic() - began, 1)
    return {"proof": "isolation", "ok": ok, "seed": seed, "seconds": took, **found}


def _settled(database: Database, *, whole: bool, seed: int) -> Any:
    """The service of this process, with everybody's cases in it and nobody's eyes open."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    logging.getLogger().handlers[:] = []
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415

    # Pages are drawn as in the tests; nobody signs in by a password that means anything.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    Argon2PasswordHasher.memory_cost = 8
    from tests.prove import apart, beside, looking, sights  # noqa: PLC0415
    from workflow import clock  # noqa: PLC0415

    # Databases are made anew all the time here, and nothing rests on their surviving a crash.
    database.ask("ALTER SYSTEM SET fsync = off")
    database.ask("SELECT pg_reload_conf()")
    looking.open_eyes()
    world = apart.settle(whole=whole, seed=seed)
    beside.fill(world)
    for reader in world.readers:
        sights.judge(world, reader, on=clock.today())
    beside.told_of_emergencies(world)
    return world


def _posted(world: Any) -> dict[str, Any]:
    """What the worker sends of all this, and to whom."""
    from tests.prove import beside  # noqa: PLC0415

    return beside.posted(world, "service")


def _asked(
    world: Any, database: Database, seconds: float, *, seed: int, whole: bool, broken: str
) -> dict[str, Any]:
    from tests.prove import beside, locks, looking, matrix  # noqa: PLC0415
    from tests.prove.together import together  # noqa: PLC0415

    with database.connected("service") as server:
        beside.read_keys(world, server)
    looking.shut_eyes()
    found: dict[str, Any] = {}
    for number, phase in enumerate(locks.PHASES[broken]):
        parts = matrix.blocks(world, Random(seed + number), size=SIZES[whole])
        until = time.monotonic() + seconds * phase.share
        how: Any = {"phase": phase, "parts": parts, "until": until, "seed": seed}
        how["least"] = 0 if whole else phase.least
        told = together(partial(_share, world=world, database=database, **how), WORKERS)
        found |= _judged(told, phase.alone, sum(map(len, parts)))
    return found


def _share(
    worker: int, *, world: Any, database: Database, phase: Any, parts: list[Any], until: float,
    seed: int, least: int,
) -> Any:  # fmt: skip
    """What one process found in its share of the matrix, with a lock taken away or none."""
    from tests.prove.asking import Asker  # noqa: PLC0415

    for fault in phase.here:
        fault()
    name = f"apart_{phase.alone or 'whole'}_{worker}"
    how: Any = {"seed": seed + worker, "alone": phase.alone, "prepare": phase.there}
    return Asker(world, database, name, **how).ask(parts[worker::WORKERS], until, least)


def _judged(told: list[Any], alone: str, cells: int) -> dict[str, Any]:
    leaks: Counter[str] = sum((one.leaks for one in told), Counter())
    if alone:
        name = {"rows": "rls", "scoping": "scoping"}[alone]
        return {
            f"requests_{name}_alone": sum(one.requests for one in told),
            f"leaks_{name}_alone": leaks.total(),
            f"examples_{name}_alone": _worst(leaks),
        }
    kinds = ("leaks", "differences", "changed", "server_errors")
    wrong: dict[str, Counter[str]] = {
        kind: sum((getattr(one, kind) for one in told), Counter()) for kind in kinds
    }
    numbers = ("requests", "cells", "files", "feeds", "log_lines", "shown")
    sets = ("addresses", "roles", "relations")
    return {
        **{name: sum(getattr(one, name) for one in told) for name in numbers},
        "cells_in_all": cells,
        **{name: len(set().union(*(getattr(one, name) for one in told))) for name in sets},
        **{kind: found.total() for kind, found in wrong.items()},
        "leaks_rls_alone": 0,
        "leaks_scoping_alone": 0,
        "examples": {kind: _worst(found) for kind, found in wrong.items() if found},
    }


def _worst(found: Counter[str]) -> list[str]:
    return [f"{number} x {what}" for what, number in found.most_common(20)]
