"""The sign of the key store's copies: what is new enough, and what it says before the first."""

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.workflow.sealed.test_copies_of_the_key_store import MONDAY, copied, places, store
from workflow.health import key_copies
from workflow.health.words import said
from workflow.sealed.keystore import SUFFIX, KeyStore

__all__ = ["places", "store"]


def test_a_copy_that_is_dated_ahead_hides_no_place_without_a_new_one(
    settings: Settings, store: KeyStore, places: list[Path]
) -> None:
    settings.KEY_STORE, settings.KEY_COPIES = store.folder, places
    key_id = store.create()
    os.utime(store.folder / key_id[:2] / f"{key_id}{SUFFIX}", (MONDAY.timestamp(),) * 2)
    copied(store, places, MONDAY + timedelta(days=30))
    late = MONDAY + timedelta(days=3)
    assert key_copies.sign(late).figures["stale"] == 2
    # The clock of another machine is never quite the same.
    copied(store, places, late + timedelta(minutes=2))
    assert key_copies.sign(late).well


def test_before_the_first_copy_the_sign_says_that_there_is_none(
    settings: Settings, store: KeyStore, places: list[Path]
) -> None:
    settings.KEY_STORE, settings.KEY_COPIES = store.folder, places

    def words() -> str:
        found = key_copies.sign(MONDAY)
        assert found.well
        return said(found, at=MONDAY).state

    assert words() == "2 of 2 places have no copy yet: one is made each day."
    copied(store, places[:1])
    assert words() == "1 of 2 places has no copy yet: one is made each day."
    copied(store, places)
    assert words() == "Every place has a copy that is new enough: one is made each day."
    settings.KEY_COPIES = []
    assert words() == "No copy is kept: KEY_COPIES names no place."


def test_of_a_place_that_cannot_be_read_it_is_said_and_not_that_it_is_empty(
    settings: Settings, store: KeyStore, places: list[Path]
) -> None:
    settings.KEY_STORE, settings.KEY_COPIES = store.folder, places
    copied(store, places[:1])
    # A link that leads back to itself: neither root nor anybody can read it.
    places[1].symlink_to(places[1])
    found = key_copies.sign(MONDAY)
    assert (found.well, found.figures["unread"], found.figures["without"]) == (False, 1, 0)
    words = said(found, at=MONDAY)
    assert words.wrong == (
        "1 of 2 places for copies of the keys can’t be read: nobody knows how new the copies there "
        "are."
    )
    assert words.to_do.startswith("See with manage.py key_copies list which place can’t be read")
    # The other goes stale besides.
    later = said(key_copies.sign(MONDAY + timedelta(days=3)), at=MONDAY).wrong
    assert later == f"{words.wrong} 1 of 2 places has no copy of the keys from the last two days."


def test_the_command_lists_what_it_can_read_and_names_the_place_that_it_cannot(
    settings: Settings, store: KeyStore, places: list[Path]
) -> None:
    settings.KEY_COPIES = places
    (copy,) = copied(store, places[:1]).made
    places[1].symlink_to(places[1])
    told = StringIO()
    with pytest.raises(CommandError, match=f"{places[1]}: can’t be read \\(Too many levels"):
        call_command("key_copies", "list", stdout=told)
    assert told.getvalue().split() == [str(copy)]
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("key_copies", "list", stdout=told, json=True)
    assert [*json.loads(told.getvalue())["unread"]] == [str(places[1])]
    # One that is not there yet has none, and is no trouble.
    places[1].unlink()
    call_command("key_copies", "list", stdout=StringIO())
