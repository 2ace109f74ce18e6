"""The trail of a case, newest first, and the whole of it on paper."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.audit.models import Event
from workflow.machine.case import Case
from workflow.queues.mandates import MACHINES
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.clocks import clock_rows, internal_rows
from workflow.views.frame import OVERVIEW, TIMELINE, CaseFrame, case_frame
from workflow.views.trail import entries, gave_reasons

PAGE = 50
KINDS = {machine.MACHINE.replace(" ", "-"): machine.MACHINE for machine in MACHINES}


@require_safe
@signed_in
def timeline(request: HttpRequest, token: str) -> HttpResponse:
    """What happened, newest first, in pages; narrowed by `kind`."""
    on, _ = moment()
    person, case = person_of(request), case_for(request, token, "view.timeline", on=on)
    frame = case_frame(case, person, on=on, active=TIMELINE)
    kind = request.GET.get("kind", "")
    events = Event.objects.filter(case=case).select_related("actor", "organisation")
    if kind in KINDS:
        events = events.filter(machine=KINDS[kind])
    before = request.GET.get("before", "")
    if before.isdecimal():
        events = events.filter(sequence__lt=min(int(before), 2**31 - 1))
    found = _of(case, events.order_by("-sequence")[: PAGE + 1])
    reads = frame.rights.may("view.content")
    context = {
        "case": case,
        "frame": frame,
        "kind": kind if kind in KINDS else "",
        "kinds": _kinds(case.token, kind),
        "events": entries(found[:PAGE], person, on=on, with_reasons=reads),
        "may_take_out": reads and _may_take_out(frame) and gave_reasons(found, person, on=on),
        "older": found[PAGE - 1].sequence if len(found) > PAGE else None,
        "is_first": not before,
    }
    return render(request, "workflow/timeline.html", context)


@require_safe
@signed_in
def chronology(request: HttpRequest, token: str) -> HttpResponse:
    """The whole trail and every clock on one page, to be printed: oldest first."""
    on, at = moment()
    person, case = person_of(request), case_for(request, token, "view.timeline", on=on)
    frame = case_frame(case, person, on=on, active=OVERVIEW)
    events = Event.objects.filter(case=case).select_related("actor", "organisation")
    context = {
        "case": case,
        "frame": frame,
        "clocks": clock_rows(case, on=on),
        "internal": internal_rows(case, frame.machines, on=on),
        "events": entries(
            _of(case, events.order_by("sequence")),
            person,
            on=on,
            with_reasons=frame.rights.may("view.content"),
        ),
        "printed_by": person.name,
        "at": at,
    }
    return render(request, "workflow/chronology.html", context)


def _of(case: Case, events: QuerySet[Event]) -> list[Event]:
    """Each knows its case, under whose key its reason is opened: none is asked for it."""
    found = list(events)
    for event in found:
        event.case = case
    return found


def _may_take_out(frame: CaseFrame) -> bool:
    return frame.rights.may("redact.propose_panel") or frame.rights.may("redact.propose_view")


def _kinds(token: str, chosen: str) -> list[dict[str, object]]:
    here = reverse("timeline", args=[token])
    parts: list[dict[str, object]] = [
        {"text": "Everything", "href": here, "active": chosen not in KINDS}
    ]
    parts += [
        {
            "text": name[0].upper() + name[1:],
            "href": f"{here}?kind={slug}",
            "active": slug == chosen,
        }
        for slug, name in KINDS.items()
    ]
    return parts
