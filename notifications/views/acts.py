"""Acts around sending: reply, propose, go on, decide not to notify."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications import cycles
from notifications.forms.acts import (
    ContinueForm,
    NotNotifiedForm,
    ProposeForm,
    ReplyForm,
)
from notifications.pages.basis import BasisForm
from notifications.sections import Lists, PageForm
from notifications.services import paper_of
from notifications.views.desk import DESK
from notifications.views.reading import latest
from workflow import services as machine
from workflow.access.policy import may
from workflow.machine.notification_states import NotificationState, Proposal
from workflow.models import Case, Event
from workflow.services import AlreadyDone, CannotAdvance, NotFound
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked

S = NotificationState
WRITE = "write.notification"
GOES_ON = {
    cycles.HARM_BECAME_DEATH: "A child who was harmed has died",
    cycles.ABUSE_SUSPECTED: "Abuse or neglect is now known or suspected",
    cycles.REOPEN: "Something else is new: look at the decision again",
}


def tried(act: Any) -> list[str]:
    """Does an act; returns why it was refused, and nothing when it was done."""
    try:
        act()
    except CannotAdvance as refusal:
        return list(refusal.reasons)
    except AlreadyDone as refusal:
        return [str(refusal)]
    except NotFound:
        raise Http404 from None
    return []


@signed_in
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """The answer to the Panel's request for information."""
    now = moment()
    case = case_for(request, token, WRITE, on=now.on)
    asked = Event.objects.filter(case=case, act="request_information").order_by("-sequence").first()
    if asked is None:
        raise Http404
    asked.case = case

    def answer(form: PageForm) -> list[str]:
        return tried(
            lambda: machine.advance(
                case.notification,
                "reply",
                by=person_of(request),
                on=now.on,
                at=now.at,
                reason=form.cleaned["reason"],
            )
        )

    context = {"asked": asked, "by": case.notification.expected_on, "said": "replied"}
    return _act(request, case, now, ReplyForm, answer, "notifications/reply.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, token: str) -> HttpResponse:
    """Propose that the criteria are not met, or to withdraw a duplicate."""
    now = moment()
    case = case_for(request, token, WRITE, on=now.on)
    if case.notified_on is None:
        raise Http404

    def put(form: PageForm) -> list[str]:
        proposal = Proposal(form.cleaned["proposal"])
        return tried(
            lambda: machine.propose(
                case,
                proposal,
                by=person_of(request),
                on=now.on,
                at=now.at,
                reason=form.cleaned["reason"],
            )
        )

    return _act(request, case, now, ProposeForm, put, "notifications/propose.html", {})


@signed_in
@require_http_methods(["GET", "POST"])
def not_notified(request: HttpRequest, token: str) -> HttpResponse:
    """The record of a decision not to notify: made by an approver, printable, reopenable."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, "view.content", on=now.on)
    decides = any(
        m.role == "la_approver" and m.organisation_id == case.authority_id
        for m in person.memberships_on(now.on)
    )

    def decide(form: PageForm) -> list[str]:
        return tried(
            lambda: machine.advance(
                case.notification,
                "decide_not_to_notify",
                by=person,
                on=now.on,
                at=now.at,
                reason=form.cleaned["reason"],
            )
        )

    decided = Event.objects.filter(case=case, act="decide_not_to_notify").select_related("actor")
    last = decided.order_by("-sequence").first()
    if last is not None:
        last.case = case
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    rows = paper.form(paper.leaf("basis")).rows() if paper.row(paper.leaf("basis")) else []
    context = {
        "decides": decides,
        "is_end": case.notification.state == S.NOT_NOTIFIED,
        "event": last,
        "rows": rows,
        "route": case.route,
        "stay": True,
    }
    template = "notifications/not_notified.html"
    return _act(request, case, now, NotNotifiedForm, decide, template, context)


@signed_in
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """The same case goes on with new facts, and new clocks."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, WRITE, on=now.on)
    possible = {p.name for p in machine.possible_acts(case, by=person, on=now.on)}
    offered = [(name, words) for name, words in GOES_ON.items() if name in possible]
    if not offered:
        raise Http404
    form = asked(request, ContinueForm, on=now.on)
    form.fields["happened"].choices = offered  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        act = form.cleaned["happened"]
        facts, changed = _new_facts(act, form)
        refused = tried(
            lambda: cycles.go_on(
                case.token,
                act,
                facts=facts,
                answers=changed,
                reason=form.cleaned["reason"],
                by=person,
                on=now.on,
                at=now.at,
            )
        )
        if not refused:
            return redirect("notifications:due", token=case.token)
        form.add_reasons(refused)
    context = {"case": case, "form": form, "back_href": DESK.href("read", case)}
    return render(request, "notifications/continue.html", context)


def _new_facts(act: str, form: PageForm) -> tuple[dict[str, Any], dict[str, dict[str, list[str]]]]:
    """The facts that changed, and the same as answers of the next notification."""
    aware = form.cleaned["aware_on"]
    facts: dict[str, Any] = {"aware_on": aware, "aware_time": None, "suspected_on": None}
    day = {"aware_on-day": [str(aware.day)], "aware_on-month": [str(aware.month)]}
    changed = {"awareness": {**day, "aware_on-year": [str(aware.year)], **NO_OTHER_TIME}}
    if act == cycles.HARM_BECAME_DEATH:
        facts["outcome"] = "died"
        changed["basis"] = BasisForm.filled({"happened": "died"}).typed()
    if act == cycles.ABUSE_SUSPECTED:
        facts["abuse"] = "suspected"
        changed["basis"] = BasisForm.filled({"abuse": "suspected"}).typed()
    return facts, changed


NO_OTHER_TIME: dict[str, list[str]] = {
    "aware_time": [""],
    "suspected_on-day": [""],
    "suspected_on-month": [""],
    "suspected_on-year": [""],
}


def _act(
    request: HttpRequest,
    case: Case,
    now: Moment,
    kind: type[PageForm],
    act: Any,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """One question and one act: done, or shown again with every reason and what was typed."""
    form = asked(request, kind, on=now.on)
    if request.method == "POST" and form.is_valid():
        reasons = act(form)
        if not reasons:
            there = request.path if context.get("stay") else DESK.href("read", case)
            said = context.get("said")
            return redirect(f"{there}?said={said}" if said else there)
        form.add_reasons(reasons)
    writes = may(person_of(request), WRITE, case, now.on)
    shown = {"case": case, "form": form, "sent": latest(case), "writes": writes, **context}
    shown["back_href"] = DESK.href("read" if case.notified_on else "tasks", case)
    return render(request, template, shown)
