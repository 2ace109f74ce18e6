"""The case's row first, then what turns around it."""

from datetime import date

from workflow import services
from workflow.machine.case import Case
from workflow.machine.rapid_review import RapidReview
from workflow.people.person import Person


def locked_review(review: RapidReview, *, by: Person, on: date) -> RapidReview:
    """The rapid review as it now rests, its case locked until the transaction ends.

    Raises NotFound when the case is not this person's.
    """
    case = services.lock_case(review.case.token, by=by, on=on)
    found = RapidReview.objects.get(pk=review.pk, case=case)
    found.case = case
    return found


def locked_case(case: Case, *, by: Person, on: date) -> Case:
    """The case, locked until the transaction ends. Raises NotFound when it is not this person's."""
    return case if case.is_locked else services.lock_case(case.token, by=by, on=on)
