"""Once a record has ended a web process renews the keys of the indexes, and health says if not."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from notifications import index, index_health
from tests import databases
from tests.live import in_database
from tests.notifications.answers import a_draft, at, country, fill, sent, sign_in, written
from tests.notifications.looking import (
    RHYS,
    found_by,
    nationwide,
    of_southfen,
    owns,
    veil,
    words,
)
from tests.story import Cast, cast, day
from tests.workflow.health.processes import until, worker_of
from tests.workflow.retention.telling import closed, ended, step
from workflow import clock
from workflow.access import context
from workflow.health import lookout, signs
from workflow.health.signs import Sign
from workflow.health.words import said
from workflow.models import Case, DisposalStep, IndexKey
from workflow.retention import disposing
from workflow.sealed import keys

CHORE = lookout.CHORES[index_health.NAME]


def seen(minutes: int = 0) -> Sign:
    """The sign, so many minutes after the first end of a record."""
    first = DisposalStep.objects.filter(kind="confirmed").order_by("at").first()
    at = first.at + timedelta(minutes=minutes) if first else clock.now()
    with context.serving(context.HEALTH):
        return index_health.sign(at)


@contextmanager
def as_in_a_web_process(database: str, key_store: Path) -> Iterator[None]:
    """Inside, what is started knows what a web process that knows the worker does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_ROLE", "app")
        patched.setenv("DATABASE_URL", in_database(os.environ["DATABASE_URL"], database))
        patched.setenv("DATABASE_WORKER_URL", worker_of(database))
        patched.setenv("KEY_STORE", str(key_store))
        yield


def test_a_web_process_gives_the_indexes_new_keys_as_the_application(
    committing_db: str, key_store: Path
) -> None:
    with time_machine.travel("2026-11-20T10:00:00+00:00", tick=False):
        everyone = country(cast())
        story = closed(everyone)
        written(story.case, everyone.ada)
        other = written(a_draft(everyone), everyone.ada)
        before, known = owns(other), words(other)
        assert not CHORE.asked_by(seen())
        ended(story, "2101-11-20")
    assert CHORE.asked_by(seen())
    with as_in_a_web_process(committing_db, key_store):
        starter = lookout.Starter(CHORE)
        assert starter.start()
        until(lambda: not starter.tidy(), 60, "it hangs")
    assert not CHORE.asked_by(seen())
    assert owns(other) == {veil(everyone.northmoor).word(word) for word in known}
    assert not owns(other) & before
    assert nationwide(other, veil(everyone.panel))


def test_who_watches_as_the_worker_reads_every_sign_of_the_database(
    committing_db: str, today: object
) -> None:
    everyone = country(cast())
    story = closed(everyone)
    written(story.case, everyone.ada)
    ended(story, "2101-11-20")
    with databases.as_worker(committing_db), context.serving(context.HEALTH):
        for look in signs.IN_DATABASE.values():
            assert look(clock.now()).figures.get("asked") is not False
        assert index_health.sign(clock.now()).figures["behind"] == 2
        assert set(DisposalStep.objects.values_list("kind", flat=True)) == {"confirmed"}


def test_status_says_within_an_hour_of_the_first_end_that_the_keys_are_old(
    everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = closed(everyone), closed(everyone)
    written(first.case, everyone.ada)
    assert (seen().well, seen().figures["behind"]) == (True, 0)
    ended(first, "2101-11-20")
    ended(second, "2101-11-21")
    assert seen(minutes=60).well
    late = seen(minutes=61)
    assert (late.well, late.figures["behind"]) == (False, 2)
    told = said(late, at=clock.now())
    assert "no new keys since" in told.wrong
    assert "index_children --renew" in told.to_do
    with django_capture_on_commit_callbacks(execute=True):
        assert index.renew(on=day("2101-11-21")) == 2
    assert (seen(minutes=61).well, seen(minutes=61).figures["behind"]) == (True, 0)


def test_a_key_that_is_made_after_a_record_ended_is_not_behind(everyone: Cast) -> None:
    ended(closed(everyone), "2101-11-20")
    of_southfen(everyone)
    assert set(IndexKey.objects.values_list("after", flat=True)) == {1}
    assert not CHORE.asked_by(seen(minutes=61))


def test_an_end_that_began_before_a_renewal_and_is_there_after_it_is_not_missed(
    committing_db: str, today: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its step has the smaller number: so ends are counted."""
    everyone, on = country(cast()), "2101-11-20"
    first, second = closed(everyone), closed(everyone)
    written(first.case, everyone.ada)
    step(first, "propose", "adam", on)
    began, goes_on = Event(), Event()

    def waits(case: Case) -> None:
        if case.pk == first.case.pk:
            began.set()
            assert goes_on.wait(20)

    def beside() -> None:
        try:
            step(first, "confirm", "ben", on)
        finally:
            connection.close()

    monkeypatch.setattr(disposing, "ERASED", [waits, *disposing.ERASED])
    with ThreadPoolExecutor(1) as other:
        ending = other.submit(beside)
        assert began.wait(20)
        ended(second, on)
        assert index.renew(on=day(on)) == 2
        goes_on.set()
        ending.result(timeout=20)
    confirmed = DisposalStep.objects.filter(kind="confirmed").order_by("pk")
    assert [one.case_id for one in confirmed] == [first.case.pk, second.case.pk]
    assert CHORE.asked_by(seen())


@pytest.mark.parametrize("trouble", ["away", "destroyed"])
def test_a_key_that_is_lost_is_said_and_asks_no_process_and_can_be_given_up(
    everyone: Cast, trouble: str, django_capture_on_commit_callbacks: Any
) -> None:
    mine, hers = sent(a_draft(everyone), everyone.ada), of_southfen(everyone)
    key = IndexKey.objects.get(organisation=everyone.northmoor)
    if trouble == "away":
        next(keys.store().folder.glob(f"*/{key.key_id}.key")).unlink()
    else:
        keys.dispose_of(key.key_id)
    ended(closed(everyone), "2101-11-20")
    assert (seen().well, seen().figures["lost"], seen().figures["behind"]) == (False, 1, 2)
    assert "--lost" in said(seen(), at=clock.now()).to_do
    with pytest.raises(CommandError, match="can’t be read: 1"):
        call_command("index_children", renew=True, stdout=StringIO())
    assert not CHORE.asked_by(seen())
    before, why = owns(mine), {"reason": "It was another name."}
    fill(
        sign_in(everyone.ada),
        at("amend-item", mine, page="name", item=1),
        RHYS["name"] | why,
    )
    assert owns(mine) == before, "what can't be written stays"
    with django_capture_on_commit_callbacks(execute=True):
        call_command("index_children", lost=True, stdout=StringIO())
    assert seen().well
    assert keys.store().is_gone(key.key_id)
    assert found_by(everyone.priya, hers) == [mine.pk]
    assert owns(mine) == {veil(everyone.northmoor).word(word) for word in words(mine)}


def test_the_keys_of_indexes_are_not_forgotten_by_undoing_their_migration(
    everyone: Cast,
) -> None:
    migration = import_module("workflow.migrations.0044_keys_of_indexes")
    migration.refuse_to_forget(apps, None)
    of_southfen(everyone)
    with pytest.raises(RuntimeError, match="not undone"):
        migration.refuse_to_forget(apps, None)


def test_nor_are_their_tables_dropped_before_that_is_refused(everyone: Cast) -> None:
    """What undoes both undoes, and commits, the tables' own migration first."""
    migration = import_module("notifications.migrations.0006_find_children_by_digests").Migration
    *_, first_undone = migration.operations
    with connection.cursor() as cursor:
        cursor.execute(first_undone.reverse_sql)
        of_southfen(everyone)
        with pytest.raises(DatabaseError, match="not undone"):
            cursor.execute(first_undone.reverse_sql)
