"""Where a rapid review is filled in: who may write it, until when."""

from datetime import date

from django.http import Http404
from django.urls import reverse

from notifications.sections import Desk, Paper, Saved
from reviews.forms.document import RAPID_REVIEW, paper_of
from reviews.services.drafts import WRITABLE
from reviews.services.reading import newest_review
from workflow.access.policy import Rights
from workflow.machine.rapid_review import RapidReview
from workflow.models import Case, Person
from workflow.views.access import refuse_when_gone


def review_for(person: Person, token: str, act: str, *, on: date) -> RapidReview:
    """The newest rapid review of a case, for someone who may do the act on it.

    Raises Http404 alike for a case that is not there, not theirs, without a review, or not for
    their role.
    """
    case = Case.objects.visible_to(person, on).filter(token=token).taken_in_hand()
    found = case.select_related("notification", "authority", "partnership").first()
    if found is None or not Rights(person, found, on).may(act):
        raise Http404
    refuse_when_gone(found)
    found.notification.case = found
    review = newest_review(found)
    if review is None:
        raise Http404
    return review


def open_paper(person: Person, token: str, on: date) -> Paper:
    """The rapid review of a case as a document, for someone who may write it."""
    return paper_of(review_for(person, token, "write.rapid_review", on=on), on=on)


def closed(paper: Paper) -> str:
    """Where to go instead, once it was sent or is no longer owed."""
    review = newest_review(paper.case)
    if review is not None and review.state in WRITABLE:
        return ""
    return reverse("reviews:read", args=[paper.case.token])


def saved(what: Saved) -> str:
    """Nothing follows from a save: the decision counts when the review is sent."""
    return ""


DESK = Desk(namespace="reviews", document=RAPID_REVIEW, open=open_paper, closed=closed, saved=saved)
