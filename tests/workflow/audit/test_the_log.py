"""Every act and every look stands in a signed log, which proves itself to whoever distrusts us."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from tests import databases, sight
from tests.story import Story, a_case, cast, moment
from workflow import clock
from workflow.audit import keys, tree, verify_audit
from workflow.audit.models import Arrival, Checkpoint, Event, Leaf, Look
from workflow.health.signs import audit_log
from workflow.health.words import said

TODAY = "2026-12-10"
VERIFIER = Path(verify_audit.__file__)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


@pytest.fixture
def stories(committing_db: str) -> list[Story]:
    """Two cases, sent, of which one was looked at; all of it signed in two steps."""
    people = cast()
    found = [
        a_case(people, aware="2026-12-01").notified("2026-12-02"),
        a_case(people, aware="2026-12-03").notified("2026-12-04"),
    ]
    grow(committing_db)
    client = Client()
    client.force_login(people.ben)
    client.get(f"/cases/{found[0].case.address}/timeline/")
    grow(committing_db)
    return found


def grow(name: str) -> int:
    """What the worker does each minute."""
    with databases.as_worker(name):
        return tree.grow_now()


def audit(*arguments: Any) -> tuple[int, str]:
    """The code of a command as an operator runs it, and what it said."""
    from io import StringIO  # noqa: PLC0415

    out = StringIO()
    try:
        with sight.shut():
            call_command("audit", *map(str, arguments), stdout=out, stderr=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def verified(path: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """What the one file says, run by itself with nothing of the project in reach."""
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), "--json", *arguments],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["code"] == done.returncode
    return done.returncode, found


@pytest.fixture
def bundle(stories: list[Story], tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    assert audit("export", stories[0].case.reference, "--out", path)[0] == 0
    return path


def test_every_act_and_every_look_is_in_the_log_and_nothing_waits(stories: list[Story]) -> None:
    assert Leaf.objects.count() == Event.objects.count() + Look.objects.count() > 5
    assert not Arrival.objects.exists()
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [
        one["size"] for one in tree.kept_outside()
    ]
    assert audit("verify") == (0, audit("verify")[1])


def test_a_bundle_proves_itself_and_says_who_saw_what_and_when(bundle: Path) -> None:
    code, found = verified(bundle, f"--key={keys.public()}")
    assert (code, found["ok"]) == (0, True), found
    assert found["entries"] == len(found["words"]) > 2
    assert "2026-12-02T10:00:00.000000Z: Ada (Northmoor) did: submit" in " ".join(found["words"])
    assert (
        "2026-12-10T09:30:00.000000Z: Ben (la_notifier, Northmoor) saw what was written about it,"
        " by a page, as notifying_authority." in found["words"][-1]
    )


def test_a_key_that_stands_in_the_file_alone_is_not_enough(bundle: Path) -> None:
    assert verified(bundle)[0] == 2
    assert verified(bundle, f"--key={'00' * 32}")[0] == 1


def test_the_verifier_is_one_file_that_needs_only_python() -> None:
    named = set()
    for one in ast.walk(ast.parse(VERIFIER.read_text())):
        if isinstance(one, ast.ImportFrom):
            named.add(str(one.module))
        elif isinstance(one, ast.Import):
            named |= {each.name for each in one.names}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names
    assert len(named) > 5


def test_the_end_of_a_case_cannot_be_left_out(bundle: Path) -> None:
    found = json.loads(bundle.read_text())
    del found["entries"][-1]
    forged(bundle, found)
    code, said = verified(bundle, f"--key={keys.public()}")
    assert (code, said["said"]) == (
        1,
        "Entries of the case are missing: another number of them was signed.",
    )


def forged(path: Path, found: dict[str, Any]) -> None:
    """Written as somebody would who has the key, and no other log to sign."""
    found["signature"] = keys.sign(verify_audit.statement_message(found))
    path.write_text(f"{verify_audit.written(found)}\n")


def test_what_a_witness_holds_must_be_what_the_bundle_leads_to(
    bundle: Path, stories: list[Story], tmp_path: Path
) -> None:
    key, lines = f"--key={keys.public()}", tree.kept_outside()
    witness = tmp_path / "witness"
    witness.write_text(f"{tree.line(lines[0])}\n")
    assert verified(bundle, key, f"--witness={witness}")[0] == 0
    later = tree.signed(lines[-1]["size"] + 1, [(0, b"x" * 32)], [], at=moment(TODAY))
    witness.write_text(f"{tree.line(later)}\n")
    assert "Rolled back" in verified(bundle, key, f"--witness={witness}")[1]["said"]
    other = tree.signed(lines[-1]["size"], [(0, b"x" * 32)], [], at=moment(TODAY))
    witness.write_text(f"{tree.line(other)}\n")
    assert verified(bundle, key, f"--witness={witness}")[0] == 1


def test_the_whole_log_proves_itself(stories: list[Story], tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert audit("export", "--all", "--out", path)[0] == 0
    code, found = verified(path, f"--key={keys.public()}")
    assert (code, found["entries"]) == (0, Leaf.objects.count()), found
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], *lines[3:]]) + "\n")
    assert verified(path, f"--key={keys.public()}")[0] == 1


LAST = "(SELECT max(position) FROM workflow_leaf)"
LOOKS = "case_id, authority_id, person_id, role, capacity, act, page, fields, way, at"


def test_an_entry_written_otherwise_is_not_as_it_was_written(
    stories: list[Story], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    audit("export", "--all", "--out", path)
    head, entry, *rest = path.read_bytes().splitlines(keepends=True)
    salt, _, content = entry.partition(b" ")
    # The same bytes as a program reads them; not the same file.
    for otherwise in (salt.upper() + b" " + content, b" " + entry, entry[:-1] + b"\r\n"):
        path.write_bytes(b"".join([head, otherwise, *rest]))
        assert verified(path, f"--key={keys.public()}")[0] == 1, otherwise
    path.write_bytes(b"".join([head, entry, *rest])[:-1] + b" ")
    assert verified(path, f"--key={keys.public()}")[0] == 1


def test_a_signature_written_otherwise_is_not_as_it_was_written(bundle: Path) -> None:
    signature = (found := json.loads(bundle.read_text()))["signature"]
    for otherwise in (signature.upper(), f" {signature}", f"{signature[:64]} {signature[64:]}"):
        bundle.write_text(f"{verify_audit.written({**found, 'signature': otherwise})}\n")
        assert verified(bundle, f"--key={keys.public()}")[0] == 1, otherwise


TAMPERINGS = {
    "a row changed": "UPDATE workflow_event SET act = 'receive' WHERE sequence = 1",
    "a row removed": "DELETE FROM workflow_look",
    "somebody else looked": "UPDATE workflow_look SET person_id = person_id - 1",
    "a leaf removed from the end": f"DELETE FROM workflow_leaf WHERE position = {LAST}",
    "a leaf changed": "UPDATE workflow_leaf SET commitment = sha256(commitment)",
    "a checkpoint changed": "UPDATE workflow_checkpoint SET root = counts",
    "a row added past the triggers": (
        f"INSERT INTO workflow_look ({LOOKS}) SELECT {LOOKS} FROM workflow_look LIMIT 1"
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_whatever_the_owner_of_the_tables_does_is_found(
    what: str, stories: list[Story], committing_db: str
) -> None:
    with databases.as_owner(committing_db) as server:
        for table in ("event", "look", "leaf", "checkpoint"):
            server.execute(f"ALTER TABLE workflow_{table} DISABLE TRIGGER USER".encode())
        server.execute(TAMPERINGS[what].encode())
    code, said = audit("verify")
    assert code == 1, said


def test_a_log_without_its_checkpoints_outside_is_not_believed(
    stories: list[Story], settings: Settings
) -> None:
    path = Path(settings.AUDIT_CHECKPOINTS)
    whole = path.read_text()
    path.unlink()
    assert audit("verify")[0] == 1
    path.write_text(whole.replace('"size":', '"size": 1', 1))
    assert audit("verify")[0] == 1
    path.write_text(whole)
    assert audit("verify")[0] == 0


def test_erased_content_leaves_a_leaf_that_still_stands(
    stories: list[Story], committing_db: str, tmp_path: Path
) -> None:
    with databases.as_owner(committing_db) as server:
        server.execute(b"ALTER TABLE workflow_look DISABLE TRIGGER USER")
        server.execute(b"DELETE FROM workflow_look")
    path = tmp_path / "bundle.json"
    assert audit("export", stories[0].case.reference, "--out", path)[0] == 0
    code, found = verified(path, f"--key={keys.public()}")
    assert code == 0, found
    assert "erased" in found["words"][-1]


def test_what_arrives_while_somebody_else_takes_is_taken_next_time(
    stories: list[Story], committing_db: str
) -> None:
    with databases.as_worker(committing_db), databases.as_owner(committing_db) as other:
        other.execute(b"BEGIN")
        other.execute(b"SELECT pg_advisory_xact_lock(hashtext('audit log'))")
        assert tree.grow_now() == 0
        other.execute(b"ROLLBACK")
    a_case(stories[0].cast, aware="2026-12-05")
    assert grow(committing_db) > 0
    assert audit("verify")[0] == 0


def test_an_entry_that_waits_too_long_is_a_sign_of_illness(
    stories: list[Story], committing_db: str
) -> None:
    now = moment(TODAY, "09:30")
    assert audit_log(now).well
    a_case(stories[0].cast, aware=TODAY)
    with time_machine.travel(moment(TODAY, "09:50"), tick=False):
        assert not audit_log(moment(TODAY, "09:50")).well
    grow(committing_db)
    assert audit_log(moment(TODAY, "09:50")).well


def test_an_entry_that_is_dated_before_it_was_written_waits_since_the_last_were_taken_in(
    stories: list[Story], committing_db: str
) -> None:
    """As each of the demo's, whose cases are told at the time at which they happened."""
    with clock.told(moment("2026-11-02")):
        a_case(stories[0].cast, aware="2026-11-02")
    last = Checkpoint.objects.latest("size").at
    ten = timedelta(minutes=10)
    assert audit_log(last + ten).well
    found = audit_log(last + ten + timedelta(seconds=1))
    assert not found.well
    assert found.figures["oldest_seconds"] == 601
    assert "nothing in for 10 minutes" in said(found, at=last).wrong
    # A clock that was wrong when it was signed hides nothing.
    assert not audit_log(last - ten - timedelta(seconds=1)).well


def test_without_a_key_nothing_is_signed_and_the_sign_says_so(
    stories: list[Story], committing_db: str, settings: Settings
) -> None:
    settings.AUDIT_KEY = bytes(32)
    before = Checkpoint.objects.count()
    a_case(stories[0].cast, aware=TODAY)
    assert grow(committing_db) > 0
    assert Checkpoint.objects.count() == before
    assert not audit_log(moment(TODAY, "09:50")).well
    with pytest.raises(CommandError, match="no key to sign with"):
        audit("key")
