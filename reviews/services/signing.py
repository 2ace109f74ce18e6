"""A partner's own view of the rapid review: nobody else writes, changes or removes it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reviews.codes import View
from reviews.models import SignOff
from reviews.services.drafts import draft_of, draft_on
from reviews.services.locking import locked_review
from workflow import services
from workflow.machine.rapid_review import (
    IN_PREPARATION,
    WITH_THE_PANEL,
    RapidReview,
    RapidReviewState,
)
from workflow.machine.signatures import signs_for, statutory_partners
from workflow.people.organisations import Organisation
from workflow.people.person import Person

CHANGED = "It has changed since you opened this page: read it again, then give your view."
SIGNABLE = (*IN_PREPARATION, RapidReviewState.RETURNED, *WITH_THE_PANEL)


@dataclass(frozen=True)
class Given:
    """A view as it is given: by whom, in which position, on which London date."""

    view: str
    name: str
    position: str
    comment: str
    signed_on: date


@transaction.atomic
def sign(
    review: RapidReview,
    organisation: Organisation,
    given: Given,
    *,
    by: Person,
    on: date,
    at: datetime,
    draft: str | None = None,
) -> SignOff:
    """A partner's own view is kept; a later one stands beside it, the newest counts.

    `draft` is the one that a page showed: nobody signs another. Raises CannotAdvance for that,
    and for whoever does not answer for that partner.
    """
    review = locked_review(review, by=by, on=on)
    _refuse_another(draft, review)
    if organisation not in signs_for(by, review.case, on=on):
        raise services.CannotAdvance(
            f"Only the safeguarding partner of {organisation.name} can give its view."
        )
    return _keep(review, organisation, given, draft_of(review), by=by, on=on, at=at)


@transaction.atomic
def record_received(
    review: RapidReview,
    organisation: Organisation,
    given: Given,
    *,
    by: Person,
    on: date,
    at: datetime,
    draft: str | None = None,
) -> SignOff:
    """The business unit has written down a view that a partner gave another way, marked so.

    It is of the words that the partner can have read on the day on which it gave the view. `draft`
    is the one that a page was opened for: nobody answers for another.
    """
    review = locked_review(review, by=by, on=on)
    _refuse_another(draft, review)
    read = draft_on(review, given.signed_on)
    return _keep(review, organisation, given, read, received=True, by=by, on=on, at=at)


def _refuse_another(draft: str | None, review: RapidReview) -> None:
    if draft is not None and draft != draft_of(review):
        raise services.CannotAdvance(CHANGED)


def _keep(
    review: RapidReview,
    organisation: Organisation,
    given: Given,
    draft: str,
    *,
    by: Person,
    on: date,
    at: datetime,
    received: bool = False,
) -> SignOff:
    reasons = _refusals(review, organisation, given, on=on)
    if reasons:
        raise services.CannotAdvance(*reasons)
    how: Any = {"by": by, "on": on, "at": at}
    services.record_view(
        review,
        organisation,
        given.view,
        received=received,
        of_this_draft=draft == draft_of(review),
        **how,
    )
    return SignOff.objects.create(
        case=review.case,
        review=review,
        partner=organisation.kind,
        organisation=organisation,
        name=given.name,
        position=given.position,
        view=given.view,
        comment=given.comment,
        signed_on=given.signed_on,
        received=received,
        draft=draft,
        by=by,
        on=on,
        at=at,
    )


def _refusals(
    review: RapidReview, organisation: Organisation, given: Given, *, on: date
) -> list[str]:
    reasons = []
    if review.state not in SIGNABLE:
        reasons.append(f"It now stands at {review.get_state_display()}: no view can be added.")
    if organisation not in statutory_partners(review.case, on=on):
        reasons.append(f"{organisation.name} is not a safeguarding partner of this area.")
    if given.view == View.DISSENT and not given.comment.strip():
        reasons.append("Say what you do not agree with, and why.")
    if given.signed_on > on:
        reasons.append("The date of the view must be today or in the past.")
    return reasons
