"""Keys of rows as addresses and forms show them: a name that tells nothing and nobody makes up.

A key counts: whoever reads two of them learns how many came between, and guesses the next. So what
a page shows of a key is that key sealed by this service, the same each time (AES-SIV, made for
that), and of one kind: the name of a person opens no message. The names end with `SECRET_KEY`.
Whether somebody may see what is named so is asked as ever.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

_BYTES = 8
PLACE, PERSON, ROLE, STEP, ARRANGED = "place", "person", "role", "step", "arranged"
INVITATION, MESSAGE = "invitation", "message"
# What the pages of this room find by a name in an address.
IN_ADDRESSES = (
    PLACE, PERSON, INVITATION, "webhook", "reminder", MESSAGE, "session", "hold", "saved",
    "emergency", "holiday", "moved", "redaction", "text",
)  # fmt: skip


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESSIV:
    made = salted_hmac("workflow.opaque", "", secret=secret, algorithm="sha512")
    return AESSIV(made.digest())


def hide(kind: str, key: int) -> str:
    """The name of a row of this kind."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(key.to_bytes(_BYTES, "big"), [kind.encode()])
    return base64.urlsafe_b64encode(sealed).decode()


def find(kind: str, name: str) -> int | None:
    """The key of a row that is named so; None for what names no row of this kind."""
    try:
        sealed = base64.b64decode(name, altchars=b"-_", validate=True)
        opened = _cipher(settings.SECRET_KEY).decrypt(sealed, [kind.encode()])
    except (binascii.Error, ValueError, InvalidTag):
        return None
    return int.from_bytes(opened, "big")


class KeyConverter:
    """A row in an address: its name there, its key inside the service."""

    kind = ""
    regex = "[A-Za-z0-9_-]{32}"

    def to_python(self, value: str) -> int:
        """The key; ValueError, and so no such address, for what names no row of the kind."""
        key = find(self.kind, value)
        if key is None:
            raise ValueError(value)
        return key

    def to_url(self, value: int | str) -> str:
        """The name of the row."""
        return hide(self.kind, int(value))


def converter(kind: str) -> type[KeyConverter]:
    """The converter of one kind, to be registered under its name."""
    return type("KeyConverter", (KeyConverter,), {"kind": kind})
