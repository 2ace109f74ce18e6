"""How long records are kept, legal holds, and the end of a record by two people."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from workflow import opaque, services
from workflow.access.gate import only_for
from workflow.access.policy import Rights
from workflow.forms import GovukForm, LongTextField, RadiosField
from workflow.law import retention
from workflow.machine.case import Case
from workflow.people import roles
from workflow.people.person import Person
from workflow.retention import disposing, holding
from workflow.retention.certificate import certificate_of
from workflow.retention.models import DisposalStep
from workflow.retention.standing import DISPOSE, MOST, Standing, due, standing_of
from workflow.sealed.reading import words
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked
from workflow.views.step_up import asks_who_it_is, refuse_if_stale

CONFIRM, DECLINE = "confirm", "decline"
SEEN = "seen"
ANSWERED_MEANWHILE = (
    "Somebody proposed or answered since you opened this page. It shows now what was done: read "
    "it, and go on from here."
)
NAME_NOBODY = "Do not name the child or the family"


class HoldForm(GovukForm):
    """Why the record must be kept."""

    reason = LongTextField(
        "Why must this record be kept?",
        called="why this record must be kept",
        hint=f"For example, for an inquiry or a claim. {NAME_NOBODY}",
        words=200,
        rows=4,
    )


class LiftHoldForm(GovukForm):
    """Why it need not be kept any longer."""

    reason = LongTextField(
        "Why is the legal hold no longer needed?",
        called="why the legal hold is no longer needed",
        hint=NAME_NOBODY,
        words=200,
        rows=4,
    )


class EndForm(GovukForm):
    """The first step: a proposal."""


class AnswerForm(GovukForm):
    """The second step: by another person."""

    answer = RadiosField(
        "Should this record be destroyed?",
        called="whether this record should be destroyed",
        choices=(
            (CONFIRM, "Yes, destroy it for good", "Nobody can bring it back"),
            (DECLINE, "No, keep it"),
        ),
    )


@require_safe
@signed_in
@only_for("review.retention")
def records_due(request: HttpRequest) -> HttpResponse:
    """The records of the person's authority whose period is over."""
    now, person = moment(), person_of(request)
    rows = [
        {"case": case, "class": kept, "due_on": kept.ends(case.last_act_on)}  # type: ignore[attr-defined]
        for case in due(person, on=now.on)
        for kept in (_class_of(case),)
    ]
    shown = {"rows": rows, "classes": retention.ALL, "most": MOST, "as_at": now.at}
    return render(request, "workflow/records_due.html", shown)


@require_safe
@signed_in
def record_kept(request: HttpRequest, token: str) -> HttpResponse:
    """How long one record is kept, what holds it, and its certificate once it was destroyed."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, "view.retention", on=now.on)
    stands, rights = standing_of(case), Rights(person, case, now.on)
    shown: dict[str, Any] = {
        "case": case,
        "stands": stands,
        "holds": _holds(case, stands, person, rights, now),
        "certificate": certificate_of(case, stands),
        "whom": lambda step: _whom(step, person, now),
        "may_hold": rights.may(holding.HOLD),
        "may_dispose": rights.may(DISPOSE),
        "against": disposing.against(case, stands, on=now.on),
        "as_at": now.at,
    }
    return render(request, "workflow/record_kept.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hold(request: HttpRequest, token: str) -> HttpResponse:
    """Places a legal hold."""
    now = moment()
    case = case_for(request, token, holding.HOLD, on=now.on)
    form = asked(request, HoldForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            how: Any = {"by": person_of(request), "on": now.on, "at": now.at}
            holding.hold(case, reason=form.cleaned["reason"], **how)
            return redirect("record-kept", token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    return render(request, "workflow/hold.html", {"case": case, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def lift_hold(request: HttpRequest, token: str, key: int) -> HttpResponse:
    """Lifts a legal hold of the person's own body."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, holding.HOLD, on=now.on)
    places = {row.organisation_id for row in person.memberships_on(now.on)}
    holds = {one.pk: one for one in standing_of(case).holds}
    if key not in holds or not holding.may_lift(holds[key], case, places):
        raise Http404
    form = asked(request, LiftHoldForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        try:
            how: Any = {"by": person, "on": now.on, "at": now.at}
            holding.lift(case, key, reason=form.cleaned["reason"], **how)
            return redirect("record-kept", token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    return render(request, "workflow/lift_hold.html", {"case": case, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: HttpRequest, token: str) -> HttpResponseBase:
    """Proposes that a record be destroyed; to somebody else, asks for the answer."""
    now = moment()
    # First: whoever may not is asked nothing, and learns of no case.
    return _end(request, case_for(request, token, DISPOSE, on=now.on), now)


@asks_who_it_is
def _end(request: HttpRequest, case: Case, now: Moment) -> HttpResponse:
    person = person_of(request)
    stands = standing_of(case)
    proposal = stands.proposal
    own = proposal is not None and proposal.by_id == person.pk
    form = asked(request, AnswerForm if proposal and not own else EndForm, on=now.on)
    newest = opaque.hide(opaque.STEP, stands.step.pk) if stands.step else ""
    if request.method == "POST" and request.POST.get(SEEN, "") != newest:
        # What the button said then it would not do now.
        form.add_reasons([ANSWERED_MEANWHILE])
    elif request.method == "POST" and form.is_valid() and not refuse_if_stale(request, form):
        try:
            _done(case, form, person, now, proposed=proposal is not None)
            return redirect("record-kept", case.token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    shown = {
        "case": case,
        "form": form,
        "stands": stands,
        "own": own,
        "against": disposing.against(case, stands, on=now.on),
        "again": request.path,
        "hidden": {SEEN: newest},
    }
    return render(request, "workflow/end_record.html", shown)


def _done(case: Case, form: GovukForm, person: Person, now: Moment, *, proposed: bool) -> None:
    """The step that the page offered; whoever proposed takes it back."""
    answer = form.cleaned.get("answer", DECLINE if proposed else "")
    acts = {CONFIRM: disposing.confirm, DECLINE: disposing.decline}
    acts.get(answer, disposing.propose)(case, by=person, on=now.on, at=now.at)


def _whom(step: DisposalStep, reader: Person, now: Moment) -> str:
    """Who made a step: by name among the reader's own people, by role elsewhere."""
    own = step.organisation_id in reader.organisation_ids(now.on)
    who = [step.by.name] if own else []
    return ", ".join([*who, roles.by_slug(step.role).title, step.organisation.name])


def _class_of(case: Case) -> retention.RetentionClass:
    return retention.class_of(looked_after=case.looked_after, care_leaver=case.care_leaver)


def _holds(
    case: Case, stands: Standing, person: Person, rights: Rights, now: Moment
) -> list[dict[str, Any]]:
    """Each hold that stands; why, for those alone who read what was written about the case."""
    places = {row.organisation_id for row in person.memberships_on(now.on)}
    reads = rights.may("view.content")
    return [
        {
            "key": one.pk,
            "who": f"{roles.by_slug(one.role).title}, {one.organisation.name}",
            "since": one.on,
            "why": words(one, "reason") if reads else "",
            "is_ours": holding.may_lift(one, case, places) and rights.may(holding.HOLD),
        }
        for one in stands.holds
    ]
