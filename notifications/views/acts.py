"""Acts around sending: approve, reply, propose, go on, decide not to notify."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications import cycles, services
from notifications.forms.acts import (
    ApprovalForm,
    ContinueForm,
    NotNotifiedForm,
    ProposeForm,
    ReplyForm,
    decisions,
)
from notifications.pages.basis import BasisForm
from notifications.recipients import names_of
from notifications.sections import Lists, PageForm
from notifications.services import Sending, paper_of
from notifications.views.desk import DESK
from notifications.views.reading import latest, readable
from workflow import services as machine
from workflow.access.policy import may
from workflow.machine.approval import may_approve
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
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for approval, take it back, approve or return: which of these depends on who looks."""
    now, person = moment(), person_of(request)
    case = case_for(request, token, WRITE, on=now.on)
    process = case.notification
    approver = may_approve(case, person, on=now.on)
    reasons: list[str] = []
    form = asked(request, ApprovalForm, on=now.on)
    if request.method == "POST":
        then = request.POST.get("then", "")
        if then != "decide" or form.is_valid():
            reasons, where = _approval(case, request, now, form, then)
            if not reasons:
                return redirect(where)
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    form.fields["decision"].choices = decisions(names_of(case))  # type: ignore[attr-defined]
    context = {
        "case": case,
        "process": process,
        "waits": process.state == S.AWAITING_APPROVAL,
        "outstanding": process.approval_outstanding,
        "approver": approver,
        "form": form,
        "reasons": reasons,
        "has_errors": bool(reasons or form.errors),
        "sections": readable(paper) if approver else [],
        "back_href": DESK.href("tasks" if process.state == S.DRAFT else "read", case),
    }
    return render(request, "notifications/approve.html", context)


def _approval(
    case: Case, request: HttpRequest, now: Moment, form: Any, then: str
) -> tuple[list[str], str]:
    person, process = person_of(request), case.notification
    moved: dict[str, Any] = {"by": person, "on": now.on, "at": now.at}
    home, read = DESK.home_href(case), DESK.href("read", case)
    if then == "ask":
        return tried(lambda: machine.advance(process, "ask_for_approval", **moved)), request.path
    if then == "take-back":
        why = "Taken back by its author"
        back = lambda: machine.advance(process, "return_to_draft", reason=why, **moved)  # noqa: E731
        return tried(back), home
    if then == "afterwards":
        return tried(lambda: machine.approve_after_sending(case, **moved)), read
    if not may_approve(case, person, on=now.on):
        return ["Only an approver who is not its author may decide this."], ""
    if form.cleaned["decision"] == "return":
        why = form.cleaned["reason"]
        back = lambda: machine.advance(process, "return_to_draft", reason=why, **moved)  # noqa: E731
        return tried(back), home
    return tried(lambda: _approve_and_send(case, now, moved)), DESK.href("sent", case)


def _approve_and_send(case: Case, now: Moment, moved: dict[str, Any]) -> None:
    try:
        services.send(case.token, by=moved["by"], today=now.on, how=Sending(now.on, now.at))
    except services.NotReady as refusal:
        raise CannotAdvance(*(problem.text for problem in refusal.problems)) from refusal
    except services.LateReasonMissing as refusal:
        message = (
            "It is after the date due, and no reason is given. Return it so that one is added."
        )
        raise CannotAdvance(message) from refusal


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

    context = {"asked": asked, "by": case.notification.expected_on}
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
        "printed_by": person,
        "printed_at": now.at,
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
            return redirect(request.path if context.get("stay") else DESK.href("read", case))
        form.add_reasons(reasons)
    writes = may(person_of(request), WRITE, case, now.on)
    shown = {"case": case, "form": form, "sent": latest(case), "writes": writes, **context}
    shown["back_href"] = DESK.href("read" if case.notified_on else "tasks", case)
    return render(request, template, shown)
