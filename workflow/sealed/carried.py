"""What was typed on a page of no case yet, sealed so that the person's own browser may carry it.

Such a page opens a case, so there is no case yet under whose key it could be kept. It is sealed
under a key made from the master key and bound to one person and one page: in a cookie it says
nothing to whoever sits there, and opens for nobody else. It ends after twelve hours.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflow.people.person import Person
from workflow.sealed import keys
from workflow.sealed.kept import LASTS, Kept

NONCE = 12
# A browser drops a cookie of more than 4,096 bytes, its name and attributes included.
MOST = 3800


def seal(
    typed: Mapping[str, Sequence[str]], person: Person, page: str, *, at: datetime
) -> str | None:
    """The answers as text for a cookie; None when they are more than a cookie holds."""
    content = json.dumps([at.isoformat(), {name: list(said) for name, said in typed.items()}])
    nonce = urandom(NONCE)
    sealed = _ciphers()[0].encrypt(nonce, zlib.compress(content.encode()), _bound_to(person, page))
    text = urlsafe_b64encode(nonce + sealed).decode()
    return text if len(text) <= MOST else None


def opened(text: str, person: Person, page: str, *, at: datetime) -> Kept | None:
    """What this person typed on this page; None for what is forged, somebody else's or too old."""
    content = _unsealed(text, _bound_to(person, page))
    if content is None:
        return None
    kept_at, typed = json.loads(zlib.decompress(content))
    since = datetime.fromisoformat(kept_at)
    return Kept(typed, since) if since <= at <= since + LASTS else None


def _unsealed(text: str, bound: bytes) -> bytes | None:
    try:
        sealed = urlsafe_b64decode(text)
    except ValueError:
        return None
    for cipher in _ciphers():
        with suppress(ValueError, InvalidTag):
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    return None


def _ciphers() -> list[AESGCM]:
    return [AESGCM(key) for key in keys.made_from_the_master_key(b"what a browser carries")]


def _bound_to(person: Person, page: str) -> bytes:
    return f"carried {person.pk} {page}".encode()
