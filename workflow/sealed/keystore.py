"""The key store: one small file for each case's key, wrapped under the master key.

It lies outside the database, so that neither a dump nor a stolen disk of the one opens the other,
and so that destroying one file makes a case unreadable in every backup of the database.

A file is `SK1` + 8 bytes naming the master key + 12 bytes nonce + the wrapped key. The key's
own id is the additional data: a file renamed to another id does not open.

A file beside it, named by the key and a hold and ending in `.held`, says that nobody may destroy
the key, whatever the database says; `.gone` in its place that it was destroyed for ever, so that no
copy of the store brings it back.

While the master key is changed, what is wrapped under the other one opens too. The keys
themselves stay, so nothing that they sealed is touched, and no process has to stop.
"""

import hashlib
import hmac
import os
import secrets
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from workflow.sealed.durable import NEW, alone, sync_folder, write_durably, write_new
from workflow.sealed.errors import (
    CannotOpenError,
    KeyDestroyedError,
    KeyHeldError,
    KeyMissingError,
    MasterKeyError,
)

KEY_BYTES = 32
NONCE_BYTES = 12
MAGIC = b"SK1"
MASTER_ID_BYTES = 8
SUFFIX = ".key"
# Beside a key: nobody destroys it; and in its place: it was destroyed, and never comes back.
HELD, GONE = ".held", ".gone"
AGAIN = ".again"
# Under these a key lies for a moment while it is written.
DRAFTS = (NEW, AGAIN)
# Another process's key may be destroyed while this one remembers it: not for longer than this.
REMEMBER_SECONDS = 60.0
REMEMBER_KEYS = 512


class KeyStore:
    """Keys by id, in a folder. Every answer is a whole key or an error, never a guess."""

    @sensitive_variables("master", "other")
    def __init__(self, folder: Path, master: bytes, other: bytes = b"") -> None:
        check_master_key(master)
        self.folder = folder
        self._master_id = _id_of(master)
        self._wrappers = {_id_of(each): AESGCM(each) for each in (other, master) if any(each)}
        self._remembered: OrderedDict[str, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()

    def create(self) -> str:
        """Make a key, keep it durably, and return its id: it is on disk before this returns."""
        key_id = str(uuid.uuid4())
        wrapped = self._wrap(key_id, AESGCM.generate_key(bit_length=KEY_BYTES * 8))
        write_durably(self._path(key_id), wrapped)
        return key_id

    def get(self, key_id: object) -> AESGCM:
        """Return the cipher of a key, ready to seal and to open.

        Raises KeyMissingError when the key was destroyed or is not in this store, MasterKeyError
        when it was wrapped under another master key, CannotOpenError when its file is damaged.
        """
        name = _canonical(key_id)
        with self._lock:
            remembered = self._remembered.get(name)
            if remembered and time.monotonic() - remembered[0] < REMEMBER_SECONDS:
                self._remembered.move_to_end(name)
                return remembered[1]
        cipher = AESGCM(self._unwrap(name))
        with self._lock:
            self._remembered[name] = (time.monotonic(), cipher)
            self._remembered.move_to_end(name)
            while len(self._remembered) > REMEMBER_KEYS:
                self._remembered.popitem(last=False)
        return cipher

    def secret(self, key_id: object, purpose: bytes) -> bytes:
        """64 bytes that only this key gives for a purpose; raises as `get` does."""
        return hmac.digest(self._unwrap(_canonical(key_id)), purpose, "sha512")

    def destroy(self, key_id: object, *, for_ever: bool = False) -> bool:
        """Make everything sealed under a key unreadable; return whether it was there.

        `for_ever` is for a case that was disposed of: then no copy of the store brings it back.
        Raises KeyHeldError, and destroys nothing, while the key is held.
        """
        name = _canonical(key_id)
        path = self._path(name)
        with self._alone():
            if self.is_held(name):
                message = f"Key {name} is under a legal hold: it is not destroyed."
                raise KeyHeldError(message)
            with self._lock:
                self._remembered.pop(name, None)
            if for_ever:
                # First, so that whatever ends this half-way leaves no key that could come back.
                write_durably(self._path(name, GONE), b"")
            for ending in DRAFTS:
                # What a process left that died while it wrote this key.
                self._path(name, ending).unlink(missing_ok=True)
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            sync_folder(path.parent)
        return True

    def hold(self, key_id: object, hold: object) -> None:
        """From now on nobody destroys this key, on disk before this returns.

        Every hold has an id of its own, so that letting one go leaves the others.
        """
        with self._alone():
            write_durably(self._hold(key_id, hold), b"")

    def let_go(self, key_id: object, hold: object) -> bool:
        """This hold is over; return whether there was one."""
        path = self._hold(key_id, hold)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    def is_held(self, key_id: object) -> bool:
        """Whether a hold keeps this key from being destroyed."""
        name = _canonical(key_id)
        return any(self._path(name).parent.glob(f"{name}.*{HELD}"))

    def holds(self) -> Iterator[tuple[str, str]]:
        """Yield each hold: the key's id, and its own."""
        for path in sorted(self.folder.glob(f"*/*{HELD}")):
            key_id, hold, _ = path.name.split(".")
            yield key_id, hold

    def is_gone(self, key_id: object) -> bool:
        """Whether this key was destroyed for ever."""
        return self._path(_canonical(key_id), GONE).exists()

    def is_there(self, key_id: object) -> bool:
        """Whether the store holds this key."""
        return self._path(_canonical(key_id)).exists()

    def gone(self) -> list[str]:
        """The ids of the keys that were destroyed for ever."""
        return [path.name.split(".")[0] for path in self.folder.glob(f"*/*{GONE}")]

    def put_back(self, key_id: object, wrapped: bytes, *, made: float) -> bool:
        """A key that is missing is there again as a copy had it; return whether it was missing.

        One that was destroyed for ever stays destroyed, and one that is there is not touched.
        """
        name = _canonical(key_id)
        path = self._path(name)
        with self._alone():
            if path.exists() or self._path(name, GONE).exists():
                return False
            write_durably(path, wrapped)
            # Orphans are told by their age.
            os.utime(path, (made, made))
        return True

    def rewrap(self, key_id: object) -> bool:
        """Wrap a key under the master key; return whether it was under the other one.

        Raises as `get` does. A key that is destroyed meanwhile stays destroyed.
        """
        name = _canonical(key_id)
        path = self._path(name)
        if not self.is_under_the_other(name):
            return False
        with self._alone():
            wrapped = self._wrap(name, self._unwrap(name))
            made = path.stat()
            draft = path.with_suffix(AGAIN)
            write_new(draft, wrapped)
            # Orphans are told by their age.
            os.utime(draft, ns=(made.st_atime_ns, made.st_mtime_ns))
            draft.replace(path)
        return True

    def is_under_the_other(self, key_id: object) -> bool:
        """Whether a key, which opens, is not wrapped under the master key; raises as `get` does."""
        name = _canonical(key_id)
        self._unwrap(name)
        return self._stored(name)[1] != self._master_id

    def sync(self) -> None:
        """What was renamed in the store is on disk."""
        for folder in self.folder.iterdir():
            if folder.is_dir():
                sync_folder(folder)

    def _alone(self) -> AbstractContextManager[None]:
        """Whoever writes a key again and whoever destroys one wait for each other.

        Otherwise a file that has just been destroyed could be put back.
        """
        return alone(self.folder)

    def ids(self) -> Iterator[tuple[str, datetime]]:
        """Yield each key's id and the instant it was made."""
        for path in sorted(self.folder.glob(f"*/*{SUFFIX}")):
            try:
                made = path.stat().st_mtime
            except FileNotFoundError:
                continue
            yield path.stem, datetime.fromtimestamp(made, tz=UTC)

    @sensitive_variables("key")
    def _wrap(self, key_id: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = self._wrappers[self._master_id].encrypt(nonce, key, _bound_to(key_id))
        return MAGIC + self._master_id + nonce + wrapped

    def _stored(self, key_id: str) -> tuple[bytes, bytes]:
        """What the file of a key holds, and the id of the master key that it is wrapped under."""
        try:
            stored = self._path(key_id).read_bytes()
        except FileNotFoundError:
            if self._path(key_id, GONE).exists():
                message = "The key of this case was destroyed: it can never be read again."
                raise KeyDestroyedError(message) from None
            message = "The key of this case is not in the key store: it can’t be read."
            raise KeyMissingError(message) from None
        head = len(MAGIC) + MASTER_ID_BYTES
        if not stored.startswith(MAGIC) or len(stored) <= head + NONCE_BYTES:
            message = f"The file of key {key_id} is damaged."
            raise CannotOpenError(message)
        return stored[head:], stored[len(MAGIC) : head]

    def _unwrap(self, key_id: str) -> bytes:
        stored, master = self._stored(key_id)
        if master not in self._wrappers:
            message = "The key of this case was wrapped under another master key than MASTER_KEY."
            raise MasterKeyError(message)
        nonce, wrapped = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
        try:
            return self._wrappers[master].decrypt(nonce, wrapped, _bound_to(key_id))
        except InvalidTag:
            message = f"The file of key {key_id} is damaged, or is another key’s."
            raise CannotOpenError(message) from None

    def _hold(self, key_id: object, hold: object) -> Path:
        return self._path(_canonical(key_id), f".{_canonical(hold)}{HELD}")

    def _path(self, key_id: str, suffix: str = SUFFIX) -> Path:
        return self.folder / key_id[:2] / f"{key_id}{suffix}"


@sensitive_variables("master")
def check_master_key(master: bytes) -> None:
    """Returns for a key that can wrap; MasterKeyError says what is wrong with another."""
    if len(master) != KEY_BYTES:
        message = f"The master key must be {KEY_BYTES} bytes long, not {len(master)}."
        raise MasterKeyError(message)
    # The settings hold zeros where a command may run without a key: nothing is sealed under them.
    if not any(master):
        message = "There is no master key: set MASTER_KEY or MASTER_KEY_FILE (32 bytes, base64)."
        raise MasterKeyError(message)


@sensitive_variables("master")
def _id_of(master: bytes) -> bytes:
    return hashlib.sha256(b"master key id|" + master).digest()[:MASTER_ID_BYTES]


def _canonical(key_id: object) -> str:
    """Return the id in its one spelling; anything but a UUID is refused, so no path is built."""
    try:
        return str(uuid.UUID(str(key_id)))
    except ValueError:
        message = "This is not the id of a key."
        raise KeyMissingError(message) from None


def _bound_to(key_id: str) -> bytes:
    return b"case key|1|" + key_id.encode("ascii")
