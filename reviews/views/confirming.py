"""The partners confirm or change their decision on a local review."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import codes
from reviews.forms.confirming import ConfirmForm
from reviews.services import deciding, postponing
from reviews.services.reading import decisions_of, responses_of
from reviews.views.desk import review_for
from reviews.views.shown import decision_rows, response_row
from workflow import services
from workflow.law import readings
from workflow.models import Case, Person
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.keeping import asked


@signed_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The decision as it stands, what the Panel said, and what the partners decide now."""
    now, person = moment(), person_of(request)
    review = review_for(person, token, "write.practice_review", on=now.on)
    case = review.case
    decided = decisions_of(case)
    if request.method == "GET" and not decided:
        return redirect("reviews:decision", token=token)
    undecided = bool(decided) and decided[-1].decision == codes.Decision.UNDECIDED
    form = asked(request, ConfirmForm, on=now.on, undecided=undecided)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(case, form, person=person, now=now)
            return redirect("reviews:decision", token=token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
        except services.AlreadyDone as first:
            form.add_reasons([str(first)])
    responses = responses_of(case)
    context: dict[str, Any] = {
        "form": form,
        "case": case,
        "decided": decision_rows(decided)[:1],
        "undecided": undecided,
        "response": response_row(responses[-1]) if responses else None,
        "reading": readings.SIX_MONTHS_START,
        "back_href": reverse("reviews:decision", args=[token]),
    }
    return render(request, "reviews/confirm.html", context)


def _decide(case: Case, form: ConfirmForm, *, person: Person, now: Moment) -> None:
    found = form.cleaned
    if codes.decision_of(found["decision"]) is codes.Decision.UNDECIDED:
        postponing.put_off(
            case,
            code=found["decision"],
            decide_by=found["decide_by"],
            reason=found["reason"],
            by=person,
            on=now.on,
            at=now.at,
        )
        return
    declined = codes.decision_of(found["decision"]) is codes.Decision.NO
    deciding.decide(
        case,
        code=found["decision"],
        alternative=(found["alternative"] or "") if declined else "",
        decided_on=found["decided_on"],
        reason=found["reason"],
        by=person,
        on=now.on,
        at=now.at,
    )
