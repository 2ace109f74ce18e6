"""Out of what words can be taken here: a rapid review's answers, a partner's view, the Panel's.

What a rapid review asks in free text, and what holds a copy of an answer besides the answer; and
the texts that rest in rows of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.sections.free_text import free_texts, names
from reviews.codes import NATIONAL_REVIEW
from reviews.forms.document import RAPID_REVIEW
from reviews.models import (
    A_VIEW,
    FINDINGS,
    RESPONSE,
    Assessment,
    PanelResponse,
    PartnersDecision,
    SentReview,
    SignOff,
)
from reviews.services.drafts import WRITABLE, document_of
from reviews.services.reading import newest_review
from workflow.access.giving import has_left, who_received
from workflow.access.models import Capacity
from workflow.law.words import long_date
from workflow.machine.consequences import Acting
from workflow.machine.signatures import anybody_signed
from workflow.machine.signing import sign_anew
from workflow.models import Case, Membership
from workflow.people import roles
from workflow.retention.copies import (
    CONFIRM,
    OF_THE_AUTHORITY,
    Copy,
    Document,
    Place,
    Rewrite,
    Whose,
    has_the_case,
    one_line,
    whole_text,
)
from workflow.retention.reasons import Repeated
from workflow.retention.written import OF_THE_PANEL, Written

# The answer that travels with the decision as its reasons.
REASONS = ("lcspr", "rationale")
# It goes to the Panel; the Department reads what stands on the case.
READ_BY = (Capacity.PANEL, Capacity.DFE)


@dataclass(frozen=True)
class AsSent:
    """How what was sent is rewritten: one answer of one chapter of it.

    The questions stand there in the words of their day, and pages under the titles of theirs. So an
    answer is known by what it says: no other of its chapter is touched, whatever stands in it.
    """

    chapter: str
    said: frozenset[str]

    def __call__(self, content: Any, rewrite: Rewrite) -> list[dict[str, Any]]:
        """The content with that answer rewritten."""
        return [
            {**one, "pages": self._pages(one["pages"], rewrite)}
            if one["slug"] == self.chapter
            else one
            for one in content
        ]

    def _pages(self, pages: Sequence[Mapping[str, Any]], rewrite: Rewrite) -> list[dict[str, Any]]:
        return [
            {**page, "rows": [self._row(row, rewrite) for row in page["rows"]]} for page in pages
        ]

    def _row(self, row: Mapping[str, Any], rewrite: Rewrite) -> dict[str, Any]:
        if one_line(row["text"]) not in self.said:
            return dict(row)
        return {**row, "text": rewrite(row["text"])}


def copies(case: Case, place: Place, said: frozenset[str]) -> Iterator[Copy]:
    """Each version that was sent holds it in words; the decision sent with it, its reasons."""
    section, _ = RAPID_REVIEW.section_of(place.page)
    for sent in SentReview.objects.filter(case=case).order_by("pk"):
        sent.case = case
        yield Copy(sent, "content", AsSent(section.slug, said))
    if (place.page, place.field) == REASONS:
        for decided in PartnersDecision.objects.filter(case=case, sent__isnull=False):
            decided.case = case
            yield Copy(decided, "reason", whole_text)


def readers(case: Case, place: Place, on: date) -> set[int]:
    """Each partner that gave its view of its words, and once it was sent, who reads it elsewhere.

    Of them, those that have the case still.
    """
    signed = set(SignOff.objects.filter(case=case).values_list("organisation_id", flat=True))
    was_sent = SentReview.objects.filter(case=case).exists()
    found = signed & who_received(case, on=on, capacities=[Capacity.PARTNER])
    return found | (who_received(case, on=on, capacities=READ_BY) if was_sent else set())


def signed_anew(case: Case, changed: frozenset[str], move: Acting) -> None:
    """Where partners had signed what is written now of the rapid review, each is asked again."""
    review = newest_review(case)
    if review is None or document_of(review) not in changed or review.state not in WRITABLE:
        return
    if anybody_signed(review, on=move.on):
        sign_anew(review, move)


DOCUMENT = Document(
    RAPID_REVIEW.title,
    lambda rows, earlier, on: free_texts(RAPID_REVIEW, rows, earlier, on),
    lambda pages: names(RAPID_REVIEW, pages),
    copies,
    readers,
    "rapid-review",
    signed_anew,
    holds=frozenset(
        {
            "workflow_answers.answers",
            "workflow_answersevent.answers",
            "workflow_keptpage.kept",
            "reviews_sentreview.content",
            "reviews_partnersdecision.reason",
        }
    ),
)


def _gave_it(case: Case, row: Any, held: Membership) -> bool:
    """Who gave it; and the business unit that wrote it down, where it came another way.

    Of a partner that has the case no more, who has it.
    """
    if row.has_left:
        return has_the_case(case, row, held)
    wrote = row.received and held.role == roles.BUSINESS_UNIT.slug
    of = held.organisation_id
    return of == row.organisation_id or (wrote and of == row.authority_id == case.authority_id)


def _sent_it(case: Case, row: SignOff, held: Membership) -> bool:
    """The partner whose view the authority wrote down: it says no to what is taken out of that."""
    partner = held.role == roles.SAFEGUARDING_PARTNER.slug
    return row.received and partner and held.organisation_id == row.organisation_id


def _readers_of_a_view(row: SignOff, on: date) -> set[int]:
    """The partner whose view it is, and once one was sent, who reads it: if they have it still."""
    was_sent = SentReview.objects.filter(case=row.case).exists()
    partner = {row.organisation_id} & who_received(row.case, on=on, capacities=[Capacity.PARTNER])
    return partner | (who_received(row.case, on=on, capacities=READ_BY) if was_sent else set())


def _readers_of_a_response(row: PanelResponse, on: date) -> set[int]:
    """The authority, its partners and the Department."""
    elsewhere = who_received(row.case, on=on, capacities=[Capacity.PARTNER, Capacity.DFE])
    return {row.case.authority_id} | elsewhere


OF_A_PARTNER = Whose(
    "redact.propose_view", CONFIRM, _gave_it, has_the_case, OF_THE_AUTHORITY.who, declines=_sent_it
)
HERE = "rapid-review"
VIEW = Written(
    A_VIEW,
    "Partners’ views",
    lambda: SignOff.objects.select_related("organisation").annotate(has_left=has_left()),
    {"comment": "Comment", "position": "Job title"},
    lambda row: f"{row.organisation.name}, {long_date(row.signed_on)}",
    _readers_of_a_view,
    (frozenset({HERE, "sign"}), frozenset({HERE, "received"})),
    of="View",
)
# They never leave the Panel, so that nobody else received them.
FOUND = Written(
    FINDINGS,
    "The Panel’s findings",
    lambda: Assessment.objects.select_related("sent"),
    {"learning": "Further learning", "notes": "Internal notes"},
    lambda row: f"Version {row.sent.version}, {long_date(row.on)}",
    lambda row, on: set(),
    (frozenset({HERE, "consider"}),),
    of="Findings",
)
# Why the Panel took a case over is the reason of that act, out of which words are taken.
ANSWERED = Written(
    RESPONSE,
    "The Panel’s response",
    lambda: PanelResponse.objects.exclude(outcome=NATIONAL_REVIEW),
    {"text": "What the partnership reads"},
    lambda row: f"Response of {long_date(row.on)}",
    _readers_of_a_response,
    (frozenset({HERE, "respond"}),),
    of="Response",
)
# A decision that was sent took its reasons from the rapid review: they are an answer of it.
REPEATED = (
    Repeated(PanelResponse, "text", where={"outcome": NATIONAL_REVIEW}),
    Repeated(PartnersDecision, "reason", where={"sent": None}),
)
TEXTS = {
    "rapid-review": DOCUMENT,
    A_VIEW: VIEW.document(OF_A_PARTNER),
    FINDINGS: FOUND.document(OF_THE_PANEL),
    RESPONSE: ANSWERED.document(OF_THE_PANEL),
}
