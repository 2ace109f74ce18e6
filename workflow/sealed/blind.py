"""Indexes of words that nobody reads: the same words are found again, under a key of each body.

Under the key of one body nothing that was written under another's is found. A word goes in as half
of its SHA-256, sealed so that the same comes out each time (AES-SIV, made for that). Unlike a
digest by a key it can be opened by whoever has the key: so an index passes to a new key without
any case being opened, and what an older backup holds of it is worthless once the old key is gone.
"""

import logging
from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import partial
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from workflow.sealed import keys
from workflow.sealed.errors import KeyDestroyedError, SealedError
from workflow.sealed.models import IndexGap, IndexKey

log = logging.getLogger(__name__)

PURPOSE = b"indexes of what is looked for"
WORD, PLACE = b"word", b"place"
# Nobody who has not the key can make two words alike.
BYTES = 16
# A sealed word, and a sealed place.
WORD_BYTES, PLACE_BYTES = 16 + BYTES, 16 + 12
# The mark beside a key of an index by which no sweep destroys it, whatever the database says.
MARK = "1de8c5a0-0000-4000-8000-000000000001"
_LOCK = "SELECT pg_advisory_xact_lock{}(hashtext('indexes'))"

# As a column of bytes gives it.
Stored = bytes | memoryview


class Veil:
    """What is written into an index under one key, and read from it."""

    @sensitive_variables("secret")
    def __init__(self, secret: bytes) -> None:
        self._siv = AESSIV(secret)

    @sensitive_variables("word")
    def word(self, word: str) -> bytes:
        """The same each time for the same word."""
        return self._siv.encrypt(sha256(word.encode()).digest()[:BYTES], [WORD])

    def place(self, case: int, number: int) -> bytes:
        """Where one of the words of a case stands; no two of these look as if they were of one."""
        return self._siv.encrypt(case.to_bytes(8, "big") + number.to_bytes(4, "big"), [PLACE])

    def case_at(self, place: Stored) -> int | None:
        """The case of a place; None for what was not written under this key."""
        found = self.opened(place, PLACE)
        return None if found is None else int.from_bytes(found[:8], "big")

    def again(self, word: Stored, old: "Veil") -> bytes | None:
        """A word that was written under another key, under this one; None for what was not."""
        found = old.opened(word, WORD)
        return None if found is None else self._siv.encrypt(found, [WORD])

    def opened(self, written: Stored, kind: bytes) -> bytes | None:
        """What went in; None for what was not written under this key."""
        try:
            return self._siv.decrypt(bytes(written), [kind])
        except InvalidTag:
            return None


def steady() -> None:
    """No index changes its key until the transaction ends."""
    _lock("_shared")


def alone() -> None:
    """Nobody reads or writes an index until the transaction ends."""
    _lock("")


def veil_of(body: int, *, make: Callable[[], int] | None = None) -> Veil | None:
    """What an organisation's index is written with; None where there is no key, or none at hand.

    Nothing that can't be read keeps anybody from writing and sending: the log says so. With `make`
    a body that has no key has one now; it says how many records have ended until now.
    """
    key = in_use().filter(organisation=body).first()
    if key is None and make:
        try:
            key = _made(body, make())
        except (SealedError, OSError) as trouble:
            _blind(body, str(trouble))
    return _veil(key) if key else None


class State(Enum):
    """How the key of an index in use is."""

    CURRENT = "every record that has ended had done so before it was made"
    OLDER = "a record has ended since it was made"
    DESTROYED = "it was destroyed for good, as after an older database was put back"
    UNREADABLE = "it is away or damaged, and may come back"


# Only what must be; what somebody fills again afterwards; everything that can be.
DUE = frozenset({State.OLDER})
REFILLED = DUE | {State.DESTROYED}
ALL = REFILLED | {State.CURRENT}
GIVEN_UP = REFILLED | {State.UNREADABLE}


def in_use() -> QuerySet[IndexKey]:
    """The key of each index, the oldest first."""
    return IndexKey.objects.filter(retired_on=None).order_by("pk")


def state_of(key: IndexKey, ends: int) -> State:
    """How a key in use is, once so many records have ended."""
    if keys.store().is_gone(key.key_id):
        return State.DESTROYED
    try:
        keys.store().secret(key.key_id, PURPOSE)
    except (SealedError, OSError):
        return State.UNREADABLE
    return State.OLDER if key.after < ends else State.CURRENT


def lost() -> int:
    """How many indexes have a key that can't be read."""
    return sum(state_of(key, 0) in {State.DESTROYED, State.UNREADABLE} for key in in_use())


def renew(key: IndexKey, ends: int, write: Callable[[Veil | None, Veil], None], on: date) -> None:
    """An index is written under a new key, and the old one destroyed for ever on commit.

    `write` does it: the old veil is None where that key can't be read, so that what stands in
    the index is worthless, and cases are missing from now on. `ends` is how many records have
    ended until now.
    """
    readable = state_of(key, ends) in {State.CURRENT, State.OLDER}
    old = _veil(key) if readable else None
    key.retired_on = on
    key.save(update_fields=["retired_on"])
    new = _veil(_made(key.organisation_id, ends))
    if new is None:
        message = "A new key of an index can’t be read: nothing was changed."
        raise SealedError(message)
    write(old, new)
    if old is None:
        missing(on)
    transaction.on_commit(partial(_destroy, str(key.key_id)), robust=True)


def missing(on: date) -> None:
    """From now on a case may be missing in an index, or stand there as it was."""
    IndexGap.objects.create(since=on)


def is_whole() -> bool:
    """Whether every case stands in the indexes that should, as far as was ever known."""
    return not IndexGap.objects.exists()


def gaps() -> frozenset[int]:
    """Each time at which cases began to be missing, and were not written since."""
    return frozenset(IndexGap.objects.values_list("pk", flat=True))


def filled(found: frozenset[int]) -> None:
    """No case is missing of those that were when these gaps were found; newer ones stay."""
    IndexGap.objects.filter(pk__in=found).delete()


def marks() -> dict[tuple[str, str], int | None]:
    """Each key of an index with its mark; nothing lifts it while the key is in use."""
    store = keys.store()
    rows = IndexKey.objects.values_list("key_id", "retired_on")
    # One that was destroyed for good is back with an older database: there is nothing to keep.
    return {
        (str(key_id), MARK): None if retired_on is None else 1
        for key_id, retired_on in rows
        if retired_on is not None or not store.is_gone(key_id)
    }


def retired(since: date) -> set[str]:
    """The keys that were retired since a day, so that a copy may still hold one."""
    rows = IndexKey.objects.filter(retired_on__gte=since)
    return {str(key_id) for key_id in rows.values_list("key_id", flat=True)}


def _lock(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(kind))


def _veil(key: IndexKey) -> Veil | None:
    try:
        return Veil(keys.store().secret(key.key_id, PURPOSE))
    except KeyDestroyedError:
        why = "its key was destroyed: manage.py index_children gives it another"
    except (SealedError, OSError) as trouble:
        why = str(trouble)
    _blind(key.organisation_id, why)
    return None


def _blind(body: int, why: str) -> None:
    log.error("nothing is found by the index of organisation %s: %s", body, why)


def _made(body: int, after: int) -> IndexKey:
    """The key of a body, which is new unless somebody else was first."""
    # On disk before the row is, as a case's is; where another was first, it is swept.
    made = IndexKey(organisation_id=body, key_id=keys.create(), after=after)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return in_use().get(organisation=body)
    key_id = made.key_id
    # The daily sweep does it where this does not come to pass.
    transaction.on_commit(lambda: keys.store().hold(key_id, MARK), robust=True)
    return made


def _destroy(key_id: str) -> None:
    try:
        keys.store().let_go(key_id, MARK)
        keys.dispose_of(key_id)
    except (OSError, SealedError) as trouble:
        log.error(  # noqa: TRY400 - its place says nothing more
            "a key of an index is not destroyed everywhere yet; the sweep tries again each day: %s",
            trouble,
        )
