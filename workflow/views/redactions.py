"""Proposals to take words out that wait for a person: on a case's page, and all in one list."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.machine.case import Case
from workflow.people import roles
from workflow.people.person import Person
from workflow.retention.proposals import MOST, waiting_for, waits_on
from workflow.views.access import moment, person_of, signed_in
from workflow.views.doing import ToDo
from workflow.views.frame import CaseFrame, address

TITLE = "Answer the proposal to take words out"


def with_those_to_answer(
    found: list[ToDo], case: Case, frame: CaseFrame, person: Person
) -> list[ToDo]:
    """What a person can do on a case, with the answer that a proposal waits for, if it is theirs.

    It comes after what the process waits for, and before all that nothing waits for.
    """
    if not waits_on(case, person, frame.rights):
        return found
    more = ToDo(TITLE, address("redact", case.token), is_turn=True)
    return sorted([*found, more], key=lambda entry: not (entry.is_turn and not entry.reasons))


def whom(by: Any, role: str, organisation: Any, reader: Person, *, on: date) -> str:
    """Who proposed or answered: by name among the reader's own people, by role elsewhere."""
    own = organisation.pk in reader.organisation_ids(on)
    return ", ".join([*([by.name] if own else []), roles.by_slug(role).title, organisation.name])


@require_safe
@signed_in
@only_for("review.redactions")
def redactions(request: HttpRequest) -> HttpResponse:
    """The proposals that wait for the person's answer; which words they are of is said on each."""
    now, person = moment(), person_of(request)
    rows = [
        {
            "case": one.case,
            "on": one.on,
            "by": whom(one.by, one.role, one.organisation, person, on=now.on),
        }
        for one in waiting_for(person, on=now.on)
    ]
    shown = {"rows": rows, "most": MOST, "as_at": now.at}
    return render(request, "workflow/redactions.html", shown)
