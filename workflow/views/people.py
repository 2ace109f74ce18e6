"""The people of an organisation: who they are, whom to invite."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access.gate import only_for
from workflow.forms.people import InviteForm
from workflow.people import managing, roles
from workflow.people.invitation import Invitation, PeopleAct
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import senior_who_left
from workflow.signing_in.recent import showed_lately
from workflow.views.access import Moment, moment, person_of, signed_in
from workflow.views.step_up import asks_who_it_is, confirm, refuse_if_stale
from workflow.webhooks.managing import looks_after

SHOWN, ACTS = 50, 20
SAID = {
    "invited": "The invitation is on its way",
    "again": "The invitation goes out again. The earlier link opens nothing any more",
    "withdrawn": "The invitation is withdrawn",
    "arranged": "The settings are saved",
}


def place_for(request: HttpRequest, key: int, now: Moment) -> Organisation:
    """The organisation whose people the signed-in person looks after; Http404 for any other."""
    found = Organisation.objects.filter(pk=key).first()
    if found is None or not managing.may_manage(person_of(request), found, now.on):
        raise Http404
    return found


@require_safe
@signed_in
@only_for("manage.people")
def people(request: HttpRequest) -> HttpResponseBase:
    """Which organisation; whoever looks after one alone is led to it."""
    on, _ = moment()
    person = person_of(request)
    mine = managing.managed(person, on)
    if not managing.is_operator(person, on):
        if len(mine) == 1:
            return redirect("people-of", place=mine[0].pk)
        found = mine
    else:
        asked = request.GET.get("name", "").strip()[:100]
        named = Organisation.objects.filter(name__icontains=asked).order_by("name", "pk")
        here = Q(memberships__since__lte=on) & (
            Q(memberships__until=None) | Q(memberships__until__gte=on)
        )
        counted = named.annotate(held=Count("memberships__person", filter=here, distinct=True))
        found = list(counted[:SHOWN])
    context = {"places": found, "name": request.GET.get("name", ""), "most": SHOWN}
    return render(request, "workflow/people_places.html", context)


@require_safe
@signed_in
@only_for("manage.people")
def people_of(request: HttpRequest, place: int) -> HttpResponse:
    """Everybody who holds or held a role there, and who is invited."""
    now = moment()
    organisation = place_for(request, place, now)
    said = SAID.get(request.GET.get("said", ""))
    invited = Invitation.objects.waiting().filter(organisation=organisation)
    acts = PeopleAct.objects.filter(organisation=organisation).select_related("by", "person")
    context = {
        "place": organisation,
        "people": _everybody(organisation, now),
        "invited": [
            {"row": row, "expired": row.expires_at <= now.at}
            for row in invited.select_related("person").order_by("expires_at")
        ],
        "acts": acts[:ACTS],
        "gone": senior_who_left(organisation, now.on),
        "has_webhooks": looks_after(person_of(request), organisation, now.on),
        "banner": {"text": said} if said else None,
    }
    return render(request, "workflow/people_of.html", context)


def _everybody(organisation: Organisation, now: Moment) -> list[dict[str, Any]]:
    factor = Authenticator.objects.filter(user=OuterRef("pk"))
    found = (
        Person.objects.filter(memberships__organisation=organisation)
        .distinct()
        .annotate(has_factor=Exists(factor))
        .order_by("-is_active", "name", "pk")
    )
    rows = organisation.memberships.filter(Q(until=None) | Q(until__gte=now.on))
    held: dict[int, list[str]] = {}
    for row in rows.order_by("since", "pk"):
        dates = f" until {row.until:%-d %B %Y}" if row.until else ""
        dates = f" from {row.since:%-d %B %Y}{dates}" if row.since > now.on else dates
        held.setdefault(row.person_id, []).append(f"{roles.by_slug(row.role).title}{dates}")
    return [{"row": one, "held": held.get(one.pk, [])} for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("manage.people")
@asks_who_it_is
def invite(request: HttpRequest, place: int) -> HttpResponseBase:
    """Offers a role by mail."""
    now = moment()
    organisation, by = place_for(request, place, now), person_of(request)
    offered = managing.ceiling(by, organisation, now.on)
    form = InviteForm.filled({"since": now.on}, on=now.on, offered=offered)
    if request.method == "POST":
        form = InviteForm(request.POST, on=now.on, offered=offered)
        if form.is_valid() and not refuse_if_stale(request, form):
            try:
                managing.invite(
                    organisation=organisation, by=by, on=now.on, at=now.at, **form.cleaned
                )
                return redirect(f"{_back(organisation)}?said=invited")
            except managing.CannotManage as refusal:
                form.add_reasons(refusal.reasons)
    context = {"form": form, "place": organisation, "again": request.path}
    return render(request, "workflow/people_invite.html", context)


@require_POST
@signed_in
@only_for("manage.people")
def again(request: HttpRequest, place: int, key: int) -> HttpResponseBase:
    """Sends an invitation again, or withdraws it."""
    now = moment()
    organisation, by = place_for(request, place, now), person_of(request)
    row = Invitation.objects.waiting().filter(pk=key, organisation=organisation).first()
    if row is None:
        raise Http404
    if not showed_lately(request):
        return confirm(_back(organisation))
    if "withdraw" in request.POST:
        managing.withdraw(row, by=by, at=now.at)
        return redirect(f"{_back(organisation)}?said=withdrawn")
    managing.send_again(row, by=by, at=now.at)
    return redirect(f"{_back(organisation)}?said=again")


def _back(organisation: Organisation) -> str:
    return reverse("people-of", kwargs={"place": organisation.pk})
