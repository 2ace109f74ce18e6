"""A write that is asked for twice with one key is done once, and answered alike both times.

The answer rests sealed with its case. Neither the key nor what was asked is kept, only what tells
whether they are the same: of the key a digest, of what was asked one with a salt that rests sealed
beside the answer. No secret of the service is in them, so that none that is changed forgets any. A
refusal keeps nothing: then nothing was done.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from rest_framework.request import Request

from workflow import clock
from workflow.api.models import ApiWrite
from workflow.api.problems import Refused, Wrong, refuse
from workflow.machine.case import Case
from workflow.people.person import Person

HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 8, 200
# For so long the same answer is given; what a key opened it opens never again.
KEPT = timedelta(days=7)
_SPACE = UUID("b2a1e1f8-9f3d-4f4e-8b63-1d1f5d3f3a77")
_HOLD = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom, with which key, and for what."""

    account: Person
    said: str = field(repr=False)
    what: str = field(repr=False)

    @property
    def key(self) -> str:
        """What the key is known by; the digest of a random one leads back to nothing."""
        return hashlib.sha256(f"api key {self.said}".encode()).hexdigest()

    def digest(self, salt: str) -> str:
        """What tells whether the same was asked; without the salt nobody can try what it was."""
        return hmac.new(salt.encode(), self.what.encode(), hashlib.sha256).hexdigest()

    @property
    def opening(self) -> UUID:
        """What no other write of anybody's has: a case that is opened with it is opened once."""
        return uuid5(_SPACE, self.key)


def asked_in(request: Request, account: Person, said: dict[str, Any]) -> Asked:
    """What is asked. Refused without a key that can be told apart."""
    key = request.headers.get(HEADER, "")
    if not SHORTEST <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        wrong = Wrong(
            "header",
            HEADER,
            f"A write needs a key of {SHORTEST} to {LONGEST} printable characters.",
            "Make a new random one for each thing to be done; send it again when asking again.",
        )
        raise refuse(400, "Send a key", wrong)
    body = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return Asked(account, f"{account.pk} {key}", f"{request.method} {request.path} {body}")


def hold(asked: Asked) -> None:
    """Nobody else does anything with this key until the transaction ends; refused if one does."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [asked.key])
        (held,) = cursor.fetchone()
    if not held:
        raise refuse(
            409,
            "It is being done",
            Wrong("header", HEADER, "What was asked with this key is being done.", _AGAIN),
            headers={"Retry-After": "1"},
        )


_AGAIN = "Ask again in a second, with the same key: you get the answer of the first."


def answered(asked: Asked) -> dict[str, Any] | None:
    """What was answered to this before; None if nothing was. Refused for another question."""
    seen = Case.objects.visible_to(asked.account, clock.today())
    row = ApiWrite.objects.filter(account=asked.account, key=asked.key, case__in=seen)
    found = row.select_related("case").first()
    if found is None:
        return None
    if not hmac.compare_digest(found.asked, asked.digest(found.answer["salt"])):
        detail = "Something else was done with this key."
        wrong = Wrong("header", HEADER, detail, "Make a new key for what you ask now.")
        raise refuse(422, "The key was used", wrong)
    answer: dict[str, Any] = found.answer["told"]
    return answer


def keep(asked: Asked, case: Case, answer: dict[str, Any], *, at: datetime) -> None:
    """Whoever asks the same again with this key is answered so."""
    salt = secrets.token_hex(16)
    ApiWrite.objects.create(
        case=case,
        account=asked.account,
        key=asked.key,
        asked=asked.digest(salt),
        answer={"salt": salt, "told": answer},
        at=at,
    )


def used_out_of_sight() -> Refused:
    """The key once did something of which its system sees nothing any more."""
    detail = "It was used before, for a case that your system does not see any more."
    wrong = Wrong("header", HEADER, detail, "Make a new key for what you ask now.")
    return refuse(409, "The key was used", wrong)


def sweep() -> int:
    """Answers that nobody may ask for again are gone; returns how many were."""
    gone, _ = ApiWrite.objects.filter(at__lt=clock.now() - KEPT).delete()
    return gone
