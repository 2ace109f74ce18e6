"""Recording that a partner gave its view; with the last one the signing is over.

It begins anew when a system replaces what was signed.
"""

from datetime import date, datetime

from django.db import transaction

from workflow.audit.models import Event
from workflow.machine.advancing import begin, lock_case, membership_for, tell
from workflow.machine.consequences import Acting
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.machine.signatures import REWRITTEN, SIGNERS, VIEWS, yet_to_sign
from workflow.machine.storing import flush
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person


@transaction.atomic
def record_view(
    review: RapidReview,
    organisation: Organisation,
    view: str,
    *,
    received: bool = False,
    by: Person,
    on: date,
    at: datetime,
) -> Event:
    """The trail says which partner gave its view: the case waits for that one no longer.

    `received` for a view that the business unit writes down. Once every partner has given its
    view, the rapid review is the business unit's to send.
    """
    case = review.case
    if not case.is_locked:
        case = review.case = lock_case(case.token, by=by, on=on)
    own, written_down = VIEWS
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
    }
    act = written_down if received else own
    event = move.record(act, payload, machine=RapidReview.MACHINE, number=review.number)
    asked = {row.pk for row in yet_to_sign(review, on=on)}
    if review.state == RapidReviewState.PARTNER_SIGNOFF and not asked - {organisation.pk}:
        move.apply(review, "close_signing", system=True)
    tell(move, event, newly_given=())
    flush(move)
    return event


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
    """As part of an act: each view that was given is of other words, and all are asked again."""
    payload = {"review": review.number}
    event = move.record(REWRITTEN, payload, machine=RapidReview.MACHINE, number=review.number)
    if review.state == RapidReviewState.SIGNED:
        move.apply(review, "reopen_signing", system=True)
    return event
