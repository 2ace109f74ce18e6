"""How an organisation is arranged: if it asks for approval, its senior, where its post goes."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from workflow import opaque
from workflow.access.gate import only_for
from workflow.forms.organisation import NOBODY, OrganisationForm
from workflow.people import arranging, roles
from workflow.people.arranging import Arranged
from workflow.people.managing import CannotManage
from workflow.people.organisations import Organisation
from workflow.views.access import moment, person_of, signed_in
from workflow.views.people import place_for
from workflow.views.step_up import asks_who_it_is, refuse_if_stale


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.people")
@asks_who_it_is
def settings(request: HttpRequest, place: int) -> HttpResponseBase:
    """Shows how it is arranged, and changes it."""
    now = moment()
    organisation = place_for(request, place, now)
    people = arranging.who_belongs(organisation, now.on)
    how: dict[str, Any] = {
        "on": now.on,
        "people": [(opaque.hide(opaque.PERSON, one.pk), one.name) for one in people],
        "asks_approval": organisation.kind == roles.AUTHORITY,
    }
    form = OrganisationForm.filled(_as_it_is(organisation), **how)
    if request.method == "POST":
        form = OrganisationForm(request.POST, **how)
        if form.is_valid() and not refuse_if_stale(request, form):
            try:
                wanted = _wanted(form.cleaned, organisation)
                arranging.arrange(organisation, wanted, by=person_of(request), on=now.on, at=now.at)
                back = reverse("people-of", kwargs={"place": organisation.pk})
                return redirect(f"{back}?said=arranged")
            except CannotManage as refusal:
                form.add_reasons(refusal.reasons)
    senior = organisation.senior
    context = {
        "form": form,
        "place": organisation,
        "gone": senior.name if senior and senior not in people else "",
        "again": request.path,
    }
    return render(request, "workflow/organisation.html", context)


def _as_it_is(organisation: Organisation) -> dict[str, Any]:
    senior = organisation.senior_id
    return {
        "approval": organisation.approval_required,
        "senior": opaque.hide(opaque.PERSON, senior) if senior else NOBODY,
        "contact": organisation.contact_email or None,
    }


def _wanted(answers: dict[str, Any], organisation: Organisation) -> Arranged:
    return Arranged(
        approval=answers.get("approval", organisation.approval_required),
        senior=None
        if answers["senior"] == NOBODY
        else opaque.find(opaque.PERSON, answers["senior"]),
        contact=answers["contact"],
    )
