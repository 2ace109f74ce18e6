"""The key store: keys that last, open under one master key only, and can be destroyed."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from workflow.sealed import keys
from workflow.sealed.errors import CannotOpenError, KeyMissingError, MasterKeyError, SealedError
from workflow.sealed.keystore import KeyStore

MASTER = bytes(range(32))
NONCE = bytes(12)


def file_of(folder: Path, key_id: str) -> Path:
    return next(folder.glob(f"*/{key_id}.key"))


def test_a_key_opens_again_after_a_restart(tmp_path: Path) -> None:
    made = KeyStore(tmp_path, MASTER)
    key_id = made.create()
    sealed = made.get(key_id).encrypt(NONCE, b"words", None)
    assert KeyStore(tmp_path, MASTER).get(key_id).decrypt(NONCE, sealed, None) == b"words"


def test_every_case_has_a_key_of_its_own(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, MASTER)
    first, second = store.create(), store.create()
    sealed = [store.get(key_id).encrypt(NONCE, b"words", None) for key_id in (first, second)]
    assert first != second
    assert sealed[0] != sealed[1]


def test_a_key_is_readable_by_its_owner_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key_id = KeyStore(folder, MASTER).create()
    file = file_of(folder, key_id)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path for path in folder.rglob("*") if path.is_file()] == [file]


def test_a_key_is_on_disk_before_its_id_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    sync, rename = os.fsync, Path.rename

    def syncing(handle: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def renaming(self: Path, target: Path) -> Path:
        told.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "rename", renaming)
    KeyStore(tmp_path, MASTER).create()
    assert told[-3:] == ["file", "rename", "folder"]


def test_the_file_does_not_hold_the_key_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = b"\x07" * 32
    monkeypatch.setattr("workflow.sealed.keystore.AESGCM.generate_key", lambda **_: clear)
    key_id = KeyStore(tmp_path, MASTER).create()
    assert clear not in file_of(tmp_path, key_id).read_bytes()


def test_a_destroyed_key_is_gone_at_once_also_from_memory(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, MASTER)
    key_id = store.create()
    store.get(key_id)
    assert store.destroy(key_id)
    assert not store.destroy(key_id)
    with pytest.raises(KeyMissingError):
        store.get(key_id)


def test_a_key_destroyed_elsewhere_is_forgotten_after_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("workflow.sealed.keystore.time.monotonic", lambda: now)
    store = KeyStore(tmp_path, MASTER)
    key_id = store.create()
    store.get(key_id)
    KeyStore(tmp_path, MASTER).destroy(key_id)
    now = 1059.0
    store.get(key_id)
    now = 1061.0
    with pytest.raises(KeyMissingError):
        store.get(key_id)


def test_another_master_key_is_refused_by_name_and_not_tried(tmp_path: Path) -> None:
    key_id = KeyStore(tmp_path, MASTER).create()
    with pytest.raises(MasterKeyError, match="another master key"):
        KeyStore(tmp_path, bytes(reversed(MASTER))).get(key_id)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_master_key_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(MasterKeyError, match=f"32 bytes long, not {length}"):
        KeyStore(tmp_path, b"k" * length)


def test_without_a_master_key_nothing_is_sealed(settings: Settings) -> None:
    settings.MASTER_KEY = bytes(32)
    with pytest.raises(MasterKeyError, match="set MASTER_KEY or MASTER_KEY_FILE"):
        keys.create()


def test_a_key_file_renamed_to_another_key_does_not_open(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, MASTER)
    mine, theirs = store.create(), store.create()
    shutil.copy(file_of(tmp_path, mine), file_of(tmp_path, theirs))
    with pytest.raises(CannotOpenError, match="another key’s"):
        store.get(theirs)


@pytest.mark.parametrize("keep", [0, 3, 20, 70])
def test_a_damaged_key_file_is_refused(tmp_path: Path, keep: int) -> None:
    store = KeyStore(tmp_path, MASTER)
    key_id = store.create()
    file = file_of(tmp_path, key_id)
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(CannotOpenError, match="damaged"):
        store.get(key_id)


@pytest.mark.parametrize("word", ["", "../../etc/passwd", "1234", None])
def test_what_is_no_key_id_never_becomes_a_path(tmp_path: Path, word: object) -> None:
    with pytest.raises(KeyMissingError, match="not the id of a key"):
        KeyStore(tmp_path, MASTER).get(word)


def test_an_id_is_the_same_however_it_is_spelt(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, MASTER)
    key_id = store.create()
    assert store.get(key_id.upper()) is store.get(key_id)


def test_a_store_in_a_place_that_is_no_folder_is_an_error_and_no_key(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.KEY_STORE = tmp_path / "file"
    with pytest.raises((OSError, SealedError)):
        keys.create()
