"""`make prove-audit`: whoever tampers with the trail, in a file or in the database, is found."""

import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import django

from tests.prove.servers import Database, servers

GOALS = {"tamperings": 10_000, "verified": 1_000_000}
SECONDS = 590.0
# A million entries are verified within so many seconds.
VERIFIED_WITHIN = 10.0
# On a machine too busy for its time, a short run sees this much of each part all the same.
AT_LEAST = 120


def prove(*, seed: int, seconds: float | None = None, broken: str = "") -> dict[str, Any]:
    """The run's one line: `ok` is false when anything went unnoticed, or was suspected for nothing.

    `broken` builds in faults, by commas: "unpinned" trusts the key in the file, "inside-only" the
    checkpoints in the database, "no-content" the rows, "unasked" whatever stands beside a reason.
    """
    began = time.monotonic()
    whole = seconds is None
    with servers() as (database, _), tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        logging.disable(logging.CRITICAL)
        from django.conf import settings  # noqa: PLC0415

        # Pages are drawn as in the tests: nothing is collected for a browser.
        plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STORAGES["staticfiles"] = {"BACKEND": plain}
        settled = _settled(database, folder)
        until = began + (SECONDS - 60 if seconds is None else seconds * 0.85)
        how: Any = {"until": until, "seed": seed, "broken": broken, "whole": whole}
        found = _tampered(database, folder, settled, **how)
        found |= _timed(folder, GOALS["verified"] if whole else 20_000)
    missed = found["unnoticed"] or found["suspected"]
    reached = found["tamperings"] >= GOALS["tamperings"] and found["within"]
    ok = bool(not missed and found["tamperings"] > 0 and (reached or not whole))
    took = round(time.monotonic() - began, 1)
    return {"proof": "audit", "ok": ok, "seed": seed, "seconds": took, **found}


def _settled(database: Database, folder: Path) -> list[str]:
    """A trail of some cases, signed as it grew, with its files; and its database as it was."""
    from django.test import Client  # noqa: PLC0415

    from tests import databases  # noqa: PLC0415
    from tests.prove import looking  # noqa: PLC0415
    from tests.story import a_case, cast  # noqa: PLC0415
    from workflow.audit import tree  # noqa: PLC0415

    looking.open_eyes()
    people, older = cast(), []
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(people.ben)
    for number in range(5):
        day = f"2026-10-{number * 3 + 1:02}"
        story = a_case(people, aware=day).notified(f"2026-10-{number * 3 + 2:02}")
        for page in ("", "timeline/", "people/"):
            client.get(f"/cases/{story.case.address}/{page}")
        with databases.as_worker("service"):
            tree.grow_now()
        if number < 4:
            older.append(f"older_{number}")
            _copy(database, older[-1])
        looking.open_eyes()
    with _mighty("service"):
        _write_files(folder, story.case)
    return older


def _copy(database: Database, name: str) -> None:
    """The database as it is now, under another name."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    database.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'service'")
    database.ask(f"CREATE DATABASE {name} TEMPLATE service")


@contextmanager
def _mighty(name: str) -> Iterator[None]:
    """Inside, the connection is the superuser's, whom no right and no row security keeps out."""
    from tests import databases  # noqa: PLC0415

    with databases.pointed_at(name, USER="postgres"):
        yield


def _write_files(folder: Path, case: Any) -> None:
    from workflow.audit.exporting import bundle, whole_log  # noqa: PLC0415

    (folder / "bundle").write_text(f"{bundle(case)}\n", encoding="utf-8")
    lines = "".join(f"{line}\n" for line in whole_log())
    (folder / "log").write_text(lines, encoding="utf-8")


def _tampered(
    database: Database, folder: Path, older: list[str], *, until: float, seed: int, broken: str,
    whole: bool,
) -> dict[str, Any]:  # fmt: skip
    chance, done, unnoticed = Random(seed), Counter[str](), Counter[str]()
    begun = time.monotonic()
    half = begun + (until - begun) / 2
    most = GOALS["tamperings"] // 2 if whole else 10**9
    suspected = _in_files(folder, chance, done, unnoticed, until=half, most=most, broken=broken)
    first = sum(done.values())
    for name in older:
        with _mighty(name):
            done["restored"] += 1
            unnoticed["restored"] += not _noticed(folder, broken)
    database.ask("SELECT 1")
    with _mighty("service"):
        suspected += _noticed(folder, "")
        how: Any = {"until": until, "most": most, "broken": broken}
        _in_the_database(folder, chance, done, unnoticed, **how)
    return {
        "tamperings": sum(done.values()),
        "in_files": first,
        "unnoticed": sum(unnoticed.values()),
        "unnoticed_by_kind": {kind: count for kind, count in unnoticed.items() if count},
        "suspected": suspected,
        "by_kind": dict(sorted(done.items())),
    }


def _in_files(
    folder: Path, chance: Random, done: Counter[str], unnoticed: Counter[str], *, until: float,
    most: int, broken: str,
) -> int:  # fmt: skip
    """Tampers with the files; returns how often an untouched one was suspected."""
    from tests.prove.tampering import IN_A_FILE  # noqa: PLC0415

    path, whole = folder / "tampered", [(folder / name).read_bytes() for name in ("bundle", "log")]
    suspected = sum(_verdict(folder / name, broken) != 0 for name in ("bundle", "log"))
    for number in range(most):
        if time.monotonic() > until and number >= AT_LEAST:
            break
        kind = list(IN_A_FILE)[number % len(IN_A_FILE)]
        before = chance.choice(whole)
        after = IN_A_FILE[kind](before, chance)
        if after == before:
            continue
        path.write_bytes(after)
        done[f"file-{kind}"] += 1
        unnoticed[f"file-{kind}"] += _verdict(path, broken) == 0
    return suspected


def _verdict(path: Path, broken: str) -> int:
    """The verifier's exit code, with the key pinned; a fault trusts whatever key the file names."""
    from workflow.audit import keys, verify_audit  # noqa: PLC0415

    key = bytes.fromhex(keys.public())
    if "unpinned" in broken:
        try:
            key = bytes.fromhex(json.loads(path.read_bytes().splitlines()[0])["key"])
        except (ValueError, KeyError, TypeError, IndexError):
            return 1
    return verify_audit.judged(Namespace(file=path, key=key, witness=None))[0]


def _in_the_database(
    folder: Path, chance: Random, done: Counter[str], unnoticed: Counter[str], *, until: float,
    most: int, broken: str,
) -> None:  # fmt: skip
    """Tampers with the database, looks, and takes it back."""
    from django.db import connection, transaction  # noqa: PLC0415

    from tests.prove.tampering import IN_THE_DATABASE, statements  # noqa: PLC0415

    sizes = {}
    with connection.cursor() as cursor:
        for table in ("event", "look", "leaf", "checkpoint"):
            cursor.execute(f"ALTER TABLE workflow_{table} DISABLE TRIGGER ALL")
            cursor.execute(f"SELECT count(*) FROM workflow_{table}")
            sizes[table] = cursor.fetchone()[0]
    for number in range(most):
        if time.monotonic() > until and number >= AT_LEAST:
            break
        kind = list(IN_THE_DATABASE)[number % len(IN_THE_DATABASE)]
        with transaction.atomic():
            with connection.cursor() as cursor:
                changed = 0
                for one in statements(kind, chance, sizes):
                    cursor.execute(one)
                    changed += cursor.rowcount
            if changed:
                done[kind] += 1
                unnoticed[kind] += not _noticed(folder, broken)
            transaction.set_rollback(True)


def _noticed(folder: Path, broken: str) -> bool:
    """Whether `manage.py audit verify` finds anything wrong."""
    from unittest.mock import patch  # noqa: PLC0415

    from workflow.audit import checking, keys, tree  # noqa: PLC0415
    from workflow.audit.models import Checkpoint  # noqa: PLC0415
    from workflow.audit.verify_audit import TakenOut  # noqa: PLC0415

    outside = tree.kept_outside()
    if "inside-only" in broken:
        outside = [tree.as_found(row) for row in Checkpoint.objects.order_by("size")]
    key = bytes.fromhex(keys.public())
    faults: dict[str, tuple[Any, str]] = {
        "no-content": (checking, "_compare"),
        "unasked": (TakenOut, "unexplained"),
    }
    with ExitStack() as built_in:
        for name in faults.keys() & broken.split(","):
            built_in.enter_context(patch.object(*faults[name], return_value=[]))
        return bool(checking.check_database(outside, key=key).wrong)


def _timed(folder: Path, entries: int) -> dict[str, Any]:
    """How long the one file takes over a log of so many entries, in a process of its own."""
    from workflow.audit import keys, verify_audit  # noqa: PLC0415

    log = folder / "long"
    _write_a_log(log, entries)
    line = [sys.executable, "-I", verify_audit.__file__, str(log), f"--key={keys.public()}"]
    began = time.monotonic()
    done = subprocess.run([*line, "--json"], capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    holds = json.loads(done.stdout)["entries"] == entries and done.returncode == 0
    return {
        "verified": entries if holds else 0,
        "verified_seconds": round(took, 2),
        "within": bool(holds and took <= VERIFIED_WITHIN),
    }


def _write_a_log(path: Path, entries: int) -> None:
    from tests.story import moment  # noqa: PLC0415
    from workflow.audit import exporting, tree, verify_audit  # noqa: PLC0415

    peaks: verify_audit.Peaks = []
    counts: Counter[int] = Counter()
    at = "2026-10-01T09:00:00.000000Z"
    body = path.with_suffix(".body")
    with body.open("wb") as file:
        for number in range(entries):
            salt, case = secrets.token_bytes(16), number % 997
            content = (
                f'{{"v": 1, "at": "{at}", "id": {number}, "act": "view.content", "way": "page",'
                f' "case": {case}, "kind": "look", "page": "timeline", "role": "la_approver",'
                f' "fields": "content", "person": {number % 53}, "capacity": "notifying_authority",'
                f' "authority": 1, "organisation": 1}}'
            ).encode()
            verify_audit.grow(peaks, verify_audit.leaf(verify_audit.commitment(salt, content)))
            counts[case] += 1
            file.write(salt.hex().encode() + b" " + content + b"\n")
    one = tree.signed(entries, peaks, sorted(counts.items()), at=moment("2026-10-02"))
    head = exporting.signed({"format": verify_audit.LOG, "checkpoints": [one]})
    with path.open("wb") as file:
        file.write(f"{head}\n".encode())
        file.write(body.read_bytes())
