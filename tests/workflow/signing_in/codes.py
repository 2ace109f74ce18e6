"""An authenticator app: what it shows at this moment for a secret."""

import base64
import hashlib
import hmac
import struct

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from workflow import clock
from workflow.models import Person


def shown(secret: str) -> str:
    """The six digits, by RFC 6238 and apart from the package that checks them."""
    counter = struct.pack(">Q", int(clock.now().timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def set_up(person: Person) -> tuple[str, list[str]]:
    """The person has an app and recovery codes: its secret, and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret, RecoveryCodes.activate(person).generate_codes()


def has_one(person: Person) -> bool:
    """Whether the person has a second factor."""
    return bool(Authenticator.objects.filter(user=person).exists())
