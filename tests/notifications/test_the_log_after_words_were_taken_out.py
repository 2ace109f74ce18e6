"""The audit log verifies as before once words are gone, and the permission to rewrite ends at once.

In a database of its own, so that each step really commits.
"""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests import databases, sight
from tests.notifications.answers import a_draft, country
from tests.notifications.redacted import (
    COPIES_OF_A_NOTIFICATION,
    NAME,
    answered,
    left,
    named_in_error,
    proposed,
)
from tests.notifications.searching import places_with
from tests.story import Cast, cast, moment
from workflow import clock
from workflow.audit import keys, tree, verify_audit
from workflow.audit.walls import THIS_TRANSACTION
from workflow.models import Case, Redaction


def grow(name: str) -> None:
    with databases.as_worker(name):
        assert tree.grow_now()


def export(case: Case, path: Path) -> str:
    """The case's bundle, and what the one file that verifies it says."""
    with sight.shut():
        call_command("audit", "verify", stdout=StringIO())
        call_command("audit", "export", case.reference, "--out", str(path), stdout=StringIO())
    return verified(path)


def verified(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-I", verify_audit.__file__, str(path), f"--key={keys.public()}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout


def test_bundles_from_before_and_after_verify_and_later_nothing_can_be_rewritten(
    committing_db: str, tmp_path: Path
) -> None:
    with time_machine.travel(moment("2026-11-20", "10:00"), tick=False):
        everyone = country(cast())
        case = named_in_error(a_draft(everyone), everyone)
        found = proposed(case, everyone)
        grow(committing_db)
        before, after = tmp_path / "before.json", tmp_path / "after.json"
        assert export(case, before) == ""
        assert places_with(NAME) == COPIES_OF_A_NOTIFICATION | {"workflow_redaction.words"}
        answered(case, found, everyone)
        assert places_with(NAME) == set()
        grow(committing_db)
        assert export(case, after) == ""
        # The act stands in it, behind what was there.
        assert '\\"take_words_out\\"' in after.read_text()
        later(case, everyone)
        with_a_table_of_ones_own(committing_db, case, everyone)


STAND_IN = f"""
CREATE TEMPORARY TABLE workflow_redaction ON COMMIT DROP AS
SELECT DISTINCT case_id, {THIS_TRANSACTION} AS confirmed_in, item, section, section AS page,
    regexp_replace(document, '-[0-9]+$', '') AS document FROM workflow_answersevent
"""


def with_a_table_of_ones_own(name: str, case: Case, everyone: Cast) -> None:
    """Where the application may make a temporary table after all, it opens nothing."""
    with pytest.raises(DatabaseError, match="permission denied to create temporary tables"):
        run(everyone, STAND_IN)
    with databases.as_owner(name) as server:
        server.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO PUBLIC'.encode())
    shut = sight.of(everyone.ben, on=clock.today())
    with shut, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAND_IN)
        for statement in REWRITE:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM workflow_redaction WHERE case_id = %s", [case.pk])
        assert cursor.fetchone()[0] > 0


REWRITE = (
    "UPDATE workflow_answersevent SET answers = answers WHERE section = 'description'",
    "UPDATE notifications_amendment SET before = before",
)


def later(case: Case, everyone: Cast) -> None:
    """In a later transaction: raw SQL as the application rewrites nothing of the same answer."""
    left(case, everyone.ada, "/another/", NAME)
    confirmed = Redaction.objects.get(state="confirmed").confirmed_in
    for statement in REWRITE:
        with pytest.raises(DatabaseError, match="append-only"):
            run(everyone, statement)
    for statement in (
        f"UPDATE workflow_redaction SET confirmed_in = {THIS_TRANSACTION}",
        "UPDATE workflow_redaction SET state = 'proposed'",
    ):
        with pytest.raises(DatabaseError, match="answered once"):
            run(everyone, statement)
    assert run(everyone, "UPDATE workflow_keptpage SET kept = kept WHERE page = '/another/'") == 0
    assert Redaction.objects.get(state="confirmed").confirmed_in == confirmed


def run(everyone: Cast, statement: str) -> int:
    person = everyone.ben
    with (
        sight.of(person, on=clock.today()),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return int(cursor.rowcount)
