"""The keys of cases, in the store the settings name."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from workflow.sealed import copies
from workflow.sealed.errors import (
    CannotOpenError,
    KeyHeldError,
    KeyMissingError,
    MasterKeyError,
    SealedError,
)
from workflow.sealed.keystore import KeyStore, check_master_key

log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
@sensitive_variables("master", "other")
def _open(folder: Path, master: bytes, other: bytes) -> KeyStore:
    return KeyStore(folder, master, other)


def store() -> KeyStore:
    """Return the store at KEY_STORE; raises MasterKeyError naming what is wrong with the key."""
    return _open(Path(settings.KEY_STORE), settings.MASTER_KEY, settings.OTHER_MASTER_KEY)


def made_from_the_master_key(purpose: bytes) -> list[bytes]:
    """Return keys of 32 bytes for what belongs to no case: the first seals, each may open.

    There are two while the master key is changed. Raises MasterKeyError without a master key.
    """
    check_master_key(settings.MASTER_KEY)
    masters = [settings.MASTER_KEY, settings.OTHER_MASTER_KEY]
    return [_derived(master, purpose) for master in masters if any(master)]


@lru_cache(maxsize=8)
@sensitive_variables("master")
def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(master)


def create() -> str:
    """Make the key of a case, before the case commits, and return its id.

    It lies in each place of copies too. One that can't be reached holds nobody up, and is logged.
    """
    key_id = store().create()
    try:
        copies.add(store(), key_id, settings.KEY_COPIES)
    except OSError as trouble:
        log.error("a new key lies in fewer places than it should: %s", trouble)  # noqa: TRY400
    return key_id


def get(key_id: object) -> AESGCM:
    """Return the cipher of a case's key; raises KeyMissingError when it was destroyed."""
    return store().get(key_id)


def destroy(key_id: object) -> bool:
    """Make what a key sealed unreadable; return whether the key was there.

    Raises KeyHeldError, and destroys nothing, while the key is held.
    """
    return store().destroy(key_id)


def dispose_of(key_id: object) -> None:
    """Make a case unreadable for ever: in the store, and in every copy of it within reach.

    Raises KeyHeldError, and destroys nothing, while the key is held; OSError for a place of
    copies that can't be reached, when the key itself is gone.
    """
    store().destroy(key_id, for_ever=True)
    copies.destroy(str(key_id), settings.KEY_COPIES)


def copy(at: datetime) -> copies.Copied:
    """A copy of the store lies in each of its places, and none there is older than its days."""
    keep = timedelta(days=settings.KEY_COPIES_DAYS)
    return copies.copy(store(), settings.KEY_COPIES, at=at, keep=keep)


def sweep_orphans(
    known_ids: Iterable[object],
    older_than: datetime,
    *,
    kept: Iterable[object] = (),
    dry_run: bool = False,
) -> list[str]:
    """Destroy the keys made before an instant that belong to no known case; return their ids.

    `known_ids` is read after the keys were listed, so that no case made meanwhile is missed, and
    so is `kept`: keys that belong to no case and stay all the same.
    Raises SealedError when none of the keys is known: that is the wrong database, or store.
    """
    held = store()
    old = [key_id for key_id, made_at in held.ids() if made_at < older_than]
    known = {str(key_id) for key_id in known_ids}
    stay = known | {str(key_id) for key_id in kept}
    orphans = [key_id for key_id in old if key_id not in stay]
    if orphans and not known:
        message = (
            f"No case has a key, yet {len(orphans)} keys are in {held.folder}: this looks like "
            "the wrong database or the wrong key store. Nothing was destroyed."
        )
        raise SealedError(message)
    orphans = [key_id for key_id in orphans if not held.is_held(key_id)]
    if not dry_run:
        for key_id in orphans:
            # Held since it was asked: then it stays.
            with suppress(KeyHeldError):
                held.destroy(key_id)
    return orphans


@dataclass
class Rewrapped:
    """What a change of the master key found and did, so far."""

    keys: int = 0
    again: int = 0
    unreadable: list[str] = field(default_factory=list)


def rewrap(*, dry_run: bool = False) -> Iterator[Rewrapped]:
    """Wrap each key under the master key; yields the same count after each key.

    Nothing has to stop meanwhile. A key that opens under neither master key, or is damaged, stays
    as it is and is named; one that is destroyed meanwhile is no longer counted.
    """
    held, found = store(), Rewrapped()
    for key_id, _ in held.ids():
        try:
            found.again += held.is_under_the_other(key_id) if dry_run else held.rewrap(key_id)
        except KeyMissingError:
            continue
        except (MasterKeyError, CannotOpenError):
            found.unreadable.append(key_id)
        found.keys += 1
        yield found
    held.sync()
