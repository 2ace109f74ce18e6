"""The key that signs the log: it lies outside the database, and only the worker needs it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.views.decorators.debug import sensitive_variables


class NoKeyError(Exception):
    """This process has no key to sign with."""


@sensitive_variables()
def _key() -> Ed25519PrivateKey:
    # The settings hold zeros where none was given: nothing is signed with them.
    if not any(settings.AUDIT_KEY):
        message = (
            "There is no key to sign with: set AUDIT_KEY or AUDIT_KEY_FILE (32 bytes, base64)."
        )
        raise NoKeyError(message)
    return Ed25519PrivateKey.from_private_bytes(settings.AUDIT_KEY)


def sign(message: bytes) -> str:
    """The signature in hexadecimal digits; NoKeyError where there is no key."""
    return _key().sign(message).hex()


def public() -> str:
    """The public key in hexadecimal digits; NoKeyError where there is no key."""
    return _key().public_key().public_bytes_raw().hex()
