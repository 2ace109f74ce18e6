"""The days of a local review: that of the decision put right, that of publication planned."""

from datetime import date, datetime

from django.db import transaction

from workflow.audit.models import Event
from workflow.machine.advancing import begin, lock_case, membership_for, tell
from workflow.machine.consequences import taken_earlier
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import PARTNERS, PLANNABLE, ReviewKind
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.people.person import Person


@transaction.atomic
def put_decided_day_right(
    review: PracticeReview | None,
    decided_on: date,
    *,
    by: Person,
    on: date,
    at: datetime,
) -> Event | None:
    """The decision that stands was taken on this earlier day, from which its six months run.

    None, and nothing is done, where it is no earlier. The trail keeps the day it said before, and
    the clock its receipt; why is said by the act that repeats the decision. The case must be
    locked.
    """
    if review is None or not taken_earlier(review, decided_on):
        return None
    case, before = review.case, review.decided_on
    membership = membership_for(by, PARTNERS, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at)
    move.put_decided_day_right(review, decided_on)
    payload = {
        "before": {"decided_on": before.isoformat() if before else None},
        "after": {"decided_on": decided_on.isoformat()},
        **move.changed_clocks(),
    }
    event = move.record(
        "put_decided_day_right", payload, machine=PracticeReview.MACHINE, number=review.number
    )
    flush(move)
    return event


@transaction.atomic
def plan_publication(
    review: PracticeReview,
    publish_on: date,
    *,
    by: Person,
    on: date,
    at: datetime,
    reason: str = "",
) -> Event:
    """The copy before publication is due from now on, counted back from the day planned.

    A day that moves takes an open clock with it, and needs a reason; the trail keeps every day that
    was planned. Once the copy has been sent only the day is noted.
    """
    case = lock_case(review.case.token, by=by, on=on)
    review = PracticeReview.objects.get(pk=review.pk, case=case)
    review.case = case
    membership = membership_for(by, PARTNERS, case=case, on=on)
    before = review.publish_on
    if reasons := _refusals(review, publish_on, reason, on=on):
        raise CannotAdvance(*reasons)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    move.plan_publication(review, publish_on)
    move.touch(review)
    payload = {
        "publish_on": publish_on.isoformat(),
        "before": before.isoformat() if before else None,
        **move.changed_clocks(),
    }
    event = move.record(
        "plan_publication", payload, machine=PracticeReview.MACHINE, number=review.number
    )
    tell(move, event, newly_given=())
    flush(move)
    return event


def _refusals(review: PracticeReview, publish_on: date, reason: str, *, on: date) -> list[str]:
    reasons = []
    if review.kind != ReviewKind.LOCAL:
        reasons.append("Only the partners’ local review has this step.")
    if review.state not in PLANNABLE:
        reasons.append("No publication can be planned while the review stands here.")
    if publish_on < on:
        reasons.append("The day of publication must be today or in the future.")
    if review.publish_on and not reason.strip():
        reasons.append("Enter why the day of publication moves.")
    return reasons
