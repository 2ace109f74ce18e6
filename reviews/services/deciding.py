"""The partners' decision on a local review, and their confirming or changing it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from reviews import codes
from reviews.codes import NO_ALTERNATIVE, Decision, decision_of
from reviews.models import PartnersDecision
from reviews.services.coded import unknown_codes
from reviews.services.locking import locked_case
from reviews.services.reading import (
    decided_days,
    decisions_of,
    local_review,
    replies_awaited,
    responses_of,
)
from workflow import services
from workflow.law.words import long_date
from workflow.machine.case import Case
from workflow.machine.practice_review_states import PARTNERS
from workflow.people.person import Person


def keep_decision(
    decision: PartnersDecision, *, by: Person, on: date, at: datetime
) -> PartnersDecision:
    """The decision stands as the newest of its case; those before it are kept."""
    before = decisions_of(decision.case)
    last = before[-1] if before else None
    decision.number = len(before) + 1
    decision.confirms = last is not None and last.decision == decision.decision
    decision.by, decision.on, decision.at = by, on, at
    decision.save()
    return decision


@transaction.atomic
def decide(
    case: Case,
    *,
    code: str,
    alternative: str,
    decided_on: date,
    reason: str,
    by: Person,
    on: date,
    at: datetime,
) -> PartnersDecision:
    """The partners have confirmed or changed what they decided, or decided what was open.

    A change to yes starts the six months on `decided_on`, a change to no stops them. The same
    decision with an earlier day puts its day right: the six months then run from that. Only the
    partners decide. Raises CannotAdvance with every reason why not.
    """
    case = locked_case(case, by=by, on=on)
    reasons = _refusals(case, code, alternative, decided_on, reason, on=on)
    if reasons:
        raise services.CannotAdvance(*reasons)
    wanted = decision_of(code)
    moment: Any = {"by": by, "on": on, "at": at}
    if wanted == decisions_of(case)[-1].decision:
        _confirm(case, code, decided_on, reason=reason, **moment)
    else:
        name = "decide_yes" if wanted is Decision.YES else "decide_no"
        facts = {"decision_code": code, "decided_on": decided_on}
        local = local_review(case)
        services.advance(local, name, reason=reason, facts=facts, **moment)
    decision = PartnersDecision(
        case=case,
        response=next(reversed(responses_of(case)), None),
        decision=wanted,
        decision_code=code,
        alternative=alternative,
        decided_on=decided_on,
        reason=reason,
    )
    return keep_decision(decision, **moment)


def _confirm(case: Case, code: str, decided_on: date, *, reason: str, **moment: Any) -> None:
    """The decision stays, its day put right; where the Panel asked for a reply, that is it."""
    services.put_decided_day_right(local_review(case), decided_on, **moment)
    payload = {"decision": str(decision_of(code)), "code": code}
    services.record_act(
        case, "confirm_decision", allowed=PARTNERS, reason=reason, payload=payload, **moment
    )
    for review in replies_awaited(case):
        services.advance(review, "take_reply", **moment)


def wrong_day(case: Case, wanted: Decision, decided_on: date, *, on: date) -> list[str]:
    """Why the partners can't have decided so on a day.

    It is yet to come, or before they knew, or before the decision that this one replaces. One that
    is repeated with an earlier day puts its own day right: it replaces the one of another kind.
    """
    if decided_on > on:
        return ["The day the partners decided must be today or in the past."]
    if case.notified_on and decided_on < case.notified_on:
        return ["The day the partners decided must be on or after the day of notification."]
    known = decided_days(decisions_of(case))
    again = known is not None and known.decision == wanted
    before = known and (known.replaced_on if again else known.confirmed_on)
    if before and decided_on < before:
        words = f"the day of their decision before, {long_date(before)}"
        return [f"The day the partners decided must be on or after {words}."]
    return []


def _refusals(
    case: Case, code: str, alternative: str, decided_on: date, reason: str, *, on: date
) -> list[str]:
    if not decisions_of(case):
        return ["Send the rapid review first: the decision travels in it."]
    reasons = unknown_codes((codes.LCSPR, code), (codes.ALTERNATIVE, alternative), on=on)
    if decision_of(code) is Decision.UNDECIDED:
        reasons.append("Choose whether to carry out an LCSPR.")
    reasons += wrong_day(case, decision_of(code), decided_on, on=on)
    if code == NO_ALTERNATIVE and alternative in ("", "none"):
        reasons.append("Say which other review will follow.")
    if not reason.strip():
        reasons.append("Give the partners’ reasons.")
    return reasons
