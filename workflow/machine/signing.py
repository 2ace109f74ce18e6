"""Recording that a partner gave its view; with the last one the signing is over.

It begins anew when a system replaces what was signed.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from workflow.audit.models import Event
from workflow.machine.advancing import begin, lock_case, membership_for, tell
from workflow.machine.case import Case
from workflow.machine.consequences import Acting
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.machine.signatures import (
    OF_THIS_DRAFT,
    PARTNER,
    REWRITTEN,
    SIGNERS,
    VIEWS,
    statutory_partners,
    yet_to_sign,
    yet_to_sign_this_draft,
)
from workflow.machine.storing import flush
from workflow.outbox.models import WAITING, Outbox, free
from workflow.outbox.services import message
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

SIGN_AGAIN = "sign_again"
"""The message to whoever answers for a partner whose view is of other words now."""


@transaction.atomic
def record_view(
    review: RapidReview,
    organisation: Organisation,
    view: str,
    *,
    received: bool = False,
    of_this_draft: bool = True,
    by: Person,
    on: date,
    at: datetime,
) -> Event:
    """The trail says which partner gave its view: the case waits for that one no longer.

    `received` for a view that the business unit writes down. Once every partner has given one, the
    rapid review is the unit's to send. A view of this draft takes the mail away that was to ask for
    it, unless that asks for another partner's too.
    """
    case = review.case
    if not case.is_locked:
        case = review.case = lock_case(case.token, by=by, on=on)
    allowed = (roles.BUSINESS_UNIT.slug,) if received else SIGNERS
    membership = membership_for(by, allowed, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at)
    payload = {
        "review": review.number,
        "partner": organisation.kind,
        "organisation": organisation.name,
        "organisation_id": organisation.pk,
        "view": view,
        "received": received,
        OF_THIS_DRAFT: of_this_draft,
    }
    event = move.record(VIEWS[received], payload, machine=RapidReview.MACHINE, number=review.number)
    if review.state == RapidReviewState.PARTNER_SIGNOFF and not _others(review, organisation, on):
        move.apply(review, "close_signing", system=True)
    tell(move, event, newly_given=())
    flush(move)
    if of_this_draft:
        _ask_no_more(move, review, organisation)
    return event


def ask_nobody_to_sign(case: Case, *, at: datetime) -> None:
    """Whoever was to be asked by mail to sign a rapid review again is not: it was sent."""
    _waiting(case, at).update(cancelled_at=at)


@transaction.atomic
def record_rewriting(review: RapidReview, *, by: Person, on: date, at: datetime) -> Event:
    """The trail says that words which a partner had signed were replaced: all sign again.

    Where the signing was over, the rapid review is the partners' once more.
    """
    case = review.case
    if not case.is_locked:
        case = review.case = lock_case(case.token, by=by, on=on)
    membership = membership_for(by, (roles.LA_FILING_SYSTEM.slug,), case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at)
    event = sign_anew(review, move)
    flush(move)
    return event


def sign_anew(review: RapidReview, move: Acting) -> Event:
    """As part of an act: each view that was given is of other words, and all are asked again.

    Whoever answers for a partner whose view it was is told by mail at once; the others are on the
    lists of work, and reminded, as before.
    """
    given = set(statutory_partners(move.case, on=move.on)) - set(yet_to_sign(review, on=move.on))
    payload = {"review": review.number}
    event = move.record(REWRITTEN, payload, machine=RapidReview.MACHINE, number=review.number)
    if review.state == RapidReviewState.SIGNED:
        move.apply(review, "reopen_signing", system=True)
    move.messages += [
        message(
            SIGN_AGAIN,
            case=move.case,
            dedupe=f"{SIGN_AGAIN}:{move.case.pk}:{event.sequence}",
            at=move.recorded_at,
            person_id=person,
        )
        for person in sorted(_who_sign(given, on=move.on))
    ]
    return event


def _others(review: RapidReview, signed: Organisation, on: date) -> list[Organisation]:
    return [row for row in yet_to_sign(review, on=on) if row != signed]


def _ask_no_more(move: Acting, review: RapidReview, signed: Organisation) -> None:
    waits = _waiting(move.case, move.recorded_at)
    if waits.exists():
        # A letter of an earlier draft is a view, and leaves its partner asked for one of this.
        left = [row for row in yet_to_sign_this_draft(review, on=move.on) if row != signed]
        asked = _who_sign([signed], on=move.on) - _who_sign(left, on=move.on)
        waits.filter(person__in=asked).update(cancelled_at=move.recorded_at)


def _waiting(case: Case, at: datetime) -> QuerySet[Outbox]:
    """Who waits to be asked; what a sender has in hand goes out."""
    return Outbox.objects.filter(WAITING, free(at), case=case, kind=SIGN_AGAIN)


def _who_sign(partners: Iterable[Organisation], *, on: date) -> set[int]:
    return {person.pk for one in partners for person in responsible_people(one, PARTNER, on)}
