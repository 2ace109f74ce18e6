"""`manage.py change_master_key`: everything opens before, while and after; nothing comes back."""

import json
import shutil
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.workflow.people.cast import a_case, a_person, an_authority
from tests.workflow.signing_in.codes import set_up
from tests.workflow.signing_in.keys import has_a_key
from workflow import clock
from workflow.models import Webhook
from workflow.sealed import carried, keys
from workflow.sealed.errors import KeyMissingError, MasterKeyError
from workflow.sealed.keystore import KeyStore
from workflow.webhooks import sealing

OLD, NEW = b"old invented key" * 2, b"new invented key" * 2
NONCE = bytes(12)
KEYS = 400


@pytest.fixture(autouse=True)
def under_the_old(settings: Settings) -> None:
    settings.MASTER_KEY, settings.OTHER_MASTER_KEY = OLD, bytes(32)


def exchanged(settings: Settings) -> None:
    settings.MASTER_KEY, settings.OTHER_MASTER_KEY = NEW, OLD


def changed(**options: Any) -> dict[str, Any]:
    told = StringIO()
    call_command("change_master_key", json=True, stdout=told, stderr=StringIO(), **options)
    return dict(json.loads(told.getvalue()))


def sealed_with(key_id: str) -> bytes:
    return keys.get(key_id).encrypt(NONCE, b"words", None)


@pytest.mark.django_db
def test_every_key_and_second_factor_opens_under_the_new_key_alone(
    settings: Settings, key_store: Path
) -> None:
    made = [keys.create() for _ in range(3)]
    words = [sealed_with(key_id) for key_id in made]
    ada = a_person("Ada")
    secret, codes = set_up(ada)
    said = has_a_key(ada)[1].data["credential"]
    hook = Webhook(authority=an_authority("Northmoor"), address="https://a.example/", made_by=ada)
    hook.secret, hook.made_at = sealing.sealed("whsec_invented", hook.name), clock.now()
    hook.save()
    exchanged(settings)
    told = {"keys": 3, "second_factors": 3, "webhook_secrets": 1, "unreadable": []}
    once = {"wrapped_again": 3, "sealed_again": 3, "webhook_secrets_again": 1}
    assert changed(dry_run=True) == told | once | {"done": False}
    assert changed() == told | once | {"done": True}
    assert changed() == told | dict.fromkeys(once, 0) | {"done": True}
    settings.OTHER_MASTER_KEY = bytes(32)
    assert [
        KeyStore(key_store, NEW).get(key).decrypt(NONCE, text, None)
        for key, text in zip(made, words, strict=True)
    ] == [b"words"] * 3
    rows = {row.type: row for row in Authenticator.objects.all()}
    assert get_adapter().decrypt(rows[Authenticator.Type.TOTP].data["secret"]) == secret
    codes_row = rows[Authenticator.Type.RECOVERY_CODES].wrap()
    assert codes_row.get_unused_codes() == codes
    assert rows[Authenticator.Type.WEBAUTHN].data["credential"] == said
    assert sealing.in_force(Webhook.objects.get(), at=clock.now()) == ["whsec_invented"]


@pytest.mark.django_db
def test_a_count_alone_changes_no_file(settings: Settings, key_store: Path) -> None:
    keys.create()
    files = {path: path.read_bytes() for path in key_store.glob("*/*")}
    exchanged(settings)
    changed(dry_run=True)
    assert {path: path.read_bytes() for path in key_store.glob("*/*")} == files


@pytest.mark.django_db
def test_a_key_keeps_its_age_by_which_orphans_are_told(settings: Settings, key_store: Path) -> None:
    keys.create()
    before = list(keys.store().ids())
    exchanged(settings)
    assert changed()["wrapped_again"] == 1
    assert list(keys.store().ids()) == before
    assert [path.suffix for path in key_store.glob("*/*")] == [".key"]


@pytest.mark.django_db
def test_without_the_old_key_nothing_is_lost_and_each_key_is_named(
    settings: Settings, key_store: Path
) -> None:
    key_id = keys.create()
    file = next(key_store.glob("*/*.key"))
    content = file.read_bytes()
    settings.MASTER_KEY = NEW
    with pytest.raises(MasterKeyError, match="another master key"):
        keys.get(key_id)
    told = StringIO()
    with pytest.raises(CommandError, match="1 keys open under neither"):
        call_command("change_master_key", json=True, stdout=told)
    assert json.loads(told.getvalue())["unreadable"] == [key_id]
    assert file.read_bytes() == content


def test_processes_that_know_both_read_what_either_wraps(settings: Settings) -> None:
    """While processes are restarted one by one, some wrap under the one and some the other."""
    settings.OTHER_MASTER_KEY = NEW
    by_the_old = keys.create()
    exchanged(settings)
    by_the_new = keys.create()
    words = [sealed_with(by_the_old), sealed_with(by_the_new)]
    settings.MASTER_KEY, settings.OTHER_MASTER_KEY = OLD, NEW
    assert [sealed_with(by_the_old), sealed_with(by_the_new)] == words


def test_without_a_master_key_the_other_one_seals_nothing_in_its_place(settings: Settings) -> None:
    settings.MASTER_KEY, settings.OTHER_MASTER_KEY = bytes(32), OLD
    with pytest.raises(MasterKeyError, match="set MASTER_KEY"):
        keys.made_from_the_master_key(b"invented")


@pytest.mark.django_db
def test_what_a_browser_carries_opens_while_the_key_is_changed(settings: Settings) -> None:
    person = a_person("Ada")
    at = clock.now()
    text = carried.seal({"area": ["invented"]}, person, "/start/", at=at)
    exchanged(settings)
    assert text is not None
    found = carried.opened(text, person, "/start/", at=at)
    assert found is not None
    assert found.typed == {"area": ["invented"]}
    settings.OTHER_MASTER_KEY = bytes(32)
    assert carried.opened(text, person, "/start/", at=at) is None


@pytest.fixture
def reader(settings: Settings, key_store: Path) -> Iterator[list[str]]:
    """Somebody who opens every key of a list over and over from a process without memory."""
    wanted: list[str] = []
    stopped, faults = threading.Event(), []

    def read() -> None:
        while not stopped.is_set():
            for key_id in wanted:
                try:
                    KeyStore(key_store, NEW, OLD).get(key_id)
                except Exception as fault:  # noqa: BLE001 - whatever it is, it must not be.
                    faults.append(fault)

    thread = threading.Thread(target=read)
    thread.start()
    yield wanted
    stopped.set()
    thread.join()
    assert not faults, faults[:3]


def test_nobody_who_reads_meanwhile_sees_a_key_missing(
    settings: Settings, reader: list[str]
) -> None:
    made = [keys.create() for _ in range(KEYS)]
    exchanged(settings)
    reader.extend(made)
    *_, found = keys.rewrap()
    assert (found.keys, found.again, found.unreadable) == (KEYS, KEYS, [])


def test_a_key_destroyed_while_it_is_wrapped_again_stays_destroyed(
    settings: Settings, key_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever destroys it waits until the file lies in its place, and takes that away."""
    key_id = keys.create()
    exchanged(settings)
    destroyer = threading.Thread(target=lambda: KeyStore(key_store, NEW, OLD).destroy(key_id))
    replace = Path.replace

    def replacing(self: Path, target: Path) -> Path:
        destroyer.start()
        # Long enough for it to be done, if nothing held it back.
        destroyer.join(0.3)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replacing)
    keys.store().rewrap(key_id)
    destroyer.join()
    with pytest.raises(KeyMissingError):
        KeyStore(key_store, NEW, OLD).get(key_id)
    assert not list(key_store.glob("*/*"))


@pytest.mark.django_db
def test_a_store_put_back_from_before_opens_under_the_old_key(
    settings: Settings, key_store: Path, tmp_path: Path
) -> None:
    case = a_case()
    before = tmp_path / "backup"
    shutil.copytree(key_store, before)
    exchanged(settings)
    changed()
    settings.OTHER_MASTER_KEY, settings.KEY_STORE = bytes(32), before
    with pytest.raises(MasterKeyError):
        keys.get(case.key_id)
    settings.OTHER_MASTER_KEY = OLD
    keys.get(case.key_id)
