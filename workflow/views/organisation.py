"""How an organisation is arranged: if it asks for approval, its senior, where its post goes."""

from collections.abc import Sequence
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
from workflow.people.responsible import senior_who_left, who_belongs
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.people import place_for
from workflow.views.step_up import asks_who_it_is, refuse_if_stale

# The field in which the page says after which change it was made.
SEEN = "seen"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.people")
@asks_who_it_is
def settings(request: HttpRequest, place: int) -> HttpResponseBase:
    """Shows how it is arranged, and changes it."""
    now = moment()
    # Read before the settings themselves are, so that they never pass for newer ones.
    stands = arranging.last_change(place)
    organisation = place_for(request, place, now)
    people = sorted(who_belongs(organisation, now.on), key=lambda one: (one.name, one.pk))
    how: dict[str, Any] = {
        "on": now.on,
        "people": [(opaque.hide(opaque.PERSON, one.pk), one.name) for one in people],
        "asks_approval": organisation.kind == roles.AUTHORITY,
    }
    form, seen, changes = OrganisationForm.filled(_as_it_is(organisation), **how), stands, []
    if request.method == "POST":
        form, seen = OrganisationForm(request.POST, **how), request.POST.get(SEEN, "")
        refused = _saved(request, form, organisation, now, seen=seen)
        if form.is_valid():
            back = reverse("people-of", kwargs={"place": place})
            return redirect(f"{back}?said=arranged")
        if arranging.CHANGED in refused:
            # Told so, whoever saves again has seen what stands now.
            changes, seen = arranging.changes_since(place, seen), stands
    context = {
        "form": form,
        "place": organisation,
        "gone": senior_who_left(organisation, now.on),
        "changes": changes,
        "hidden": {SEEN: seen},
        "again": request.path,
    }
    return render(request, "workflow/organisation.html", context)


def _saved(
    request: HttpRequest, form: OrganisationForm, organisation: Organisation, now: Moment, *,
    seen: str,
) -> Sequence[str]:  # fmt: skip
    """The reasons against what was sent, which the form shows; saved where it is still valid."""
    if not form.is_valid() or refuse_if_stale(request, form):
        return ()
    try:
        wanted, by = _wanted(form.cleaned, organisation), person_of(request)
        arranging.arrange(organisation, wanted, by=by, on=now.on, at=now.at, seen=seen)
    except CannotManage as refusal:
        form.add_reasons(refusal.reasons)
        return refusal.reasons
    return ()


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
