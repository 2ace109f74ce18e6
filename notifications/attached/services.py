"""Attaching, reading and removing the documents of a case."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from notifications.attached.checking import Cleaned
from notifications.attached.digests import digest, new_salt, salted
from notifications.attached.limits import BYTES_OF_A_GB, MOST_OF_A_CASE
from notifications.attached.models import AttachedDocument, QuarantinedContent, ScannedContent
from workflow.access.policy import roles_for
from workflow.models import Case, Event
from workflow.people.person import Person
from workflow.retention.standing import is_held
from workflow.services import CannotAdvance, lock_case, record_act

log = logging.getLogger(__name__)
ATTACH, REMOVE, READ = "attach.document", "remove.document", "view.documents"
ACTS = ("attached", "removed")
State = AttachedDocument.State
# What counts towards the most that a case may hold.
STANDING = (State.HELD, State.CLEAN)
TOO_MANY = (
    f"This case holds {MOST_OF_A_CASE} documents, which is the most. Remove one that is not needed."
)
NO_ROOM = (
    "The documents of {name} take up {gb} GB, which is the most. Remove some that are not needed, "
    "or ask whoever looks after the service for more room (DOCUMENTS_GB)."
)
THERE_ALREADY = (
    "This case holds the same file already, as document {number}. Remove that one first if what is "
    "said of it is wrong."
)
NO_REASON = "Enter why the document is removed."
UNDER_HOLD = (
    "This record is under a legal hold, so that nothing of it is destroyed. Remove the document "
    "once the hold is lifted."
)
GONE = "This document was removed, or refused, before."


@transaction.atomic
def attach(
    case: Case,
    file: Cleaned,
    *,
    name: str,
    about: str,
    size: int,
    by: Person,
    on: date,
    at: datetime,
) -> AttachedDocument:
    """The document is held in the case until it is scanned, and the trail says so.

    A form that is sent twice attaches it once. Raises CannotAdvance when the case holds the same
    file, or as many as it may, or its authority's documents leave no room. Nobody can open it
    before the scanner called it clean.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    there = _there(case)
    if same := _same(there, file.content):
        if (same.by_id, same.name, same.about) == (by.pk, name, about):
            return same
        raise CannotAdvance(THERE_ALREADY.format(number=same.number))
    _find_room(case, there, size)
    numbers = AttachedDocument.objects.filter(case=case).order_by("-number")
    last = numbers.values_list("number", flat=True).first() or 0
    said = {"name": name, "about": about, "kind": file.kind.slug, "size": size}
    document = AttachedDocument(case=case, number=last + 1, salt=new_salt(), **said)
    document.by, document.at, document.next_look_at = by, at, at
    document.digest = digest(document.salt, file.content)
    document.save()
    content = QuarantinedContent(
        document=document, case=case, authority_id=case.authority_id, content=file.content
    )
    content.save(force_insert=True)
    _record(case, "document_attached", document, by=by, on=on, at=at)
    return document


@transaction.atomic
def remove(
    case: Case, number: int, *, reason: str, by: Person, on: date, at: datetime
) -> AttachedDocument:
    """The document's content is destroyed, and the trail says who removed it and why.

    Raises CannotAdvance without a reason, under a legal hold, and for a document that is no longer
    there.
    """
    if not reason.strip():
        raise CannotAdvance(NO_REASON)
    # The case first, as everywhere; then what it holds, of which a look of the scanner that is
    # being written down has locked the key alone.
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    found = AttachedDocument.objects.select_for_update(of=("self",), no_key=True).filter(
        case=case, number=number, state__in=STANDING
    )
    if is_held(case):
        raise CannotAdvance(UNDER_HOLD)
    document = found.first()
    if document is None:
        raise CannotAdvance(GONE)
    QuarantinedContent.objects.filter(document_id=document.pk).delete()
    ScannedContent.objects.filter(document_id=document.pk).delete()
    found.update(state=State.REMOVED, removed_by=by, removed_at=at)
    _record(case, "document_removed", document, by=by, on=on, at=at, reason=reason)
    document.state = State.REMOVED
    return document


def documents_of(case: Case, *, by: Person, on: date) -> list[AttachedDocument]:
    """Every document of a case that this person may see, the newest first."""
    found = AttachedDocument.objects.visible_to(by, on).filter(case=case)
    rows = list(found.order_by("-number"))
    for row in rows:
        row.case = case
    return rows


def acts_on(case: Case) -> list[Event]:
    """What was done with documents of a case, to say by whom in the words of its timeline."""
    acts = [f"document_{name}" for name in ACTS]
    found = Event.objects.filter(case=case, act__in=acts)
    return list(found.select_related("actor", "organisation").order_by("pk"))


def kept_of(case: Case) -> set[int]:
    """The documents of a case, by their keys, whose content is in quarantine."""
    found = QuarantinedContent.objects.filter(case=case)
    return set(found.values_list("document_id", flat=True))


def content_of(case: Case, number: int, *, by: Person, on: date) -> ScannedContent | None:
    """The content of a document that was found clean; None while, or where, there is none.

    Nor is any given that is not what was attached, whoever put it there.
    """
    found = ScannedContent.objects.visible_to(by, on).select_related("document")
    row = found.filter(case=case, document__number=number, document__state=State.CLEAN).first()
    if row is None:
        return None
    row.case = row.document.case = case
    if digest(row.document.salt, row.content) != row.document.digest:
        log.error("the content of a document is not what was attached, and is given to nobody")
        return None
    return row


def _record(
    case: Case,
    act: str,
    document: AttachedDocument,
    *,
    by: Person,
    on: date,
    at: datetime,
    reason: str = "",
) -> None:
    allowed = ATTACH if act == "document_attached" else REMOVE
    record_act(
        case,
        act,
        by=by,
        on=on,
        at=at,
        reason=reason,
        allowed=tuple(sorted(roles_for(allowed))),
        payload={"document": document.number, "digest": document.digest},
    )


def _there(case: Case) -> list[AttachedDocument]:
    found = list(AttachedDocument.objects.filter(case=case, state__in=STANDING))
    for row in found:
        row.case = case
    return found


def _same(there: Iterable[AttachedDocument], content: bytes) -> AttachedDocument | None:
    plain = hashlib.sha256(content).digest()
    return next((row for row in there if salted(row.salt, plain) == row.digest), None)


def _find_room(case: Case, there: list[AttachedDocument], size: int) -> None:
    """Raises CannotAdvance where there is none, in the case or for its authority.

    Counted is what whoever attaches may see: another's restricted case is not.
    """
    if len(there) >= MOST_OF_A_CASE:
        raise CannotAdvance(TOO_MANY)
    of_all = AttachedDocument.objects.filter(authority=case.authority_id, state__in=STANDING)
    taken = of_all.aggregate(taken=Sum("size"))["taken"] or 0
    if taken + size > settings.DOCUMENTS_GB * BYTES_OF_A_GB:
        name = case.authority.name
        raise CannotAdvance(NO_ROOM.format(name=name, gb=settings.DOCUMENTS_GB))
