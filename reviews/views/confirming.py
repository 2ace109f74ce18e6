"""The partners confirm or change their decision on a local review."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import codes
from reviews.forms.confirming import ConfirmForm, Stands
from reviews.models import PartnersDecision
from reviews.services import deciding, postponing
from reviews.services.reading import decided_days, decisions_of, local_review, responses_of
from reviews.views.desk import review_for
from reviews.views.shown import decision_rows, response_row
from workflow import services
from workflow.deadlines.calendar import calendar
from workflow.deadlines.shifts import new_due
from workflow.law import duties, readings
from workflow.law.words import long_date
from workflow.models import Case, Deadline, Person
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
    stands = _stands(case, decided)
    form = asked(request, ConfirmForm, on=now.on, undecided=undecided, stands=stands)
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


def _stands(case: Case, decided: list[PartnersDecision]) -> Stands | None:
    """The decision that stands; with the date of its local review, where that still runs."""
    days, review = decided_days(decided), local_review(case)
    if days is None or review is None:
        return None
    slug = duties.LOCAL_REVIEW.slug
    rows = Deadline.objects.open().filter(case=case, duty=slug)
    row = rows.filter(cycle=review.clock).first() if review.clock else None

    def moves_to(day: date) -> str:
        due = new_due(slug, day, calendar()) if row else None
        if row is None or due is None:
            return ""
        return f"The local review is then due on {long_date(due)}, not on {long_date(row.due_on)}"

    return Stands(days.decision, days.taken_on, moves_to)
