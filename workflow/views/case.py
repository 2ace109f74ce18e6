"""The page of a case: its clocks, whose turn it is, and what the reader can do now."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.models import Grant
from workflow.audit.looked import Looked
from workflow.audit.models import Event
from workflow.machine.case import Case
from workflow.machine.notification_states import BEFORE_SENDING, RECEIVED
from workflow.machine.turn import Turn, stand_of, turns
from workflow.people import roles
from workflow.people.person import Person
from workflow.people.responsible import Fallback
from workflow.queues.mandates import Mandates, mandates_of
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.clocks import clock_rows, internal_rows
from workflow.views.doing import beyond, to_do
from workflow.views.frame import OVERVIEW, case_frame
from workflow.views.linking import links_of
from workflow.views.recorded import received_words
from workflow.views.redactions import with_those_to_answer


@require_safe
@signed_in
def overview(request: HttpRequest, token: str) -> HttpResponse:
    """The case as its reader may see it; whoever reads only clocks is shown no way to content."""
    on, at = moment()
    person, case = person_of(request), case_for(request, token, "view.case", on=on)
    frame = case_frame(case, person, on=on, active=OVERVIEW)
    waiting, mandates = turns(case, on=on), mandates_of(person, on=on)
    acts = to_do(case, frame, waiting, person, on=on)
    context = {
        "case": case,
        "frame": frame,
        "clocks": clock_rows(case, on=on),
        "internal": internal_rows(case, frame.machines, on=on),
        "received": _received(case),
        "turns": [_turn(turn, person, mandates) for turn in waiting],
        "to_do": with_those_to_answer(acts, case, frame, person),
        "reads_content": frame.rights.may("view.content"),
        "looks_href": _looks(case, person, on),
        "links": links_of(case, person, on=on),
        "as_at": at,
    }
    return render(request, "workflow/case.html", context)


@require_safe
@signed_in
def people(request: HttpRequest, token: str) -> HttpResponse:
    """Who may see the case, in which capacity, and since when."""
    on, _ = moment()
    person, case = person_of(request), case_for(request, token, "view.case", on=on)
    grants = (
        Grant.objects.active(on)
        .filter(case=case)
        .select_related("person", "organisation", "named_at", "given_by")
        .order_by("since", "pk")
    )
    context = {
        "case": case,
        "frame": case_frame(case, person, on=on, active=OVERVIEW),
        "grants": [_grant(grant) for grant in grants],
    }
    return render(request, "workflow/people.html", context)


def _looks(case: Case, person: Person, on: date) -> str:
    """Where the case's authority reads who looked at it; "" for everybody else."""
    if case.authority_id not in Looked(person, on).homes:
        return ""
    return f"{reverse('looks')}?{urlencode({'reference': case.address})}"


def _received(case: Case) -> str:
    """Of a draft, when that was received which is written down in it; "" where nothing was.

    A case begins so; the next notification of it, or another authority's, is written here.
    """
    process = case.notification
    if process.state not in BEFORE_SENDING or process.cycle > 1:
        return ""
    found = Event.objects.filter(case=case, act=RECEIVED).order_by("-sequence").first()
    return received_words(found) if found else ""


def _turn(turn: Turn, person: Person, mandates: Mandates) -> dict[str, Any]:
    fallback = turn.people if isinstance(turn.people, Fallback) else None
    return {
        "machine": turn.subject.MACHINE,
        "state": turn.state,
        "role": turn.role.title,
        "organisation": turn.organisation.name,
        "is_mine": mandates.has(turn),
        "beyond": beyond(stand_of(turn.subject)),
        # Names of one's own colleagues help; elsewhere the role is enough.
        "names": _names(turn, person),
        "fallback": fallback.because if fallback else "",
        "expected_on": turn.expected_on,
    }


def _names(turn: Turn, person: Person) -> list[str]:
    at_home = {membership.organisation_id for membership in person.memberships.all()}
    return [one.name for one in turn.people] if turn.organisation.pk in at_home else []


def _grant(grant: Grant) -> dict[str, Any]:
    holder = grant.organisation or grant.person
    return {
        "holder": str(holder),
        "kind": _reaches(grant),
        "capacity": grant.get_capacity_display(),
        "since": grant.since,
        "until": grant.until,
        "reason": grant.reason,
        "given_by": str(grant.given_by) if grant.given_by else "the system",
    }


def _reaches(grant: Grant) -> str:
    if grant.organisation is None:
        at = f", while at {grant.named_at.name}" if grant.named_at else ""
        return f"This person only{at}"
    kind = dict(roles.KINDS)[grant.organisation.kind]
    return f"{kind}: its people, by their roles"
