"""`make prove-machine`: a case goes only where the process lets it go, whoever acts at once."""

import logging
import multiprocessing
import os
import time
from functools import partial
from typing import Any

import django

from tests.prove.servers import Database, servers

# What a whole run must have done, and how long it may take altogether.
GOALS = {"races": 5_000, "raw_steps": 1_000_000, "steps": 200_000, "edge_hit_least": 1_000}
SECONDS = 590.0
WALKERS = 2
# Kept back at the end of a whole run.
JUDGING = 5.0
MUST_BE_NOUGHT = (
    "won_not_once",
    "unclear",
    "interleaved",
    "errors",
    "deadlocks",
    "raw_divergences",
    "divergences",
    "stranded",
)
# Of the time of a shorter run, and at most of a whole one, what each part may take.
USUAL = (0.5, 0.2, 0.3)
# A fault is looked for where it can be seen.
SHARES = {
    **dict.fromkeys(("no-lock", "plain-save"), (1.0, 0.0, 0.0)),
    "no-wall": (0.0, 1.0, 0.0),
    **dict.fromkeys(
        ("edge-too-many", "role-too-many", "forgotten-clock", "never-again"), (0.0, 0.0, 1.0)
    ),
    # One in each part, seen in that part's figures alone.
    "no-lock,no-wall,role-too-many": (0.2, 0.2, 0.6),
}


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, Any]:
    """The run's one line: `ok` is false on any miss, and where a whole run fell short of its goals.

    `broken` names a fault built in on purpose (see `broken.py`): such a run must not be ok, and
    each walk ends where it has found it.
    """
    began = time.monotonic()
    with servers() as (database, _):
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        logging.disable(logging.CRITICAL)
        from tests.prove import broken as faults  # noqa: PLC0415
        from tests.prove import looking  # noqa: PLC0415

        looking.open_eyes()
        _hash_quickly()
        faults.build_in(broken, database)
        whole = seconds is None
        length = SECONDS - (time.monotonic() - began) if seconds is None else seconds
        racing, raw, walking = SHARES.get(broken, USUAL)
        found = _raced(length * racing, whole=whole)
        found |= _stepped(database, length * raw, seed=seed, whole=whole)
        left = began + SECONDS - time.monotonic() if whole else length * walking
        found |= _walked(left, seed=seed, whole=whole, until_a_fault=bool(broken))
        [[deadlocks]] = database.ask(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = 'service'"
        )
        found["deadlocks"] = deadlocks
    right = found["races"] == found["transitions"] == found["events"] and found["races"] > 0
    faultless = right and not any(found[name] for name in MUST_BE_NOUGHT)
    reached = not whole or all(found[name] >= goal for name, goal in GOALS.items())
    everything = found["cells"] == found["cells_in_all"] or not whole
    took = round(time.monotonic() - began, 1)
    ok = bool(faultless and reached and everything)
    return {"proof": "machine", "ok": ok, "seed": seed, "seconds": took, **found}


def _hash_quickly() -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415

    # Nobody here ever signs in.
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    Argon2PasswordHasher.memory_cost = 8


def _raced(seconds: float, *, whole: bool) -> dict[str, Any]:
    from tests.prove import races  # noqa: PLC0415
    from tests.prove.together import together  # noqa: PLC0415
    from workflow import services  # noqa: PLC0415

    field = races.settle(GOALS["races"] if whole else max(30, int(seconds * 25)))
    context = multiprocessing.get_context("fork")
    starts = [context.Barrier(races.RACERS) for _ in range(races.GROUPS)]
    began = time.monotonic()
    how: Any = {"until": began + seconds, "advance": services.advance}
    race = partial(races.race, field=field, starts=starts, **how)
    told = together(race, races.GROUPS * races.RACERS)
    took = time.monotonic() - began
    found = races.judged(told) | races.trail(field)
    return {**found, "races_a_second": round(found["races"] / took, 1)}


def _stepped(database: Database, seconds: float, *, seed: int, whole: bool) -> dict[str, Any]:
    from tests.prove import raw_steps  # noqa: PLC0415
    from tests.prove.together import together  # noqa: PLC0415

    raw_steps.prepare(database)
    began = time.monotonic()
    steps = (GOALS["raw_steps"] if whole else 10**9) // WALKERS
    how: Any = {"seed": seed, "steps": steps, "until": began + seconds}
    walks = together(partial(raw_steps.walk, **how), WALKERS)
    return raw_steps.judged(walks, seconds=time.monotonic() - began)


def _walked(seconds: float, *, seed: int, whole: bool, until_a_fault: bool) -> dict[str, Any]:
    from tests.prove import untried, walked, walker  # noqa: PLC0415
    from tests.prove.together import together  # noqa: PLC0415

    places = walker.settle(WALKERS)
    began = time.monotonic()
    until = began + seconds - (JUDGING if whole else 0)
    steps = GOALS["steps"] // WALKERS if whole else 10**9

    def going(found: walked.Found, todo: untried.Untried) -> bool:
        faulty = until_a_fault and (found.divergences or found.stranded)
        more = found.steps < steps or todo.number > 0
        return more and time.monotonic() < until and not faulty

    how: Any = {"seed": seed, "going": going, "places": places}
    walks = together(partial(walker.walk, **how), WALKERS)
    return walked.judged(walks, seconds=time.monotonic() - began)
