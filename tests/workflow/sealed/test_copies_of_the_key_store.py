"""The key store has copies of its own, kept for days; none brings back what was destroyed."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config import broker
from tests.workflow.people.cast import a_case
from workflow.health import key_copies
from workflow.health.alarms import ill
from workflow.health.reading import Reading
from workflow.sealed import copies, keys
from workflow.sealed.errors import (
    CannotOpenError,
    KeyDestroyedError,
    KeyHeldError,
    KeyMissingError,
    MasterKeyError,
)
from workflow.sealed.keystore import SUFFIX, KeyStore
from workflow.sealed.tasks import copy_keys_now

MASTER = b"invented master " * 2
MONDAY = datetime(2026, 12, 7, 3, tzinfo=UTC)
KEEP = timedelta(days=14)


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys", MASTER)


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    return [tmp_path / "one", tmp_path / "two"]


def copied(store: KeyStore, places: list[Path], at: datetime = MONDAY) -> copies.Copied:
    return copies.copy(store, places, at=at, keep=KEEP)


def test_either_copy_brings_every_lost_key_back(store: KeyStore, places: list[Path]) -> None:
    key_ids = [store.create() for _ in range(3)]
    sealed = store.get(key_ids[0]).encrypt(bytes(12), b"words", None)
    done = copied(store, places)
    assert (done.keys, len(done.made), done.failed) == (3, 2, {})
    for copy in done.made:
        shutil.rmtree(store.folder)
        store.folder.mkdir()
        again = KeyStore(store.folder, MASTER)
        assert copies.put_back(again, copy, dry_run=True).keys == sorted(key_ids)
        with pytest.raises(KeyMissingError):
            again.get(key_ids[0])
        assert copies.put_back(again, copy).keys == sorted(key_ids)
        assert again.get(key_ids[0]).decrypt(bytes(12), sealed, None) == b"words"


def test_a_copy_holds_no_key_in_clear_and_opens_under_the_master_key_alone(
    store: KeyStore, places: list[Path]
) -> None:
    key_id = store.create()
    (copy, _) = copied(store, places).made
    store.destroy(key_id)
    stranger = KeyStore(store.folder, b"another masters " * 2)
    assert copies.put_back(stranger, copy).keys == [key_id]
    with pytest.raises(MasterKeyError):
        stranger.get(key_id)
    store.get(key_id)


def test_a_place_that_fails_is_named_and_keeps_no_copy_from_the_other(
    store: KeyStore, places: list[Path]
) -> None:
    store.create()
    places[0].write_text("a file where a folder should be")
    done = copied(store, places)
    assert [path.parent for path in done.made] == [places[1]]
    assert list(done.failed) == [str(places[0])]


def test_copies_are_kept_for_days_and_an_old_one_goes_only_for_a_new_one(
    store: KeyStore, places: list[Path], tmp_path: Path
) -> None:
    store.create()
    for day in range(0, 20, 5):
        copied(store, places[:1], MONDAY + timedelta(days=day))
    found = [moment for moment, _ in copies.copies(places[0])]
    assert found == [MONDAY + timedelta(days=day) for day in (5, 10, 15)]
    # Nothing new can be written: nothing old is taken away.
    (places[0] / "unfinished-in-the-way").write_text("no folder")
    assert copied(store, places[:1], MONDAY + timedelta(days=90)).failed
    assert len(copies.copies(places[0])) == 3


def test_no_copy_brings_back_what_was_destroyed_for_ever(
    store: KeyStore, places: list[Path], tmp_path: Path
) -> None:
    gone, stays = store.create(), store.create()
    older = copied(store, places[:1]).made[0]
    elsewhere = shutil.copytree(older, tmp_path / "carried-away")
    store.destroy(gone, for_ever=True)
    assert copies.destroy(gone, places) == 1
    assert not list(older.glob(f"*/{gone}.key"))
    store.destroy(stays)
    # Not the copy within reach, nor the one that somebody carried away; the neighbour comes back.
    assert copies.put_back(store, older).keys == [stays]
    assert copies.put_back(store, elsewhere).keys == []
    held_by_somebody = (elsewhere / gone[:2] / f"{gone}.key").read_bytes()
    assert not store.put_back(gone, held_by_somebody, made=0.0)
    store.get(stays)
    with pytest.raises(KeyDestroyedError):
        store.get(gone)
    # A store that was lost altogether learns from a later copy what must stay away.
    later = copied(store, places[:1], MONDAY + timedelta(days=1)).made[0]
    fresh = KeyStore(tmp_path / "fresh", MASTER)
    copies.put_back(fresh, later)
    assert copies.put_back(fresh, elsewhere).keys == []
    with pytest.raises(KeyDestroyedError):
        fresh.get(gone)


def test_a_key_lies_in_every_place_from_its_first_moment(
    store: KeyStore, places: list[Path]
) -> None:
    older, copy = store.create(), copied(store, places).made[1]
    newer = store.create()
    copies.add(store, newer, places)
    shutil.rmtree(store.folder)
    assert sorted(copies.put_back(store, copy).keys) == sorted([older, newer])
    copied(store, places, MONDAY + timedelta(days=1))
    assert not list(places[0].glob("since/*/*.key"))
    # In a place that fails it lies not; in the others it does, and the maker is told.
    shutil.rmtree(places[0])
    places[0].write_text("a file where a folder should be")
    third = store.create()
    with pytest.raises(OSError, match="one"):
        copies.add(store, third, places)
    assert list(places[1].glob(f"since/*/{third}.key"))
    assert copies.destroy(third, places) == 1
    assert not list(places[1].glob(f"*/*/{third}.key"))


def test_a_key_that_no_copy_ever_held_is_not_kept_for_ever(
    store: KeyStore, places: list[Path]
) -> None:
    never_used = store.create()
    copies.add(store, never_used, places)
    store.destroy(never_used)
    soon = datetime.now(tz=UTC)
    copied(store, places, soon)
    assert list(places[0].glob(f"since/*/{never_used}.key"))
    copied(store, places, soon + KEEP + timedelta(minutes=1))
    assert not list(places[0].glob(f"since/*/{never_used}.key"))


def test_what_was_broken_off_keeps_no_key(store: KeyStore, places: list[Path]) -> None:
    key_id = store.create()
    copy = copied(store, places[:1]).made[0]
    left = places[0] / "unfinished-20261206T030000Z"
    shutil.copytree(copy, left)
    (store.folder / key_id[:2] / f"{key_id}.again").write_bytes(b"SK1 half changed")
    store.destroy(key_id, for_ever=True)
    assert copies.destroy(key_id, places) == 2
    assert not list(places[0].glob(f"*/*/{key_id}.key"))
    assert [path.suffix for path in store.folder.glob(f"*/{key_id}*")] == [".gone"]
    copied(store, places[:1], MONDAY + timedelta(days=1))
    assert not left.exists()


def test_a_key_that_is_destroyed_while_it_is_copied_is_in_no_copy(
    store: KeyStore, places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id, honest = store.create(), copies._checked

    def meanwhile(copy: Path) -> list[str]:
        found = honest(copy)
        shutil.move(copy, places[0].parent / "out-of-sight")
        store.destroy(key_id, for_ever=True)
        copies.destroy(key_id, places)
        shutil.move(places[0].parent / "out-of-sight", copy)
        return found

    monkeypatch.setattr(copies, "_checked", meanwhile)
    copied(store, places[:1])
    assert not list(places[0].glob(f"*/*/{key_id}.key"))


def test_a_damaged_copy_is_refused_whole(store: KeyStore, places: list[Path]) -> None:
    key_id = store.create()
    copy = copied(store, places).made[0]
    (copy / key_id[:2] / f"{key_id}.key").write_bytes(b"SK1 something else")
    store.destroy(key_id)
    with pytest.raises(CannotOpenError, match="damaged"):
        copies.put_back(store, copy)
    with pytest.raises(CannotOpenError, match="not a whole copy"):
        copies.put_back(store, places[0])


def test_a_held_key_is_not_destroyed_until_each_hold_is_let_go(
    store: KeyStore, places: list[Path]
) -> None:
    key_id, first, second = store.create(), uuid4(), uuid4()
    store.hold(key_id, first)
    store.hold(key_id, second)
    for mark in (first, second):
        for for_ever in (False, True):
            with pytest.raises(KeyHeldError):
                store.destroy(key_id, for_ever=for_ever)
        # Another process knows of it too.
        assert KeyStore(store.folder, MASTER).is_held(key_id)
        store.get(key_id)
        assert store.let_go(key_id, mark)
    assert store.destroy(key_id)


def test_a_hold_comes_back_with_a_copy(store: KeyStore, places: list[Path]) -> None:
    key_id, mark = store.create(), uuid4()
    store.hold(key_id, mark)
    copy = copied(store, places).made[0]
    shutil.rmtree(store.folder)
    assert copies.put_back(store, copy).holds == 1
    assert list(store.holds()) == [(key_id, str(mark))]


def test_a_place_without_a_copy_of_two_days_is_a_sign_of_illness_and_an_alarm(
    settings: Settings, store: KeyStore, places: list[Path]
) -> None:
    settings.KEY_STORE, settings.KEY_COPIES = store.folder, places
    assert key_copies.sign(MONDAY).well, "there is no key to lose yet"
    key_id = store.create()
    file = store.folder / key_id[:2] / f"{key_id}{SUFFIX}"
    os.utime(file, (MONDAY.timestamp(),) * 2)
    # A day that was missed, and the time that the copy of the next takes.
    two, second = timedelta(days=2, hours=6), timedelta(seconds=1)
    assert key_copies.sign(MONDAY + two).well
    assert key_copies.sign(MONDAY + two + second).figures["stale"] == 2
    copied(store, places, MONDAY + two)
    assert key_copies.sign(MONDAY + 2 * two).well
    # One place took the next copy, and the other did not.
    copied(store, places[:1], MONDAY + 2 * two)
    found = key_copies.sign(MONDAY + 2 * two + second)
    assert (found.well, found.figures["places"], found.figures["stale"]) == (False, 2, 1)
    (words,) = ill(Reading(MONDAY, (found,))).values()
    assert words == "1 of 2 places has no copy of the keys from the last two days."
    shutil.rmtree(places[1])
    places[1].write_text("no folder")
    assert key_copies.sign(MONDAY + 2 * two + second).figures["stale"] == 0
    assert not key_copies.sign(MONDAY + 2 * two + second).well
    settings.KEY_COPIES = []
    assert key_copies.sign(MONDAY + 9 * two).well


@pytest.mark.django_db
def test_the_beat_copies_each_day_and_the_command_says_what_it_did(
    settings: Settings, places: list[Path], key_store: Path
) -> None:
    settings.KEY_COPIES = places
    case = a_case()
    assert broker.beat_schedule["key copies"]["task"] == copy_keys_now.name
    copy_keys_now.run()
    ((_, copy),) = copies.copies(places[0])
    keys.destroy(case.key_id)
    told = StringIO()
    call_command("key_copies", "put-back", copy, stdout=told, json=True)
    assert json.loads(told.getvalue())["keys"] == [str(case.key_id)]
    keys.get(case.key_id)
    told = StringIO()
    call_command("key_copies", "list", stdout=told)
    assert str(copy) in told.getvalue()
    places[1].rename(places[1].with_name("away"))
    places[1].write_text("no folder")
    with pytest.raises(CommandError, match=str(places[1])):
        call_command("key_copies", "make", stdout=StringIO())
    settings.KEY_COPIES = []
    with pytest.raises(CommandError, match="KEY_COPIES names no place"):
        call_command("key_copies", "make")
