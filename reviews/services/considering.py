"""The Panel's side: taking in, returning, considering, answering, and the national review."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from reviews import codes
from reviews.codes import ASKS_PARTNERS, NATIONAL_REVIEW, NOT_A_RESPONSE, differs
from reviews.models import Assessment, PanelResponse, SentReview
from reviews.services.coded import unknown_codes
from reviews.services.locking import locked_review
from reviews.services.reading import decision_stands, newest_sent
from reviews.services.refusals import AskFirst
from workflow import services
from workflow.machine.rapid_review import RapidReview
from workflow.people.person import Person


@dataclass(frozen=True)
class Findings:
    """What the Panel found. `notes` are the Panel's own and never leave it."""

    completeness: str
    quality: str
    agrees_criteria: bool | None
    agrees_decision: bool | None
    learning: str = ""
    national_flag: bool = False
    themes: Sequence[str] = field(default=())
    notes: str = ""


@transaction.atomic
def consider(
    review: RapidReview, findings: Findings, *, by: Person, on: date, at: datetime
) -> Assessment:
    """The Panel has formed its view of the version sent last; its answer is still to come."""
    review = locked_review(review, by=by, on=on)
    sent = _sent(review)
    reasons = unknown_codes(
        (codes.COMPLETENESS, findings.completeness),
        (codes.QUALITY, findings.quality),
        *((codes.THEME, theme) for theme in findings.themes),
        on=on,
    )
    if reasons:
        raise services.CannotAdvance(*reasons)
    services.advance(review, "consider", by=by, on=on, at=at)
    return Assessment.objects.create(
        case=review.case,
        sent=sent,
        completeness=findings.completeness,
        quality=findings.quality,
        agrees_criteria=findings.agrees_criteria,
        agrees_decision=findings.agrees_decision,
        learning=findings.learning,
        national_flag=findings.national_flag,
        themes=list(findings.themes),
        notes=findings.notes,
        by=by,
        on=on,
        at=at,
    )


@transaction.atomic
def respond(
    review: RapidReview,
    *,
    outcome: str,
    text: str,
    reply_by: date | None,
    confirmed: bool,
    by: Person,
    on: date,
    at: datetime,
) -> PanelResponse:
    """The partnership has the Panel's answer: its clock stops. The partners' decision stands.

    Raises AskFirst when the answer is not what the partners decided and that is not `confirmed`.
    """
    review = locked_review(review, by=by, on=on)
    sent = _sent(review)
    reasons = _refusals(outcome, text, reply_by, on=on)
    if reasons:
        raise services.CannotAdvance(*reasons)
    against = differs(outcome, decision_stands(review.case) or sent.decision)
    if against and not confirmed:
        raise AskFirst("This is not what the partners decided.")
    reply_on = reply_by if outcome in ASKS_PARTNERS else None
    name = "ask_for_reply" if reply_on else "issue_response"
    facts = {"reply_on": reply_on}
    services.advance(review, name, by=by, on=on, at=at, reason_code=outcome, facts=facts)
    return PanelResponse.objects.create(
        case=review.case,
        review=review,
        sent=sent,
        outcome=outcome,
        text=text,
        differs=against,
        reply_by=reply_on,
        by=by,
        on=on,
        at=at,
    )


@transaction.atomic
def take_into_national_review(
    review: RapidReview, *, text: str, by: Person, on: date, at: datetime
) -> PanelResponse:
    """The Panel reviews the case itself, as its chair decided; the partnership is told why."""
    review = locked_review(review, by=by, on=on)
    services.advance(review, "supersede", by=by, on=on, at=at, reason=text)
    sent = newest_sent(review)
    answered = sent is None or PanelResponse.objects.filter(sent=sent).exists()
    return PanelResponse.objects.create(
        case=review.case,
        review=review,
        sent=None if answered else sent,
        outcome=NATIONAL_REVIEW,
        text=text,
        by=by,
        on=on,
        at=at,
    )


def _sent(review: RapidReview) -> SentReview:
    sent = newest_sent(review)
    if sent is None:
        raise services.CannotAdvance("Nothing has been sent to the Panel yet.")
    return sent


def _refusals(outcome: str, text: str, reply_by: date | None, *, on: date) -> list[str]:
    reasons = unknown_codes((codes.OUTCOME, outcome), on=on)
    if outcome in NOT_A_RESPONSE:
        reasons.append("Choose what the Panel answers to the partnership.")
    if not text.strip():
        reasons.append("Enter what the partnership will read.")
    if outcome in ASKS_PARTNERS and (reply_by is None or reply_by < on):
        reasons.append("Give the date by which the partners are asked to reply, today or later.")
    return reasons
