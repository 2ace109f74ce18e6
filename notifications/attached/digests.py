"""What a content is known by in the trail: a digest that tells nothing to whoever lacks its salt.

The salt is sealed under the case's key, and ends with it: then nobody can tell from the digest
whether a file that they hold was attached.
"""

import hashlib
import secrets

SALT_BYTES = 32
_FORM = b"document/1"


def new_salt() -> bytes:
    """Another one for each document."""
    return secrets.token_bytes(SALT_BYTES)


def digest(salt: bytes, content: bytes) -> str:
    """The SHA-256 of the salt and the content's own SHA-256, in hexadecimal."""
    return salted(salt, hashlib.sha256(content).digest())


def salted(salt: bytes, plain: bytes) -> str:
    """The same for a content of which the SHA-256 is known."""
    return hashlib.sha256(_FORM + salt + plain).hexdigest()
