"""Linking two cases that belong together, and who may see that they are."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from workflow import services
from workflow.access.policy import may
from workflow.audit.models import Event
from workflow.forms import Choice, GovukForm, LongTextField, RadiosField, TextField
from workflow.machine import token as tokens
from workflow.machine.case import Case
from workflow.machine.links import CaseLink, LinkKind, of_the_same_death
from workflow.people.person import Person
from workflow.sealed.reading import words
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked
from workflow.views.trail import author_of

# Of cases that may tell of the same death.
MOST = 10
NO_SUCH_CASE = "Check the reference. There is no other case with it that you can open"


class LinkForm(GovukForm):
    """Which other case, how they belong together, and why."""

    reference = TextField(
        "Reference of the other case",
        called="the reference of the other case",
        hint="Like SIN-7K2M-Q9XD-4TVB. It must be a case that you can open",
        limit=40,
        width="20",
    )
    kind = RadiosField(
        "How do they belong together?",
        choices=[Choice(value, label) for value, label in LinkKind.choices],
        missing="Select how they belong together",
    )
    reason = LongTextField("Why do you link them?", words=200, rows=4, called="why you link them")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Another case is found by its exact reference, among those the person can open."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, "link", on=now.on)
    form = asked(request, LinkForm, on=now.on)
    seen = Case.objects.visible_to(person, now.on)
    alike = list(of_the_same_death(case, seen).select_related("authority").order_by("pk")[:MOST])
    if not form.is_bound and (chosen := _chosen(request, alike)):
        form = LinkForm.filled({"reference": chosen.reference, "kind": LinkKind.SAME_DEATH})
    if request.method == "POST" and form.is_valid():
        other = _other(form.cleaned["reference"], case, person, on=now.on)
        if other is None:
            form.refuse("reference", NO_SUCH_CASE)
        elif _linked(case, other, form, person, now):
            return redirect("case", token=token)
    return render(request, "workflow/link.html", {"case": case, "form": form, "alike": alike})


def links_of(case: Case, reader: Person, *, on: date) -> list[dict[str, Any]]:
    """The links of a case to others that the reader can open too; of the rest, nothing."""
    found = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    links = [
        (link, link.other if link.case_id == case.pk else link.case)
        for link in found.order_by("pk")
    ]
    seen = set(
        Case.objects.visible_to(reader, on)
        .filter(pk__in=[other.pk for _, other in links])
        .values_list("pk", flat=True)
    )
    return [
        {"case": other, "kind": LinkKind(link.kind).label, **_said(link, reader, on=on)}
        for link, other in links
        if other.pk in seen
    ]


def _chosen(request: HttpRequest, alike: list[Case]) -> Case | None:
    """The proposed case whose link was followed."""
    return next((one for one in alike if one.token == request.GET.get("other")), None)


def _other(reference: str, case: Case, person: Person, *, on: date) -> Case | None:
    token = tokens.read(reference)
    cases = Case.objects.visible_to(person, on).exclude(pk=case.pk)
    return cases.filter(token=token).first() if token else None


def _linked(case: Case, other: Case, form: GovukForm, person: Person, now: Moment) -> bool:
    said = form.cleaned
    try:
        services.link_cases(
            case, other, said["kind"], by=person, on=now.on, at=now.at, reason=said["reason"]
        )
    except services.CannotAdvance as refusal:
        form.add_reasons(refusal.reasons)
        return False
    return True


def _said(link: CaseLink, reader: Person, *, on: date) -> dict[str, Any]:
    """By whom and when it was made; why, for those who may read the case it was made on."""
    events = Event.objects.filter(
        case=link.case, act="link_case", payload__other=link.other.token
    ).select_related("actor", "organisation", "case")
    event = events.order_by("sequence").first()
    if event is None:
        return {"by": "", "on": link.linked_on, "reason": ""}
    reads = may(reader, "view.content", link.case, on)
    # The other case may be one whose record was destroyed.
    reason = words(event, "reason") if reads else ""
    return {"by": author_of(event, reader, on=on), "on": event.on, "reason": reason}
