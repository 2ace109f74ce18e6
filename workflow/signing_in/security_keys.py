"""Security keys and passkeys: what one says counts only when said to this service's own address."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

NOT_ACCEPTED = "That key was not accepted. Try again, or use a code instead"
NOTHING_SENT = "Your browser sent no key. Use a code instead"
# What the reader of a key's words raises for words that no key says.
_UNREADABLE = (
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def relying_party() -> dict[str, str]:
    """To whom keys belong: the name in SITE_URL, whatever name a request asks for."""
    return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SERVICE_NAME}


def origin() -> str:
    """The one address at which a key may be used, as browsers write it: scheme, name and port."""
    parts = urlsplit(settings.SITE_URL)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, usual} else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def was_said_here(
    credential: Any, kind: type[RegistrationResponse] | type[AuthenticationResponse]
) -> None:
    """A key said this to a page of this service, and in no frame of another; or ValidationError.

    The package alone would take the word of any name below ours, at any port.
    """
    said = kind.from_dict(credential).response.client_data
    if said.origin != origin() or said.cross_origin:
        raise ValidationError(NOT_ACCEPTED, code="incorrect_code")


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever is wrong with what a key said inside, it is refused in the same words."""
    try:
        yield
    except _UNREADABLE as fault:
        raise ValidationError(NOT_ACCEPTED, code="incorrect_code") from fault
    except ValidationError as refusal:
        # A refusal for too many attempts has words of its own.
        if getattr(refusal, "code", "") != "incorrect_code":
            raise
        raise ValidationError(NOT_ACCEPTED, code="incorrect_code") from refusal
