"""Save tickets: a page that outlives its session can still hand in what was typed on it.

A page carries, in a hidden field, a ticket that is sealed under its case's key and names the
person, the page and the version shown. Without a session it allows one thing only: to keep what
was typed on that page aside for that person, sealed, until they sign in again. It opens nothing
and shows nothing, and it ends after twelve hours or with the case's key.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag

from workflow.models import Case
from workflow.sealed import keys

LASTS = timedelta(hours=12)
_NONCE = 12


@dataclass(frozen=True)
class Ticket:
    """For whom, on which page, over which version; `seen` is 0 for a page never saved."""

    person: int
    document: str
    section: str
    item: str
    seen: int
    issued_at: datetime


def issue(case: Case, ticket: Ticket) -> str:
    """The ticket as it travels in the page: only this service can read or make one."""
    nonce = secrets.token_bytes(_NONCE)
    plain = json.dumps(
        [
            ticket.person,
            ticket.document,
            ticket.section,
            ticket.item,
            ticket.seen,
            ticket.issued_at.isoformat(),
        ]
    )
    sealed = keys.get(case.key_id).encrypt(nonce, plain.encode(), _bound_to(case))
    return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def read(case: Case, text: str, *, at: datetime) -> Ticket | None:
    """The ticket of a page of this case; None for one forged, of another case, or too old."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii"))
        plain = keys.get(case.key_id).decrypt(raw[:_NONCE], raw[_NONCE:], _bound_to(case))
    except (InvalidTag, ValueError, binascii.Error):
        return None
    person, document, section, item, seen, issued = json.loads(plain)
    found = Ticket(person, document, section, item, seen, datetime.fromisoformat(issued))
    return found if found.issued_at <= at <= found.issued_at + LASTS else None


def _bound_to(case: Case) -> bytes:
    return f"save-ticket|{case.pk}".encode()
