"""What was typed on a page of a case when the session had ended: kept for its person alone.

A page carries a save ticket: signed, naming the person and the case. Without a session it allows
one thing only: to keep what was typed on a page of that case, sealed, for that person, until they
sign in again. It opens nothing and shows nothing, and it ends after twelve hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.http import QueryDict

from workflow.people.person import Person
from workflow.sealed import keys
from workflow.sealed.errors import KeyMissingError
from workflow.sealed.models import KeptPage

if TYPE_CHECKING:
    from workflow.machine.case import Case

LASTS = timedelta(hours=12)
MOST_NAMES = 200
# What a page puts in of itself, and what only says which button was pressed.
RESERVED = frozenset({"csrfmiddlewaretoken", "ticket", "confirmed", "then", "keep-only"})
_SALT = "save-ticket"


@dataclass(frozen=True)
class Ticket:
    """For whom, and for which case; `refilled` when the page showed what had been kept.

    `opened_at` is when what the page shows was read: before the ticket was issued where it shows
    again what was sent; None where nobody knows.
    """

    person: int
    token: str
    issued_at: datetime
    opened_at: datetime | None
    refilled: bool = False

    def sealed(self) -> str:
        """The ticket as it travels in the page: only this service can make one."""
        opened = self.opened_at.isoformat() if self.opened_at else ""
        parts = [self.person, self.token, self.issued_at.isoformat(), self.refilled, opened]
        return signing.dumps(parts, salt=_SALT)


@dataclass(frozen=True)
class Kept:
    """What waits for a person on a page, and since when."""

    typed: dict[str, list[str]]
    at: datetime

    @property
    def texts(self) -> list[str]:
        """What was written, without the choices made: those are codes."""
        written = (text.strip() for texts in self.typed.values() for text in texts)
        return [text for text in written if any(c.isspace() for c in text) or len(text) > 60]


def read(text: str, *, token: str, at: datetime) -> Ticket | None:
    """The ticket of a page of this case; None for one forged, of another case, or too old."""
    try:
        # A page may be open since before tickets said the last of it.
        person, of, issued, refilled, *opened = signing.loads(text, salt=_SALT)
        opened_at = datetime.fromisoformat(opened[0]) if any(opened) else None
        found = Ticket(person, of, datetime.fromisoformat(issued), opened_at, refilled)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    in_time = found.issued_at <= at <= found.issued_at + LASTS
    return found if in_time and found.token == token else None


def typed_in(post: QueryDict) -> dict[str, list[str]]:
    """What a page sent, without what the page itself put in."""
    names = [name for name in post if name not in RESERVED][:MOST_NAMES]
    return {name: post.getlist(name) for name in names}


def put(
    case: "Case", person: Person, page: str, typed: Mapping[str, Sequence[str]], *, at: datetime
) -> None:
    """What was typed waits for the person on this page, over anything that waited there before.

    Of a case whose record was destroyed nothing is kept: there is nothing to seal it under.
    """
    try:
        keys.get(case.key_id)
    except KeyMissingError:
        return
    kept = {"person": person.pk, "page": page, "typed": {k: list(v) for k, v in typed.items()}}
    row = KeptPage(
        case=case,
        authority_id=case.authority_id,
        person=person,
        page=page,
        kept=kept,
        kept_at=at,
    )
    KeptPage.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["case", "person", "page"],
        update_fields=["kept", "kept_at"],
    )


def waiting(person: Person, page: str, *, on: date) -> Kept | None:
    """What waits for this person on a page of a case that they still see; None for nothing."""
    row = KeptPage.objects.filter(person=person, page=page).select_related("case").first()
    if row is None or not type(row.case).objects.visible_to(person, on).filter(pk=row.case_id):
        return None
    kept = row.kept
    if (kept["person"], kept["page"]) != (person.pk, page):
        return None
    return Kept(kept["typed"], row.kept_at)


def forget(person: Person, page: str) -> None:
    """Nothing waits for this person on this page any more."""
    KeptPage.objects.filter(person=person, page=page).delete()
