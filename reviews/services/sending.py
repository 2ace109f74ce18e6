"""Sending the rapid review: what was sent is frozen, with the decision that travels in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reviews import codes
from reviews.codes import NO_ALTERNATIVE, Decision, decision_of
from reviews.models import PartnersDecision, SentReview
from reviews.services.coded import unknown_codes
from reviews.services.deciding import keep_decision, wrong_day
from reviews.services.locking import locked_review
from reviews.services.reading import (
    MISSING,
    Signature,
    decision_stands,
    is_late,
    signatures,
    versions_of,
)
from reviews.services.refusals import AskFirst
from workflow import services
from workflow.machine.case import Case
from workflow.machine.rapid_review import RapidReview
from workflow.people.person import Person

UNEXPLAINED = "Give the reason for sending the rapid review late."
EARLIER = "{} gave its view of an earlier draft."


@dataclass(frozen=True)
class Decided:
    """The partners' decision as it was answered."""

    code: str
    alternative: str = ""
    decided_on: date | None = None
    decide_by: date | None = None
    reason: str = ""

    @property
    def decision(self) -> Decision:
        """Yes, no or not yet."""
        return decision_of(self.code)


@dataclass(frozen=True)
class Report:
    """A rapid review ready to be sent: its words, the versions they come from, its decision."""

    content: Sequence[Mapping[str, Any]]
    answers: Mapping[str, int]
    criteria_met: bool
    decided: Decided
    national_suggested: bool | None = None
    late_reason: str = ""
    gaps: Sequence[str] = field(default=())


@transaction.atomic
def send(
    review: RapidReview,
    report: Report,
    *,
    confirmed: bool,
    by: Person,
    on: date,
    at: datetime,
) -> SentReview:
    """The Panel has the rapid review; what was sent stays as it is, and the decision is kept.

    A missing sign-off is recorded and holds nothing up, nor does one of an earlier draft. Raises
    AskFirst when it is unusual and not yet `confirmed`; CannotAdvance or AlreadyDone when it can't
    be sent.
    """
    review = locked_review(review, by=by, on=on)
    reasons = refusals(review, report, on=on)
    if reasons:
        raise services.CannotAdvance(*reasons)
    signed = signatures(review, on=on)
    unusual = what_is_unusual(report, signed)
    if unusual and not confirmed:
        raise AskFirst(*unusual)
    version = 1 + len(versions_of(review))
    services.advance(
        review, "submit", by=by, on=on, at=at, facts=_facts(review.case, report, on=on)
    )
    services.ask_nobody_to_sign(review.case, at=at)
    sent = _freeze(review, report, signed, version=version, by=by, on=on, at=at)
    keep_decision(
        _decision(review.case, sent, report.decided),
        by=by,
        on=on,
        at=at,
    )
    return sent


def refusals(review: RapidReview, report: Report, *, on: date) -> list[str]:
    """Why it can't be sent on a day: everything that stands in its way, at once."""
    reasons = [*report.gaps, *unknown_codes((codes.LATE_REASON, report.late_reason), on=on)]
    if is_late(review.case, on=on) and not report.late_reason:
        reasons.append(UNEXPLAINED)
    return reasons + wrong_decision(review.case, report.decided, on=on)


def wrong_decision(case: Case, decided: Decided, *, on: date) -> list[str]:
    """Why the partners can't have decided so: everything that is wrong, at once."""
    reasons = list(
        unknown_codes((codes.LCSPR, decided.code), (codes.ALTERNATIVE, decided.alternative), on=on)
    )
    if decided.decision is Decision.UNDECIDED:
        if decided.decide_by is None or decided.decide_by < on:
            reasons.append("Give the date by which the partners will decide, today or later.")
        if decision_stands(case) in (Decision.YES, Decision.NO):
            reasons.append(
                "The partners have already decided on an LCSPR: confirm the decision or change "
                "it, it can’t be undecided again."
            )
    elif decided.decided_on is None:
        reasons.append("Give the day the partners decided, today or in the past.")
    else:
        reasons += wrong_day(case, decided.decision, decided.decided_on, on=on)
    if decided.code == NO_ALTERNATIVE and decided.alternative in ("", "none"):
        reasons.append("Say which other review will follow.")
    return reasons


def what_is_unusual(report: Report, signed: Sequence[Signature]) -> list[str]:
    """What a person should have read again before sending, in sentences."""
    found = []
    if not report.criteria_met:
        found.append(
            "You have said that the criteria for a serious child safeguarding case are not met."
        )
    found += [f"{row.organisation.name} does not agree." for row in signed if row.dissents]
    found += [EARLIER.format(row.organisation.name) for row in signed if row.overtaken]
    return found


def _facts(case: Case, report: Report, *, on: date) -> dict[str, Any]:
    decided = report.decided
    facts: dict[str, Any] = {"lcspr": str(decided.decision), "decision_code": decided.code}
    if decided.decision is Decision.UNDECIDED:
        facts["decide_by"] = decided.decide_by
    else:
        facts["decided_on"] = decided.decided_on
    if is_late(case, on=on):
        facts["late_reason"] = report.late_reason
    return facts


def _freeze(
    review: RapidReview,
    report: Report,
    signed: Sequence[Signature],
    *,
    version: int,
    by: Person,
    on: date,
    at: datetime,
) -> SentReview:
    decided = report.decided
    return SentReview.objects.create(
        case=review.case,
        review=review,
        version=version,
        criteria_met=report.criteria_met,
        decision=decided.decision,
        decision_code=decided.code,
        alternative=decided.alternative,
        decided_on=decided.decided_on,
        decide_by=decided.decide_by,
        national_suggested=report.national_suggested,
        late_reason=report.late_reason,
        content=list(report.content),
        answers=dict(report.answers),
        signed=[_mark(row) for row in signed],
        by=by,
        on=on,
        at=at,
    )


def _mark(row: Signature) -> dict[str, Any]:
    """A partner's view as it stood at sending, or that there was none."""
    mark: dict[str, Any] = {
        "partner": str(row.partner),
        "organisation": row.organisation.name,
        "view": row.newest.view if row.newest else MISSING,
    }
    if row.newest:
        mark |= {
            "sign_off": row.newest.pk,
            "earlier_version": row.stale,
            "earlier_draft": row.overtaken,
        }
    return mark


def _decision(case: Case, sent: SentReview, decided: Decided) -> PartnersDecision:
    return PartnersDecision(
        case=case,
        sent=sent,
        decision=decided.decision,
        decision_code=decided.code,
        alternative=decided.alternative,
        decided_on=decided.decided_on,
        decide_by=decided.decide_by,
        reason=decided.reason,
    )
