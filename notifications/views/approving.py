"""A second person reads a notification, before it is sent or after."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications import services
from notifications.forms.acts import ApprovalForm, decisions
from notifications.recipients import names_of
from notifications.sections import Lists
from notifications.services import Sending, paper_of
from notifications.views.acts import WRITE, S, tried
from notifications.views.desk import DESK
from notifications.views.reading import readable
from workflow import services as machine
from workflow.machine.approval import approvers_of, may_approve, who_names_approvers
from workflow.models import Case
from workflow.services import CannotAdvance
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked

# What is pressed without a decision being made.
BESIDE = ("ask", "take-back", "afterwards")


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
        if then not in {"decide", *BESIDE}:
            reasons = ["Press one of the buttons on this page."]
        elif then in BESIDE or form.is_valid():
            reasons, where = _approval(case, request, now, form, then)
            if not reasons:
                return redirect(where)
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    elsewhere = services.sent_elsewhere(paper)
    choices = decisions(names_of(case), elsewhere=elsewhere)
    form.fields["decision"].choices = choices  # type: ignore[attr-defined]
    context = {
        "case": case,
        "process": process,
        "waits": process.state == S.AWAITING_APPROVAL,
        "outstanding": process.approval_outstanding,
        "approver": approver,
        "can_name": can_name(case, process.authors, on=now.on),
        "form": form,
        "export_href": DESK.href("national-export", case) if elsewhere else "",
        "reasons": reasons,
        "has_errors": bool(reasons or form.errors),
        "sections": readable(paper, None) if approver else [],
        "back_href": DESK.href("tasks" if process.state == S.DRAFT else "read", case),
    }
    return render(request, "notifications/approve.html", context)


def can_name(case: Case, authors: Collection[int], *, on: date) -> list[str] | None:
    """Who can make somebody an approver, where only its authors are one; None where others are.

    Empty where nobody may approve, nor change that.
    """
    if approvers_of(case, but=authors, on=on):
        return None
    return [person.name for person in who_names_approvers(case, on=on)]


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
    return _approved(case, now, moved)


def _approved(case: Case, now: Moment, moved: dict[str, Any]) -> tuple[list[str], str]:
    """It is sent; where the national system is the channel, the approver records that it was."""
    paper = paper_of(case, on=now.on)
    if services.sent_elsewhere(paper):
        problems = services.problems_of(paper, on=now.on)
        return [problem.text for problem in problems], DESK.href("send", case)
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
