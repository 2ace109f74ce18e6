"""Agreeing a later date beside the legal one, which stays."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from workflow import services
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.forms import DateField, GovukForm, LongTextField
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.clocks import sentence_of, shown_standing
from workflow.views.keeping import asked


class LaterDateForm(GovukForm):
    """The date agreed, and why."""

    agreed_on = DateField(
        "Which later date is agreed?", called="the later date", hint="Like {example}"
    )
    reason = LongTextField(
        "Why is a later date agreed?",
        words=200,
        rows=4,
        called="why a later date is agreed",
        hint="Do not name the child or the family",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def agree(request: HttpRequest, token: str, duty: str, cycle: int) -> HttpResponse:
    """A later date for one running clock: the due date and any lateness stay as they are."""
    now = moment()
    case = case_for(request, token, "agree.later_date", on=now.on)
    row = Deadline.objects.filter(case=case, duty=duty, cycle=cycle).select_related("owed_by")
    clock = row.first()
    if clock is None:
        raise Http404
    form = asked(request, LaterDateForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            services.agree_later_date(
                case,
                duty,
                cycle,
                form.cleaned["agreed_on"],
                by=person_of(request),
                on=now.on,
                at=now.at,
                reason=form.cleaned["reason"],
            )
            return redirect("date-explained", token=token, duty=duty, cycle=cycle)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    context = {
        "case": case,
        "clock": clock,
        "form": form,
        "sentence": sentence_of(clock.rule, clock.owed_by, start_on=clock.start_on),
        "standing": shown_standing(clock, on=now.on, calendar=calendar()),
    }
    return render(request, "workflow/later_date.html", context)
