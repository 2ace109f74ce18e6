"""Which draft of a rapid review a partner's view is of, told by what was done and by no clock."""

from datetime import date

from django.db.models import Max, QuerySet, Sum

from reviews.models import PartnersDecision, SentReview
from workflow import clock
from workflow.machine.rapid_review import IN_PREPARATION, RapidReview, RapidReviewState
from workflow.sealed.models import Answers

# Until it is sent, and once it came back, it can be written in.
WRITABLE = (*IN_PREPARATION, RapidReviewState.RETURNED)
# The page about lateness: why it is late is said when it is sent, and no partner signs that.
LATE = "late"
# Of a view that came by letter before the words were as they are.
EARLIER = "earlier"


def document_of(review: RapidReview) -> str:
    """The name under which what is typed of a rapid review is kept."""
    return f"rapid-review-{review.number}"


def written_of(review: RapidReview) -> QuerySet[Answers]:
    """Every page of a rapid review that was saved, what was taken out too."""
    return Answers.objects.filter(case=review.case, document=document_of(review))


def draft_of(review: RapidReview) -> str:
    """Which draft a partner now reads.

    It is another with every page that is saved, once it was sent, once it came back, and with every
    decision of the partners on a local review: then the words may say what was decided against.
    While it is with the Panel, what is read is the version that was sent.
    """
    sent = SentReview.objects.filter(review=review).count()
    if review.state not in WRITABLE:
        return f"{review.number}-sent-{sent}"
    decided = PartnersDecision.objects.filter(case=review.case).count()
    saved = _signed_words(review).aggregate(versions=Sum("version"))["versions"]
    return f"{review.number}-{sent}-{decided}-{saved or 0}"


def draft_on(review: RapidReview, signed_on: date) -> str:
    """Which draft somebody can have read who gave a view on a day, by letter or telephone.

    On the day of a change it may have been either: then whoever wrote the view down answers for it.
    """
    changes = [
        PartnersDecision.objects.filter(case=review.case).aggregate(day=Max("on"))["day"],
        SentReview.objects.filter(review=review).aggregate(day=Max("on"))["day"],
        review.entered_on if review.state == RapidReviewState.RETURNED else None,
    ]
    if edited := _signed_words(review).aggregate(at=Max("edited_at"))["at"]:
        changes.append(clock.london_date(edited))
    early = any(signed_on < day for day in changes if day is not None)
    return EARLIER if early else draft_of(review)


def _signed_words(review: RapidReview) -> QuerySet[Answers]:
    return written_of(review).exclude(section=LATE)
