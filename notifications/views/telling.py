"""Recording that the authority told its safeguarding partners itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications.forms.acts import PartnersToldForm
from workflow import services as machine
from workflow.services import CannotAdvance
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.keeping import asked


@signed_in
@require_http_methods(["GET", "POST"])
def partners_told(request: HttpRequest, token: str) -> HttpResponse:
    """For an area whose partners the service does not know: the clock stops on the day given."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, "write.notification", on=now.on)
    form = asked(request, PartnersToldForm, on=now.on)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            machine.record_partners_told(
                case,
                told_on=form.cleaned["told_on"],
                by=person,
                on=now.on,
                at=now.at,
                note=form.cleaned["note"],
            )
        except CannotAdvance as refusal:
            reasons = refusal.reasons
        else:
            return redirect("case", token=token)
    context = {"case": case, "form": form, "reasons": reasons, "has_errors": bool(reasons)}
    return render(request, "notifications/partners_told.html", context)
