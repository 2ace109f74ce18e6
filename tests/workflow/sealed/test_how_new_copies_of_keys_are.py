"""The sign of the key store's copies: what is new enough, and what it says before the first."""

import os
from datetime import timedelta
from pathlib import Path

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
