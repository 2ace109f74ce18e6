"""A partner's sign-off: its own view, or one the business unit received another way."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews.forms.document import paper_of
from reviews.forms.report import content_of
from reviews.forms.signing import ReceivedForm, SignOffForm
from reviews.services import signing
from reviews.services.drafts import WRITABLE, draft_of
from reviews.services.reading import newest_sent, signatures
from reviews.views.desk import review_for
from reviews.views.shown import clocks, signature_rows
from workflow import services
from workflow.law import duties
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import signs_for, statutory_partners
from workflow.models import Person
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.frame import RAPID_REVIEW, case_frame
from workflow.views.keeping import asked


@signed_in
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The rapid review as it stands, and the partner's own view beside it."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, "view.content", on=now.on)
    answers_for = signs_for(person, review.case, on=now.on)
    if not answers_for:
        raise Http404
    posted = request.method == "POST"
    form = asked(request, SignOffForm, on=now.on)
    how: Any = {"by": person, "on": now.on, "at": now.at}
    if posted and form.is_valid():
        try:
            for organisation in answers_for:
                given = form.given(name=person.name, on=now.on)
                signing.sign(
                    review, organisation, given, draft=request.POST.get("version", ""), **how
                )
            return redirect("reviews:signed", token=token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    context = {
        **_around(review, person, now),
        "form": form,
        # Asked before the words are: a change in between is then refused, never signed unread.
        "draft": draft_of(review),
        "partner": " and ".join(row.name for row in answers_for),
        "content": _content(review, now),
    }
    return render(request, "reviews/sign.html", context)


@signed_in
@require_http_methods(["GET"])
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """The view is kept: where every partner now stands, and what happens next."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, "view.content", on=now.on)
    if not signs_for(person, review.case, on=now.on):
        raise Http404
    return render(request, "reviews/signed.html", _around(review, person, now))


@signed_in
@require_http_methods(["GET", "POST"])
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The business unit writes down a view it was given by letter or telephone."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, "write.rapid_review", on=now.on)
    if "business_unit" not in person.roles_on(now.on):
        raise Http404
    partners = statutory_partners(review.case, on=now.on)
    form = asked(request, ReceivedForm, on=now.on, partners=partners)
    if request.method == "POST" and form.is_valid():
        organisation = form.partners[form.cleaned["organisation"]]
        try:
            signing.record_received(
                review,
                organisation,
                form.given(),
                draft=request.POST.get("version", ""),
                by=person,
                on=now.on,
                at=now.at,
            )
            return redirect("reviews:tasks", token=token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    context = {
        "form": form,
        "case": review.case,
        "draft": draft_of(review),
        "back_href": reverse("reviews:tasks", args=[token]),
    }
    return render(request, "reviews/received.html", context)


def _content(review: RapidReview, now: Moment) -> list[dict[str, Any]]:
    """What a partner signs: the draft while it is written, else what was sent last."""
    sent = newest_sent(review)
    if sent is not None and review.state not in WRITABLE:
        return list(sent.content)
    return content_of(paper_of(review, on=now.on))


def _around(review: RapidReview, person: Person, now: Moment) -> dict[str, Any]:
    return {
        "case": review.case,
        "review": review,
        "frame": case_frame(review.case, person, on=now.on, active=RAPID_REVIEW),
        "signed": signature_rows(signatures(review, on=now.on)),
        "clocks": clocks(review.case, duties.RAPID_REVIEW.slug, on=now.on),
    }
