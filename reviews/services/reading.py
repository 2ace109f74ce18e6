"""What stands of a case's rapid review: its newest version, its sign-offs, its decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from reviews.codes import Decision, Partner, View
from reviews.models import PanelResponse, PartnersDecision, Record, SentReview, SignOff
from reviews.services.drafts import WRITABLE, draft_of
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.machine.case import Case
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import ReviewKind
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.machine.signatures import statutory_partners
from workflow.people.organisations import Organisation

MISSING = "missing"
Row = TypeVar("Row", bound=Record)


@dataclass(frozen=True)
class Signature:
    """Where one statutory partner stands: its newest view, and those before it.

    `stale` when the view was given before the version that was sent last: it is about that one.
    `of_this_draft` when it is of the words as they are, and `overtaken` when it is of others.
    """

    organisation: Organisation
    views: tuple[SignOff, ...]
    stale: bool = False
    of_this_draft: bool = False
    overtaken: bool = False

    @property
    def partner(self) -> Partner:
        """Which of the statutory partners it is."""
        return Partner(self.organisation.kind)

    @property
    def newest(self) -> SignOff | None:
        """Its view as it stands, None while it gave none."""
        return self.views[-1] if self.views else None

    @property
    def dissents(self) -> bool:
        """Whether it does not agree."""
        return self.newest is not None and self.newest.view == View.DISSENT


def newest_review(case: Case) -> RapidReview | None:
    """The case's rapid review, of several the newest; None before the notification is sent."""
    review = RapidReview.objects.filter(case=case).order_by("-number").first()
    if review is not None:
        review.case = case
    return review


def replies_awaited(case: Case) -> list[RapidReview]:
    """The rapid reviews of which the Panel asked the partners to reply, and they have not yet."""
    found = list(RapidReview.objects.filter(case=case, state=RapidReviewState.REPLY_AWAITED))
    for review in found:
        review.case = case
    return found


def versions_of(review: RapidReview) -> list[SentReview]:
    """What was sent of it, in order; every version is kept."""
    rows = SentReview.objects.filter(review=review).select_related("by").order_by("version")
    return [_of_case(row, review.case) for row in rows]


def newest_sent(review: RapidReview) -> SentReview | None:
    """The version that was sent last."""
    return next(iter(reversed(versions_of(review))), None)


def responses_of(case: Case) -> list[PanelResponse]:
    """What the Panel answered, in order."""
    rows = PanelResponse.objects.filter(case=case).select_related("by", "sent", "review")
    return [_of_case(row, case) for row in rows.order_by("pk")]


def decisions_of(case: Case) -> list[PartnersDecision]:
    """What the partners decided, in the order they did; the last one stands."""
    rows = PartnersDecision.objects.filter(case=case).select_related("by", "response")
    return [_of_case(row, case) for row in rows.order_by("number")]


@dataclass(frozen=True)
class DecidedDays:
    """The days of the decision that stands: taken, last confirmed, and that of another kind before.

    `put_right` are the numbers of those repeated only to give it an earlier day.
    """

    decision: str
    taken_on: date
    confirmed_on: date
    replaced_on: date | None = None
    put_right: frozenset[int] = frozenset()


def decided_days(decided: Iterable[PartnersDecision]) -> DecidedDays | None:
    """What the decisions, in their order, say of their days; None while none has one."""
    found: DecidedDays | None = None
    for row in decided:
        if row.decided_on is None:
            continue
        if found is None or found.decision != row.decision:
            before = found.confirmed_on if found else None
            right = found.put_right if found else frozenset()
            found = DecidedDays(row.decision, row.decided_on, row.decided_on, before, right)
        elif row.decided_on < found.taken_on:
            # What was confirmed on a later day was so none the less.
            last = found.confirmed_on if found.confirmed_on > found.taken_on else row.decided_on
            right = found.put_right | {row.number}
            found = replace(found, taken_on=row.decided_on, confirmed_on=last, put_right=right)
        else:
            found = replace(found, confirmed_on=max(found.confirmed_on, row.decided_on))
    return found


def local_review(case: Case) -> PracticeReview | None:
    """The machine of the partners' own review, from the first decision on."""
    found = PracticeReview.objects.filter(case=case, kind=ReviewKind.LOCAL)
    review = found.order_by("-number").first()
    if review is not None:
        review.case = case
    return review


def clocks_of(case: Case, duty: str) -> list[Deadline]:
    """The clocks of a duty in a case, the newest last."""
    return list(Deadline.objects.filter(case=case, duty=duty).order_by("cycle"))


def is_late(case: Case, *, on: date) -> bool:
    """Whether sending the rapid review on a day would be after its due date."""
    open_clocks = Deadline.objects.filter(case=case, duty=duties.RAPID_REVIEW.slug).open()
    return any(on > clock.due_on for clock in open_clocks)


def signatures(review: RapidReview, *, on: date) -> list[Signature]:
    """Where each statutory partner stands, whether or not it has said anything."""
    rows = SignOff.objects.filter(review=review).select_related("by", "organisation")
    given = [_of_case(row, review.case) for row in rows.order_by("pk")]
    sent, draft = newest_sent(review), draft_of(review)
    travelled = _of_its_words(sent) if sent and review.state not in WRITABLE else set()
    found = []
    for organisation in statutory_partners(review.case, on=on):
        views = tuple(row for row in given if row.organisation_id == organisation.pk)
        stale = bool(views) and sent is not None and views[-1].at <= sent.at
        of = views[-1].draft if views else ""
        same = of == draft or (bool(views) and views[-1].pk in travelled)
        # Once it is with the Panel, nobody is asked for another view of what was sent.
        overtaken = not same and bool(of) and review.state in WRITABLE
        found.append(Signature(organisation, views, stale, same, overtaken))
    return found


def decision_stands(case: Case) -> Decision | None:
    """Whether the partners commission a local review, as they decided last."""
    decided = decisions_of(case)
    return Decision(decided[-1].decision) if decided else None


def _of_its_words(sent: SentReview) -> set[int]:
    """The views of the very words of a version that was sent."""
    earlier = ("earlier_version", "earlier_draft")
    return {mark.get("sign_off", 0) for mark in sent.signed if not any(map(mark.get, earlier))}


def _of_case(row: Row, case: Case) -> Row:
    # The rows are opened with the case's key, so they take the case at hand along.
    row.case = case
    return row
