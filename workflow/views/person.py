"""One person of an organisation: their roles, and closing or opening their account."""

from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow import opaque
from workflow.access.gate import only_for
from workflow.forms.people import RoleForm
from workflow.people import managing, roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.signing_in.recent import showed_lately
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.people import place_for
from workflow.views.step_up import asks_who_it_is, confirm, refuse_if_stale

DONE = {
    "given": "The role is given",
    "end": "The role ends today",
    "deactivate": "The account is closed, and every session of it is over",
    "reactivate": "The account is open again. Give it a role",
    "factor": "The second step is taken away. They set up a new one when they next sign in",
}


def _person_in(place: Organisation, key: int) -> Person:
    found = Person.objects.filter(pk=key, memberships__organisation=place).distinct().first()
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
@only_for("manage.people")
def person(request: HttpRequest, place: int, key: int) -> HttpResponse:
    """What a person holds there, and what may be done about it."""
    now = moment()
    organisation = place_for(request, place, now)
    return _page(request, organisation, _person_in(organisation, key), now)


def _page(
    request: HttpRequest, place: Organisation, about: Person, now: Moment, *reasons: str
) -> HttpResponse:
    rows = about.memberships.filter(organisation=place).order_by("-since", "pk")
    said = DONE.get(request.GET.get("done", ""))
    context = {
        "place": place,
        "about": about,
        "held": [
            {
                "row": row,
                "name": opaque.hide(opaque.ROLE, row.pk),
                "title": roles.by_slug(row.role).title,
                "in_force": row.until is None or row.until > now.on,
            }
            for row in rows
        ],
        "is_oneself": about == person_of(request),
        "reasons": reasons,
        "has_errors": bool(reasons),
        "banner": {"text": said} if said and not reasons else None,
    }
    return render(request, "workflow/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.people")
@asks_who_it_is
def give_role(request: HttpRequest, place: int, key: int) -> HttpResponseBase:
    """Gives somebody who is here another role, with its dates."""
    now = moment()
    organisation, by = place_for(request, place, now), person_of(request)
    about = _person_in(organisation, key)
    offered = managing.ceiling(by, organisation, now.on)
    form = RoleForm.filled({"since": now.on}, on=now.on, offered=offered)
    if request.method == "POST":
        form = RoleForm(request.POST, on=now.on, offered=offered)
        if form.is_valid() and not refuse_if_stale(request, form):
            try:
                managing.give_role(about, organisation, by=by, on=now.on, at=now.at, **form.cleaned)
                return redirect(f"{_address(organisation, about)}?done=given")
            except managing.CannotManage as refusal:
                form.add_reasons(refusal.reasons)
    context = {"form": form, "place": organisation, "about": about, "again": request.path}
    return render(request, "workflow/person_role.html", context)


@require_POST
@signed_in
@only_for("manage.people")
def act(request: HttpRequest, place: int, key: int) -> HttpResponseBase:
    """Ends a role, closes or opens the account, or takes the second step away."""
    now = moment()
    organisation = place_for(request, place, now)
    about = _person_in(organisation, key)
    if not showed_lately(request):
        return confirm(_address(organisation, about))
    wanted = request.POST.get("act", "")
    try:
        _do(wanted, about, organisation, request, now)
    except managing.CannotManage as refusal:
        return _page(request, organisation, about, now, *refusal.reasons)
    if wanted == "deactivate" and about == person_of(request):
        # Their own session is gone with all the others.
        auth.logout(request)
        return redirect("signed-out")
    return redirect(f"{_address(organisation, about)}?done={wanted}")


def _do(wanted: str, about: Person, place: Organisation, request: HttpRequest, now: Moment) -> None:
    by = person_of(request)
    if wanted == "end":
        key = opaque.find(opaque.ROLE, request.POST.get("role", ""))
        rows = about.memberships.filter(organisation=place, pk=key or 0)
        row = rows.select_related("organisation", "person").first()
        if row is None:
            raise Http404
        managing.end_role(row, last_day=max(now.on, row.since), by=by, on=now.on, at=now.at)
    elif wanted == "deactivate":
        managing.deactivate(about, place, by=by, on=now.on, at=now.at)
    elif wanted == "reactivate":
        managing.reactivate(about, place, by=by, at=now.at)
    elif wanted == "factor":
        managing.take_factor_away(about, place, by=by, at=now.at)
    else:
        raise Http404


def _address(place: Organisation, about: Person) -> str:
    return reverse("person", kwargs={"place": place.pk, "key": about.pk})
