"""Nobody finds a child by what stands in an index who should not, and an ended record nobody."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from notifications import index
from notifications.models import ChildDigest, NationalDigest
from tests import databases, sight
from tests.notifications.answers import (
    a_draft,
    at,
    country,
    fill,
    sent,
    written,
)
from tests.notifications.looking import (
    ON,
    RHYS,
    found_by,
    nationwide,
    of_southfen,
    owns,
    veil,
    words,
)
from tests.story import Cast, Story, cast, day
from tests.workflow.retention.telling import closed, ended
from workflow.access import context
from workflow.models import Case, IndexKey
from workflow.sealed import blind, keys
from workflow.sealed.sweeping import let_go, settle_keys, sweep_keys


def test_the_key_of_one_authority_finds_nothing_of_another(draft: Case, everyone: Cast) -> None:
    """Whoever had both tables and one authority's key would find that one's own cases alone."""
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    assert len(words(mine)) > 3
    assert words(mine) == words(hers)
    northmoor, southfen, panel = (
        {veil(body).word(word) for word in words(mine)}
        for body in (everyone.northmoor, everyone.southfen, everyone.panel)
    )
    assert (owns(mine), owns(hers)) == (northmoor, southfen)
    assert not northmoor & southfen
    assert not panel & (northmoor | southfen)
    assert nationwide(mine, veil(everyone.panel)) == nationwide(hers, veil(everyone.panel)) == panel
    for body in (everyone.northmoor, everyone.southfen):
        rows = NationalDigest.objects.values_list("place", "digest")
        assert {veil(body).case_at(place) for place, _ in rows} == {None}
        assert {veil(body).opened(digest, blind.WORD) for _, digest in rows} == {None}


def test_no_row_of_one_table_leads_to_a_row_of_the_other(draft: Case, everyone: Cast) -> None:
    """Whoever has all rows and no key, and knows one case, finds no other about that child."""
    mine = sent(draft, everyone.ada)
    of_southfen(everyone)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM notifications_childdigest o"
            " JOIN notifications_nationaldigest n ON n.digest = o.digest"
            " OR n.place = o.digest OR position(int8send(o.case_id) IN n.place) > 0"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT * FROM notifications_nationaldigest")
        assert [column.name for column in cursor.description or ()] == ["place", "digest"]
        rows = cursor.fetchall()
    assert len(rows) == 2 * len(words(mine)) > 0
    assert len({bytes(place) for place, _ in rows}) == len(rows), "no place says of which case"


def test_the_national_index_is_shown_for_a_purpose_of_the_service_alone(
    draft: Case, everyone: Cast
) -> None:
    sent(draft, everyone.ada)
    for who in ("ada", "adam", "priya", "sol"):
        with sight.of(everyone.people[who], on=ON):
            assert not NationalDigest.objects.exists(), who
            assert not NationalDigest.objects.all().delete()[0], who
            with context.serving(context.KEYS):
                assert not NationalDigest.objects.exists(), who
            with context.serving(context.CHILDREN):
                assert NationalDigest.objects.exists(), who


def test_the_database_shows_digests_of_cases_in_sight_alone(draft: Case, everyone: Cast) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    for who, case in (("ada", mine), ("cara", hers)):
        with sight.of(everyone.people[who], on=ON):
            assert set(ChildDigest.objects.values_list("case", flat=True)) == {case.pk}
    with sight.of(everyone.adam, on=ON):
        assert not ChildDigest.objects.filter(case=hers).exists()


def test_a_record_that_ended_is_found_by_nobody_and_with_an_older_backup_neither(
    everyone: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """Its digests come back with the older database; the keys that they were made with don't."""
    story: Story = closed(everyone)
    written(story.case, everyone.ada)
    other = written(a_draft(everyone), everyone.ada)
    known, old = words(story.case), list(ChildDigest.objects.filter(case=story.case))
    old_national = list(NationalDigest.objects.all())
    assert known
    assert len(old_national) == 2 * len(known)
    before = {str(key_id) for key_id in IndexKey.objects.values_list("key_id", flat=True)}
    # What is written on 20 November 2026 is kept for 75 years: it may be of a looked-after child.
    ended(story, "2101-11-20")
    panel = veil(everyone.panel)
    assert not owns(story.case)
    assert not nationwide(story.case, panel)
    with django_capture_on_commit_callbacks(execute=True):
        assert index.renew(on=day("2101-11-21")) == 2
    assert all(keys.store().is_gone(key_id) for key_id in before)
    assert index.renew(on=day("2101-11-22")) == 0, "nothing has ended since"
    # Whoever stands is found as before, and no case was opened for it.
    assert owns(other) == {veil(everyone.northmoor).word(word) for word in words(other)}
    new = veil(everyone.panel)
    assert nationwide(other, new) == {new.word(word) for word in words(other)}
    NationalDigest.objects.bulk_create(old_national)
    ChildDigest.objects.bulk_create(old)
    assert len(owns(story.case)) == len(known)
    for body in (everyone.northmoor, everyone.panel):
        tried = {veil(body).word(word) for word in known}
        assert not tried & owns(story.case)
        assert not tried & {bytes(row.digest) for row in old_national}
    assert {new.case_at(row.place) for row in old_national} == {None}


def test_the_worker_which_has_every_key_reads_neither_index(
    committing_db: str, today: object
) -> None:
    everyone = country(cast())
    written(a_draft(everyone), everyone.ada)
    with databases.as_worker(committing_db):
        for model in (ChildDigest, NationalDigest):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.exists()


def test_what_was_there_before_the_indexes_is_found_once_they_were_written(
    draft: Case, everyone: Cast
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    for model in (ChildDigest, NationalDigest):
        model.objects.all().delete()
    assert found_by(everyone.priya, hers) == []
    with sight.shut():
        assert list(index.keep_all(on=ON)) == [True, True]
    assert found_by(everyone.priya, hers) == [mine.pk]
    assert owns(mine) == {veil(everyone.northmoor).word(word) for word in words(mine)}
    keys.store().destroy(mine.key_id)
    for options, verb in (({"dry_run": True}, "would be written"), ({}, "written")):
        said = StringIO()
        with pytest.raises(CommandError, match="1 case can’t be opened"):
            call_command("index_children", stdout=said, **options)
        assert said.getvalue() == f"1 of 2 cases {verb}.\n"
    assert owns(mine), "what can't be opened now stays as it was"


def test_the_keys_stay_when_an_older_database_knows_them_not_and_when_the_master_key_changes(
    draft: Case, everyone: Cast, settings: Any
) -> None:
    written(draft, everyone.ada)
    before = veil(everyone.northmoor).word("words")
    made = {str(key_id) for key_id in IndexKey.objects.values_list("key_id", flat=True)}
    assert len(made) == 2
    for key_id in made:
        grown_old(key_id)
    assert not made & set(sweep_keys(dry_run=True))
    assert set(settle_keys().held) == made
    # Of one made since nothing is known to an older database that was put back.
    unknown = keys.create()
    keys.store().hold(unknown, blind.MARK)
    grown_old(unknown)
    assert sweep_keys() == []
    settled = settle_keys()
    assert (settled.unknown, settled.unknown_indexes) == ([], [unknown]), "somebody is told"
    assert [let_go(one, dry_run=True) for one in (*made, unknown)] == [0, 0, 1]
    assert keys.store().is_there(unknown)
    assert veil(everyone.northmoor).word("words") == before
    settings.OTHER_MASTER_KEY, settings.MASTER_KEY = settings.MASTER_KEY, b"another new key!" * 2
    assert [count.unreadable for count in keys.rewrap()][-1] == []
    settings.OTHER_MASTER_KEY = bytes(32)
    assert veil(everyone.northmoor).word("words") == before


def grown_old(key_id: str) -> None:
    then = time.time() - 2 * 3600
    os.utime(next(keys.store().folder.glob(f"*/{key_id}.key")), (then, then))


@pytest.mark.parametrize("trouble", ["away", "damaged"])
def test_a_lost_key_keeps_nobody_from_writing_and_sending_and_takes_nothing_from_an_index(
    draft: Case, everyone: Cast, ada: Client, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    before = owns(mine), set(NationalDigest.objects.values_list("pk", flat=True))
    files = {}
    for row in IndexKey.objects.all():
        file = next(keys.store().folder.glob(f"*/{row.key_id}.key"))
        files[file] = file.read_bytes()
        file.write_bytes(b"damaged") if trouble == "damaged" else file.unlink()
    fill(ada, at("amend-item", mine, page="name", item=1), RHYS["name"] | {"reason": "Wrong."})
    assert (owns(mine), set(NationalDigest.objects.values_list("pk", flat=True))) == before
    assert found_by(everyone.priya, hers) == []
    assert index.renew(on=ON, states=blind.ALL) == 0, "it may come back"
    another = written(a_draft(everyone), everyone.ada)
    assert ada.get(at("check", another)).status_code == 200
    # By area, outcome and days it is found still.
    assert ada.post(at("check", another))["Location"] == at("duplicate", another)
    assert "nothing is found by the index of organisation" in caplog.text
    assert "Nia" not in caplog.text
    for file, content in files.items():
        file.write_bytes(content)
    assert all(index.keep_all(on=ON))
    assert owns(mine) != before[0]
    assert owns(mine) == {veil(everyone.northmoor).word(word) for word in words(mine)}


def test_who_writes_a_child_is_not_kept_by_a_store_without_room_for_the_key_of_an_index(
    draft: Case, everyone: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full() -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys, "create", full)
    case = written(draft, everyone.ada)
    assert words(case)
    assert not owns(case)
    assert "No space left on device" in caplog.text
    monkeypatch.undo()
    assert list(index.keep_all(on=ON)) == [True]
    assert owns(case) == {veil(everyone.northmoor).word(word) for word in words(case)}


def test_an_index_whose_key_was_destroyed_is_written_anew(draft: Case, everyone: Cast) -> None:
    """As after an older database was put back, whose keys are gone for ever."""
    mine, hers = sent(draft, everyone.ada), of_southfen(everyone)
    for row in IndexKey.objects.all():
        keys.dispose_of(row.key_id)
    assert found_by(everyone.priya, hers) == []
    assert not any(index.keep_all(on=ON)), "nothing is said to be written that is not"
    assert index.renew(on=ON) == 0, "nobody would fill them"
    assert index.renew(on=ON, states=blind.REFILLED) == 3
    assert not ChildDigest.objects.exists()
    assert not NationalDigest.objects.exists()
    for row in IndexKey.objects.filter(retired_on=None):
        keys.dispose_of(row.key_id)
    said = StringIO()
    call_command("index_children", stdout=said)
    assert said.getvalue() == "2 of 2 cases written. 3 new keys.\n"
    assert found_by(everyone.priya, hers) == [mine.pk]


def test_whoever_has_a_case_locked_keeps_no_index_from_its_new_key(
    committing_db: str, today: object
) -> None:
    """Otherwise the two would wait for each other: to write a child one waits for the new key."""
    everyone = country(cast())
    case = written(a_draft(everyone), everyone.ada)

    def beside() -> int:
        try:
            return index.renew(on=ON, states=blind.ALL)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        assert other.submit(beside).result(timeout=20) == 2
    assert owns(case) == {veil(everyone.northmoor).word(word) for word in words(case)}
