"""Restricting a case to named people, and the little that administrators see of such cases."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from workflow import opaque, services
from workflow.access import context, naming
from workflow.access.gate import only_for
from workflow.access.naming import Candidate
from workflow.deadlines.calendar import calendar
from workflow.forms import CheckboxesField, Choice, GovukForm, LongTextField
from workflow.machine.case import Case
from workflow.machine.restricting import (
    CHANGED,
    RESTRICT,
    reasons_against,
    standing_list,
    watched_by,
)
from workflow.people import roles
from workflow.people.person import Person
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.clocks import shown_standing
from workflow.views.keeping import asked

SHOWN = 100
# The field in which a page says which list of people it showed.
SEEN = "seen"
NAME_NOBODY = "Only the people you choose read this. Do not name the child or the family"


class NamingForm(GovukForm):
    """Who sees the case, and why."""

    people = CheckboxesField(
        "Who may see this case?",
        called="who may see this case",
        missing="Select who may see this case",
        hint="Select everybody who must work on it, and nobody who is implicated",
    )
    reason = LongTextField(
        "Why?", called="why only these people may see it", hint=NAME_NOBODY, words=200, rows=4
    )


class LiftForm(GovukForm):
    """Why everybody may see the case again."""

    reason = LongTextField(
        "Why is the restriction no longer needed?",
        called="why the restriction is no longer needed",
        hint="Whoever sees the case again reads this. Do not name the child or the family",
        words=200,
        rows=4,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def restrict(request: HttpRequest, token: str) -> HttpResponse:
    """Restricts the case to the people chosen; of a restricted one, changes who they are."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, RESTRICT, on=now.on)
    # Read before the list itself is, so that a list never passes for a newer one.
    stands = standing_list(case)
    form = asked(request, NamingForm, on=now.on)
    # A page that was filled again says what it showed when it was filled in.
    seen = form.data.get(SEEN, "") if form.is_bound else stands
    if not form.is_bound:
        form = NamingForm.filled({"people": _chosen_before(case, person, now)}, on=now.on)
    form.fields["people"].choices = _offered(case, now)  # type: ignore[attr-defined]
    if request.method == "POST":
        refused = _saved(form, case, by=person, now=now, seen=seen)
        if form.is_valid():
            # Whoever took themselves off the list sees the case no longer.
            listed = _name(person) in form.cleaned["people"]
            return redirect("people-with-access", token) if listed else redirect("home")
        # Told so, whoever saves again has seen the list that stands now.
        seen = stands if CHANGED in refused else seen
    shown = {"case": case, "form": form, "hidden": {SEEN: seen}, "named": _names(case, now)}
    return render(request, "workflow/restrict.html", shown)


def _saved(form: NamingForm, case: Case, *, by: Person, now: Moment, seen: str) -> list[str]:
    """The reasons against what was sent, which the form shows with its own; saved without any."""
    sound, reasons = form.is_valid(), []
    found = [opaque.find(opaque.PERSON, name) for name in form.cleaned.get("people", ())]
    people = [key for key in found if key is not None]
    try:
        if sound:
            act = services.name_people if case.restricted else services.restrict
            reason = form.cleaned["reason"]
            act(case, people, by=by, on=now.on, at=now.at, reason=reason, seen=seen)
        elif people:
            # What else is wrong with them is said at once, not when the rest is right.
            reasons = reasons_against(case, people, by=by, on=now.on, seen=seen)
    except services.CannotAdvance as refusal:
        reasons = list(refusal.reasons)
    form.add_reasons(reasons)
    return reasons


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def lift(request: HttpRequest, token: str) -> HttpResponse:
    """Lifts the restriction."""
    now = moment()
    case = case_for(request, token, RESTRICT, on=now.on)
    if not case.restricted:
        return redirect("restrict-case", token)
    form = asked(request, LiftForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
        try:
            services.lift(case, reason=form.cleaned["reason"], **how)
            return redirect("people-with-access", token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    return render(request, "workflow/lift_restriction.html", {"case": case, "form": form})


@require_safe
@signed_in
@only_for("view.restricted")
def restricted_cases(request: HttpRequest) -> HttpResponse:
    """That cases are restricted, by reference, and their dates; no more, and no way further."""
    now = moment()
    with context.serving(context.RESTRICTED):
        cases = watched_by(person_of(request), on=now.on)[:SHOWN]
        rows = [{"label": case.label, "clocks": _clocks(case, now.on)} for case in cases]
    shown = {"rows": rows, "most": SHOWN, "as_at": now.at}
    return render(request, "workflow/restricted_cases.html", shown)


def _clocks(case: Case, on: date) -> list[dict[str, Any]]:
    days = calendar()
    return [
        {
            "title": row.rule.title,
            "due_on": row.due_on,
            "standing": shown_standing(row, on=on, calendar=days),
        }
        for row in case.deadlines.all()
    ]


def _offered(case: Case, now: Moment) -> list[Choice]:
    found = naming.candidates(case, on=now.on)
    by_person: dict[int, list[Candidate]] = {}
    for one in found:
        by_person.setdefault(one.person.pk, []).append(one)
    return [
        Choice(_name(ones[0].person), ones[0].person.name, "; ".join(_as_what(one) for one in ones))
        for ones in by_person.values()
    ]


def _as_what(one: Candidate) -> str:
    titles = " and ".join(roles.by_slug(role).title for role in one.roles)
    return f"{titles}, {one.organisation.name}"


def _chosen_before(case: Case, oneself: Person, now: Moment) -> list[str]:
    """Who is named already; of a case that is not restricted yet, oneself."""
    if not case.restricted:
        return [_name(oneself)]
    return list({_name(one.person): None for one in naming.named(case, on=now.on)})


def _name(person: Person) -> str:
    return opaque.hide(opaque.PERSON, person.pk)


def _names(case: Case, now: Moment) -> list[str]:
    return sorted({one.person.name for one in naming.named(case, on=now.on)})
