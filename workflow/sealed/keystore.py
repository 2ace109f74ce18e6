"""The key store: one small file for each case's key, wrapped under the master key.

It lies outside the database, so that neither a dump nor a stolen disk of the one opens the other,
and so that destroying one file makes a case unreadable in every backup of the database.

A file is `SK1` + 8 bytes naming the master key + 12 bytes nonce + the wrapped key. The key's
own id is the additional data: a file renamed to another id does not open.
"""

import hashlib
import os
import secrets
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from workflow.sealed.errors import CannotOpenError, KeyMissingError, MasterKeyError

KEY_BYTES = 32
NONCE_BYTES = 12
MAGIC = b"SK1"
MASTER_ID_BYTES = 8
SUFFIX = ".key"
# Another process's key may be destroyed while this one remembers it: not for longer than this.
REMEMBER_SECONDS = 60.0
REMEMBER_KEYS = 512


class KeyStore:
    """Keys by id, in a folder. Every answer is a whole key or an error, never a guess."""

    @sensitive_variables("master")
    def __init__(self, folder: Path, master: bytes) -> None:
        _check_master_key(master)
        self.folder = folder
        self._wrapper = AESGCM(master)
        self._master_id = hashlib.sha256(b"master key id|" + master).digest()[:MASTER_ID_BYTES]
        self._remembered: OrderedDict[str, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()

    def create(self) -> str:
        """Make a key, keep it durably, and return its id: it is on disk before this returns."""
        key_id = str(uuid.uuid4())
        wrapped = self._wrap(key_id, AESGCM.generate_key(bit_length=KEY_BYTES * 8))
        _write_durably(self._path(key_id), wrapped)
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

    def destroy(self, key_id: object) -> bool:
        """Make everything sealed under a key unreadable for ever; return whether it was there."""
        name = _canonical(key_id)
        with self._lock:
            self._remembered.pop(name, None)
        path = self._path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_folder(path.parent)
        return True

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
        wrapped = self._wrapper.encrypt(nonce, key, _bound_to(key_id))
        return MAGIC + self._master_id + nonce + wrapped

    @sensitive_variables("stored")
    def _unwrap(self, key_id: str) -> bytes:
        try:
            stored = self._path(key_id).read_bytes()
        except FileNotFoundError:
            message = "The key of this case is not in the key store: it can’t be read."
            raise KeyMissingError(message) from None
        head = len(MAGIC) + MASTER_ID_BYTES
        if not stored.startswith(MAGIC) or len(stored) <= head + NONCE_BYTES:
            message = f"The file of key {key_id} is damaged."
            raise CannotOpenError(message)
        if stored[len(MAGIC) : head] != self._master_id:
            message = "The key of this case was wrapped under another master key than MASTER_KEY."
            raise MasterKeyError(message)
        nonce, wrapped = stored[head : head + NONCE_BYTES], stored[head + NONCE_BYTES :]
        try:
            return self._wrapper.decrypt(nonce, wrapped, _bound_to(key_id))
        except InvalidTag:
            message = f"The file of key {key_id} is damaged, or is another key’s."
            raise CannotOpenError(message) from None

    def _path(self, key_id: str) -> Path:
        return self.folder / key_id[:2] / f"{key_id}{SUFFIX}"


@sensitive_variables("master")
def _check_master_key(master: bytes) -> None:
    if len(master) != KEY_BYTES:
        message = f"The master key must be {KEY_BYTES} bytes long, not {len(master)}."
        raise MasterKeyError(message)
    # The settings hold zeros where a command may run without a key: nothing is sealed under them.
    if not any(master):
        message = "There is no master key: set MASTER_KEY or MASTER_KEY_FILE (32 bytes, base64)."
        raise MasterKeyError(message)


def _canonical(key_id: object) -> str:
    """Return the id in its one spelling; anything but a UUID is refused, so no path is built."""
    try:
        return str(uuid.UUID(str(key_id)))
    except ValueError:
        message = "This is not the id of a key."
        raise KeyMissingError(message) from None


def _bound_to(key_id: str) -> bytes:
    return b"case key|1|" + key_id.encode("ascii")


def _write_durably(path: Path, content: bytes) -> None:
    new_folder = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if new_folder:
        _sync_folder(path.parent.parent)
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
