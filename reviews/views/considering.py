"""The Panel reads and assesses the rapid review, and answers the partnership."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import codes
from reviews.forms.panel import AssessmentForm, ReplyForm, ResponseForm
from reviews.models import SentReview
from reviews.services import considering
from reviews.services.reading import decisions_of, newest_sent
from reviews.services.refusals import AskFirst
from reviews.views.desk import review_for
from reviews.views.reading import assessments_of, given_in
from reviews.views.shown import clocks, decision_rows, deferred, marks_of
from workflow import services
from workflow.law import duties
from workflow.machine.rapid_review import ANSWERED, RapidReview, RapidReviewState
from workflow.models import Person
from workflow.people.codes import label
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.frame import RAPID_REVIEW, case_frame
from workflow.views.keeping import asked, what_was_kept

CONSIDERABLE = (RapidReviewState.SUBMITTED, RapidReviewState.PANEL_TRIAGE)
# What the button of the second page adds, so that the first page never answers for it.
SECOND_PAGE = "reply-asked"


@signed_in
@require_http_methods(["GET", "POST"])
def consider(request: HttpRequest, token: str) -> HttpResponse:
    """The rapid review and the Panel's findings, side by side."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, "panel.consider", on=now.on)
    sent = newest_sent(review)
    if request.method == "GET" and (sent is None or review.state not in CONSIDERABLE):
        return redirect("reviews:read", token=token)
    form = asked(request, AssessmentForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            considering.consider(review, form.findings(), by=person, on=now.on, at=now.at)
            return redirect("reviews:read", token=token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
        except services.AlreadyDone as first:
            form.add_reasons([str(first)])
    return render(
        request, "reviews/consider.html", _beside(review, sent, person, now) | {"form": form}
    )


@signed_in
@require_http_methods(["GET", "POST"])
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """What the Panel answers, on the next page by when it asks for a reply, if it asks for one.

    An answer that differs from the decision is asked about before it goes out.
    """
    now, person = moment(), person_of(request)
    review = review_for(person, token, "panel.respond", on=now.on)
    sent = newest_sent(review)
    considered = review.state == RapidReviewState.PANEL_CONSIDERED
    if request.method == "GET" and not considered:
        return redirect("reviews:read", token=token)
    form = asked(request, ResponseForm, on=now.on)
    reply = _reply(request, on=now.on)
    if request.method == "POST" and form.is_valid() and request.POST.get("confirmed") != "no":
        if form.asks_for_reply and not reply.is_valid():
            return _ask_for_reply(request, review, form, reply)
        confirmed = request.POST.get("confirmed") == "yes"
        try:
            _issue(review, form, reply, confirmed=confirmed, person=person, now=now)
            return redirect("reviews:responded", token=token)
        except AskFirst:
            return _pause(request, review, form, reply)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
        except services.AlreadyDone as first:
            form.add_reasons([str(first)])
    context = _beside(review, sent, person, now) | {"form": form, "hidden": _typed(reply)}
    return render(request, "reviews/respond.html", context)


@signed_in
@require_http_methods(["GET"])
def responded(request: HttpRequest, token: str) -> HttpResponse:
    """The answer has gone out: to whom, and what happens next."""
    now = moment()
    review = review_for(person_of(request), token, "panel.triage", on=now.on)
    sent = newest_sent(review)
    if sent is None or review.state not in ANSWERED:
        return redirect("reviews:read", token=token)
    context = {
        "case": review.case,
        "response": sent.response,
        "clocks": clocks(review.case, duties.PANEL_RESPONSE.slug, on=now.on),
    }
    return render(request, "reviews/responded.html", context)


def _reply(request: HttpRequest, *, on: date) -> ReplyForm:
    """The second page, checked only once it was shown; what was typed on it is never lost."""
    if request.method == "POST" and SECOND_PAGE in request.POST:
        return ReplyForm(request.POST, on=on)
    found = what_was_kept(request)
    typed = request.POST if request.method == "POST" else found.typed if found else {}
    return ReplyForm.refill(typed, on=on)


def _typed(*forms: ResponseForm | ReplyForm) -> dict[str, str]:
    """What was typed travels in the page, and goes back into the form whichever way is chosen."""
    return {n: texts[-1] for form in forms for n, texts in form.typed().items() if texts}


def _ask_for_reply(
    request: HttpRequest, review: RapidReview, form: ResponseForm, reply: ReplyForm
) -> HttpResponse:
    context = {
        "case": review.case,
        "form": reply,
        "outcome": _outcome(form),
        "hidden": {**_typed(form), SECOND_PAGE: "yes"},
        "back_hidden": {**_typed(form), "confirmed": "no"},
    }
    return render(request, "reviews/reply_by.html", context)


def _outcome(form: ResponseForm) -> str:
    return next(row.text for row in form.rows() if row.name == "outcome")


def _issue(
    review: RapidReview,
    form: ResponseForm,
    reply: ReplyForm,
    *,
    confirmed: bool,
    person: Person,
    now: Moment,
) -> None:
    found = form.cleaned
    considering.respond(
        review,
        outcome=found["outcome"],
        text=found["text"],
        reply_by=reply.cleaned.get("reply_by"),
        confirmed=confirmed,
        by=person,
        on=now.on,
        at=now.at,
    )


def _pause(
    request: HttpRequest, review: RapidReview, form: ResponseForm, reply: ReplyForm
) -> HttpResponse:
    decided = decision_rows(decisions_of(review.case))
    typed = _typed(form, reply)
    context = {
        "case": review.case,
        "heading": "The Panel does not agree with the partners’ decision",
        "reasons": [
            f"The partners decided: {decided[0]['words']}." if decided else "",
            f"The Panel’s response: {_outcome(form)}.",
        ],
        "hidden": {**typed, SECOND_PAGE: "yes", "confirmed": "yes"},
        "back_hidden": {**typed, "confirmed": "no"},
        "button_text": "Issue the Panel’s response",
        "text": "The Panel advises and the partners decide. They will be asked to confirm or "
        "change their decision. What the Panel answers can’t be changed once it is issued.",
        "back_href": reverse("reviews:respond", args=[review.case.token]),
        "back": "Go back and change the response",
    }
    return render(request, "reviews/pause.html", context)


def _beside(
    review: RapidReview, sent: SentReview | None, person: Person, now: Moment
) -> dict[str, Any]:
    """The evidence that stands beside the form."""
    case = review.case
    return {
        "case": case,
        "frame": case_frame(case, person, on=now.on, active=RAPID_REVIEW),
        "shown": sent,
        "marks": marks_of(sent, given_in(sent)) if sent else [],
        "decided": decision_rows(decisions_of(case)),
        "deferred": deferred(review),
        "assessments": assessments_of(sent),
        "late_reason": label(codes.LATE_REASON, sent.late_reason) if sent else "",
        "clocks": clocks(case, duties.RAPID_REVIEW.slug, duties.PANEL_RESPONSE.slug, on=now.on),
        "back_href": reverse("reviews:read", args=[case.token]),
    }
