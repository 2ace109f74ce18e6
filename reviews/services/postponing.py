"""The partners have not decided yet, and say anew by when they will."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from reviews import codes
from reviews.codes import Decision, decision_of
from reviews.models import PartnersDecision
from reviews.services.coded import unknown_codes
from reviews.services.deciding import keep_decision
from reviews.services.locking import locked_case
from reviews.services.reading import decision_stands, local_review
from workflow import services
from workflow.machine.case import Case
from workflow.people.person import Person


@transaction.atomic
def put_off(
    case: Case, *, code: str, decide_by: date, reason: str, by: Person, on: date, at: datetime
) -> PartnersDecision:
    """The decision stays open until a later day; the rapid review is not sent again.

    Raises CannotAdvance with every reason why not.
    """
    case = locked_case(case, by=by, on=on)
    local = local_review(case)
    reasons = unknown_codes((codes.LCSPR, code), on=on)
    if decision_of(code) is not Decision.UNDECIDED:
        reasons.append("Choose why the partners have not decided yet.")
    if local is None or decision_stands(case) is not Decision.UNDECIDED:
        reasons.append("The partners have decided. Confirm or change what they decided.")
    if decide_by < on:
        reasons.append("The day by which the partners will decide must be today or later.")
    if reasons:
        raise services.CannotAdvance(*reasons)
    moment: Any = {"by": by, "on": on, "at": at}
    services.advance(local, "put_off", reason=reason, facts={"decide_by": decide_by}, **moment)
    decision = PartnersDecision(
        case=case,
        decision=Decision.UNDECIDED,
        decision_code=code,
        decide_by=decide_by,
        reason=reason,
    )
    return keep_decision(decision, **moment)
