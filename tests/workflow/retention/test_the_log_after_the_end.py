"""The audit log still verifies after a record has ended, offline and by itself."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from tests import databases, sight
from tests.story import Story, moment
from tests.workflow.retention.telling import DUE, WORDS, closed, ended
from workflow.audit import keys, tree, verify_audit
from workflow.retention.certificate import certificate_of
from workflow.retention.standing import standing_of
from workflow.sealed import keys as sealing


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    with time_machine.travel(moment(DUE, "12:00"), tick=False):
        found = closed()
        grow(committing_db)
        ended(found)
        grow(committing_db)
        yield found


def grow(name: str) -> None:
    with databases.as_worker(name):
        assert tree.grow_now()


def audit(*arguments: str) -> None:
    with sight.shut():
        call_command("audit", *arguments, stdout=StringIO())


def test_it_verifies_and_the_certificate_stands_in_it(story: Story, tmp_path: Path) -> None:
    audit("verify")
    path = tmp_path / "bundle.json"
    audit("export", str(story.case.reference), "--out", str(path))
    assert WORDS not in path.read_text()
    done = subprocess.run(
        [sys.executable, "-I", verify_audit.__file__, str(path), f"--key={keys.public()}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    acts = [json.loads(one["content"])["act"] for one in json.loads(path.read_text())["entries"]]
    assert acts[-2:] == ["propose_disposal", "confirm_disposal"]
    found = certificate_of(story.case, standing_of(story.case))
    assert found is not None
    assert found.key_is_gone
    assert sealing.store().is_gone(story.case.key_id)
    newest = tree.kept_outside()[-1]["size"]
    assert found.position == newest
    assert found.signed == newest
