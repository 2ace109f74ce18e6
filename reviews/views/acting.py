"""Triage of what arrives at the Panel, and the simple steps on both sides."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews.services.reading import newest_review
from reviews.views.desk import review_for
from reviews.views.shown import clocks, deferred
from reviews.views.steps import PREPARING, TRIAGE, N, Step, do, opened, triage_for
from workflow import services
from workflow.access.policy import Rights
from workflow.forms import Choice, GovukForm, RadiosField
from workflow.law import duties
from workflow.machine.case import Case
from workflow.machine.move import refuse_unless_possible
from workflow.machine.notification_states import CLOCKS
from workflow.models import Event, Person
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.frame import NOTIFICATION, case_frame
from workflow.views.keeping import asked

RECEIVES = ("panel.triage", "panel.respond", "receive")


class ChooseForm(GovukForm):
    """What to do next."""

    act = RadiosField("What do you want to do?", missing="Select what you want to do")


@signed_in
@require_http_methods(["GET", "POST"])
def triage(request: HttpRequest, token: str) -> HttpResponse:
    """What arrived, what the authority proposes, and what can be done with it."""
    now, person = moment(), person_of(request)
    case = _received(request, token, now)
    found = triage_for(case, by=person, on=now.on)
    form = asked(request, ChooseForm)
    form.fields["act"].choices = [  # type: ignore[attr-defined]
        Choice(one.step.name, one.step.words, one.step.follows_in(case)) for one in found
    ]
    if request.method == "POST" and form.is_valid():
        chosen = next(one for one in found if one.step.name == form.cleaned["act"])
        return redirect(chosen.href)
    review = newest_review(case)
    context = {
        "form": form,
        "frame": case_frame(case, person, on=now.on, active=NOTIFICATION),
        "case": case,
        "review": review,
        "found": found,
        "proposal": _proposal(case),
        "asked": _asked(case),
        "deferred": deferred(review),
        "clocks": clocks(
            case,
            *CLOCKS,
            duties.RAPID_REVIEW.slug,
            duties.PANEL_RESPONSE.slug,
            on=now.on,
        ),
    }
    return render(request, "reviews/triage.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def triage_act(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """One act of triage."""
    now = moment()
    case = _received(request, token, now)
    back = reverse("reviews:triage", args=[token])
    return _act(request, case, _step(TRIAGE, act), "reviews:triage-act", back, now)


@signed_in
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """One step of preparing the rapid review."""
    now = moment()
    review = review_for(person_of(request), token, "write.rapid_review", on=now.on)
    back = reverse("reviews:tasks", args=[token])
    return _act(request, review.case, _step(PREPARING, act), "reviews:step", back, now)


def _act(
    request: HttpRequest, case: Case, step: Step, address: str, back: str, now: Moment
) -> HttpResponse:
    person = person_of(request)
    _refuse_other_roles(person, step, now)
    found = opened(case, (step,), address, by=person, on=now.on)
    form = asked(request, step.form, on=now.on)
    if found and request.method == "POST" and form.is_valid():
        try:
            do(found[0], form, by=person, now=now)
            return redirect(back)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
        except services.AlreadyDone as first:
            form.add_reasons([str(first)])
    context = {
        "form": form,
        "case": case,
        "heading": step.words,
        "follows": step.follows_in(case),
        "basis": step.act.basis,
        "cannot": [] if found else _why_not(case, step),
        "back_href": back,
    }
    return render(request, "reviews/act.html", context)


def _refuse_other_roles(person: Person, step: Step, now: Moment) -> None:
    if not person.roles_on(now.on) & set(step.roles):
        raise Http404


def _why_not(case: Case, step: Step) -> list[str]:
    """Why a step is not there any more: who did what, or what is missing."""
    subject: Any = case.notification if step.machine is type(case.notification) else None
    subject = subject or newest_review(case)
    if subject is None or step.name == "decline":
        return ["There is nothing to answer."]
    try:
        refuse_unless_possible(subject, step.name)
    except services.CannotAdvance as refusal:
        return refusal.reasons
    except services.AlreadyDone as first:
        return [str(first)]
    return []


def _step(steps: tuple[Step, ...], act: str) -> Step:
    for one in steps:
        if one.name.replace("_", "-") == act:
            return one
    raise Http404


def _received(request: HttpRequest, token: str, now: Moment) -> Case:
    """The case, for whoever receives it: the Panel, or the department."""
    case = case_for(request, token, "view.content", on=now.on)
    rights = Rights(person_of(request), case, now.on)
    if not any(rights.may(act) for act in RECEIVES):
        raise Http404
    return case


def _asked(case: Case) -> dict[str, Any] | None:
    """What the authority was last asked, by when, and its reply; None where it was not asked."""
    acts = Event.objects.filter(
        case=case, machine=N.MACHINE, act__in=["request_information", "reply"]
    )
    question = reply = None
    for event in acts.select_related("actor").order_by("sequence"):
        event.case = case
        question, reply = (question, event) if event.act == "reply" else (event, None)
    if question is None:
        return None
    by = question.payload.get("by")
    return {"question": question, "by": date.fromisoformat(by) if by else None, "reply": reply}


def _proposal(case: Case) -> dict[str, Any] | None:
    """What the authority proposes, with its reason; None when it proposes nothing."""
    process = case.notification
    if not process.proposal:
        return None
    acts = Event.objects.filter(case=case, act=f"propose_{process.proposal}")
    event = acts.select_related("actor").order_by("-sequence").first()
    if event is not None:
        event.case = case
    return {
        "words": process.get_proposal_display(),
        "reason": event.reason if event else "",
        "by": event.actor.name if event and event.actor else "",
        "on": event.on if event else None,
    }
