"""`manage.py sweep_keys`: keys whose case never came to be are destroyed, and no others."""

import json
import os
import time
from dataclasses import fields
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config import broker
from config.celery import app
from tests.workflow.people.cast import a_case
from workflow.sealed import keys
from workflow.sealed.errors import KeyMissingError
from workflow.sealed.sweeping import Settled
from workflow.sealed.tasks import sweep_keys_now

pytestmark = pytest.mark.django_db


def swept(**options: Any) -> str:
    told = StringIO()
    call_command("sweep_keys", stdout=told, **options)
    return told.getvalue()


def old(key_store: Path, key_id: str, minutes: int = 61) -> None:
    then = time.time() - minutes * 60
    os.utime(next(key_store.glob(f"*/{key_id}.key")), (then, then))


def test_an_old_key_of_no_case_is_destroyed_and_a_case_keeps_its_own(key_store: Path) -> None:
    case, orphan = a_case(), keys.create()
    old(key_store, str(case.key_id))
    old(key_store, orphan)
    settled: dict[str, list[str]] = {one.name: [] for one in fields(Settled)}
    assert json.loads(swept(json=True)) == {"orphans": [orphan], "destroyed": True, **settled}
    with pytest.raises(KeyMissingError):
        keys.get(orphan)
    keys.get(case.key_id)


def test_a_key_younger_than_an_hour_is_left_alone(key_store: Path) -> None:
    a_case()
    young = keys.create()
    old(key_store, young, minutes=59)
    assert swept() == "0 keys of no case destroyed.\n"
    keys.get(young)


def test_a_dry_run_destroys_nothing(key_store: Path) -> None:
    a_case()
    orphan = keys.create()
    old(key_store, orphan)
    assert swept(dry_run=True) == "1 keys of no case would be destroyed.\n"
    keys.get(orphan)


def test_a_database_that_knows_no_key_is_taken_for_the_wrong_one(key_store: Path) -> None:
    orphan = keys.create()
    old(key_store, orphan)
    with pytest.raises(CommandError, match="wrong database or the wrong key store"):
        swept()
    keys.get(orphan)


def test_the_beat_has_it_done_each_day(key_store: Path) -> None:
    entry = broker.beat_schedule["keys"]
    assert entry["schedule"] == timedelta(days=1)
    case, orphan = a_case(), keys.create()
    old(key_store, str(case.key_id))
    old(key_store, orphan)
    app.tasks[str(entry["task"])].run()
    with pytest.raises(KeyMissingError):
        keys.get(orphan)
    keys.get(case.key_id)


def test_the_beat_destroys_nothing_beside_the_wrong_database(
    key_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    orphan = keys.create()
    old(key_store, orphan)
    sweep_keys_now()
    assert "keys were not swept" in caplog.text
    keys.get(orphan)
