"""What was typed when the session had ended: kept aside for its person, sealed, until they look.

It is no answer yet: nobody else sees it, and it takes the place of nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import QueryDict

from notifications.sections.paper import Leaf
from notifications.sections.tickets import Ticket
from workflow.models import Answers, Case, Person
from workflow.sealed import answers

SEEN = "seen-version"
RESERVED = frozenset({"csrfmiddlewaretoken", "ticket", "version", "then", SEEN})
MOST_NAMES = 200


class Aside(NamedTuple):
    """Typed answers waiting for their person, over the version they were typed over."""

    typed: dict[str, list[str]]
    seen: int
    at: datetime


def typed_in(post: QueryDict) -> dict[str, list[str]]:
    """What a page sent, without what the page itself put in."""
    names = [name for name in post if name not in RESERVED][:MOST_NAMES]
    return {name: post.getlist(name) for name in names}


def put(case: Case, ticket: Ticket, typed: Mapping[str, Sequence[str]], *, at: datetime) -> None:
    """The typed answers are kept for the ticket's person, over anything they left there before."""
    kept = {**typed, SEEN: [str(ticket.seen)]}
    _write(case, _name(ticket.document, ticket.person), ticket.section, ticket.item, kept, at)


def waiting(case: Case, document: str, person: Person, key: tuple[str, str]) -> Aside | None:
    """What waits for this person on a page; None when nothing does."""
    row = _row(case, _name(document, person.pk), *key)
    if row is None or not row.answers:
        return None
    typed = dict(row.answers)
    seen = int(typed.pop(SEEN, ["0"])[0])
    return Aside(typed, seen, row.edited_at)


def clear(case: Case, document: str, person: Person, leaf: Leaf, *, at: datetime) -> None:
    """Nothing waits for this person on a page any more: it was saved, or let go."""
    name = _name(document, person.pk)
    row = _row(case, name, *leaf.key)
    if row is not None and row.answers:
        _write(case, name, *leaf.key, {}, at)


def _name(document: str, person: int) -> str:
    return f"{document}~{person}"


def _row(case: Case, name: str, section: str, item: str) -> Answers | None:
    row = Answers.objects.filter(case=case, document=name, section=section, item=item).first()
    if row is not None:
        row.case = case
    return row


def _write(
    case: Case,
    name: str,
    section: str,
    item: str,
    typed: Mapping[str, Sequence[str]],
    at: datetime,
) -> None:
    row = _row(case, name, section, item)
    seen = row.version if row else 0
    try:
        answers.save(case, name, section, item, typed=typed, seen_version=seen, by=None, at=at)
    except answers.Conflict as theirs:
        # Two windows of one person at the same moment: the later one stands, and history keeps
        # the other.
        answers.save(
            case,
            name,
            section,
            item,
            typed=typed,
            seen_version=theirs.theirs.version,
            by=None,
            at=at,
        )
