"""The keys of cases, in the store the settings name."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from workflow.sealed.keystore import KeyStore


@lru_cache(maxsize=4)
@sensitive_variables("master")
def _open(folder: Path, master: bytes) -> KeyStore:
    return KeyStore(folder, master)


def store() -> KeyStore:
    """Return the store at KEY_STORE; raises MasterKeyError naming what is wrong with the key."""
    return _open(Path(settings.KEY_STORE), settings.MASTER_KEY)


def create() -> str:
    """Make the key of a case, before the case commits, and return its id."""
    return store().create()


def get(key_id: object) -> AESGCM:
    """Return the cipher of a case's key; raises KeyMissingError when it was destroyed."""
    return store().get(key_id)


def destroy(key_id: object) -> bool:
    """Make a case unreadable for ever; return whether its key was there."""
    return store().destroy(key_id)


def sweep_orphans(known_ids: Iterable[object], older_than: datetime) -> list[str]:
    """Destroy the keys made before an instant that belong to no known case; return their ids."""
    swept = store().orphans(known_ids, older_than=older_than)
    for key_id in swept:
        destroy(key_id)
    return swept
