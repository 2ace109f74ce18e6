"""Between the check and the confirmation: what is asked only when it applies, then sending."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from notifications import duplicates, receiving, services
from notifications.forms.acts import (
    AbsentForm,
    AcceptedForm,
    AcceptedUnapprovedForm,
    DifferentForm,
)
from notifications.models import Notification
from notifications.programs import FINISHED
from notifications.recipients import names_of
from notifications.sections import PageForm, Paper
from notifications.services import NATIONAL, LateReasonMissing, NotReady, Sending, sent_elsewhere
from notifications.views.approving import can_name
from notifications.views.desk import DESK, open_paper
from notifications.views.filling import after_duplicates, clocks_now
from notifications.views.reading import entered, told
from workflow.access.giving import partners_of
from workflow.access.policy import may
from workflow.machine.approval import may_approve, needs_approval
from workflow.machine.notification_states import TELLING, NotificationState
from workflow.models import Case, Person
from workflow.services import AlreadyDone, CannotAdvance, NotFound, record_act
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked


@signed_in
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, token: str) -> HttpResponse:
    """The authority's own cases that look like this one; "this is different" needs a reason."""
    now, person = moment(), person_of(request)
    paper = open_paper(person, token, now.on)
    if elsewhere := DESK.closed(paper):
        return redirect(elsewhere)
    form = asked(request, DifferentForm, on=now.on)
    if request.method == "POST" and form.is_valid():
        record_act(
            paper.case,
            duplicates.ACT,
            by=person,
            on=now.on,
            at=now.at,
            allowed=("la_notifier", "la_approver", "panel_secretariat"),
            reason=form.cleaned["reason"],
            payload={"cycle": paper.case.notification.cycle},
        )
        return redirect(DESK.href(after_duplicates(paper, now), paper.case))
    alike = duplicates.looks_like(paper, by=person, on=now.on)
    if not alike:
        return redirect(DESK.href(after_duplicates(paper, now), paper.case))
    back = DESK.href("check", paper.case)
    context = {"case": paper.case, "form": form, "alike": alike, "back_href": back}
    return render(request, "notifications/duplicate.html", context)


@signed_in
@require_GET
def pause(request: HttpRequest, token: str) -> HttpResponse:
    """A moment's thought: it will be late, or no abuse or neglect is suspected."""
    now = moment()
    paper = open_paper(person_of(request), token, now.on)
    if elsewhere := DESK.closed(paper):
        return redirect(elsewhere)
    late = receiving.late_duties(paper, on=now.on)
    clocks = clocks_now(paper, now)
    received = paper.leaf("received")
    may_say = not DESK.forbids(person_of(request), paper, received)
    context = {
        "case": paper.case,
        "late": bool(late),
        # It was received in time, and this service tells the partners too late.
        "only_telling": late == {TELLING} and receiving.received(paper) is not None,
        "due_on": next((one["due_on"] for one in clocks if one["row"].duty in late), None),
        "received_href": DESK.leaf_href(paper.case, received) if may_say else "",
        "nothing_suspected": paper.case.abuse == "neither",
        "back_href": DESK.href("check", paper.case),
        "next_href": _send_href(paper, bool(late)),
    }
    return render(request, "notifications/pause.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, token: str) -> HttpResponse:
    """The declaration, the recipients by name, and the button that sends.

    A POST asks for nothing before it locks the case: sending is a handful of statements.
    """
    now = moment()
    form: Any = None
    reasons: list[str] = []
    if request.method == "POST":
        form = _asked(request, now)
        if form is None or form.is_valid():
            reasons = _attempt(request, token, now, form)
            if not reasons:
                return redirect("notifications:sent", token=token)
    paper = open_paper(person_of(request), token, now.on)
    approving = _approving(paper, person_of(request), now)
    if not approving and (elsewhere := DESK.closed(paper)):
        if not reasons and request.method != "POST":
            return redirect(elsewhere)
        return _refused(request, paper.case, reasons)
    day = receiving.counts_on(paper, on=now.on)
    if not approving and services.problems_of(paper, on=day):
        return redirect(DESK.href("check", paper.case))
    # In the national system it may have been accepted in time: only its date can tell.
    late = not sent_elsewhere(paper) and receiving.late_duties(paper, on=now.on)
    if late and not _explained(paper):
        return redirect(DESK.href("page", paper.case, page="late"))
    return _send_page(request, paper, now, form, reasons)


@signed_in
@require_GET
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The reference, the moment, day n of 5, who was told, and what happens next."""
    now = moment()
    case = case_for(request, token, "view.content", on=now.on)
    row = (
        Notification.objects.filter(case=case).select_related("sent_by").order_by("-cycle").first()
    )
    if row is None:
        raise Http404
    review = case.deadlines.filter(duty="rapid-review", cycle=row.cycle).first()
    context = {
        "case": case,
        "sent": row,
        "entered": entered(row, case, on=now.on),
        **told(case, row, on=now.on),
        "untold": case.deadlines.open().filter(duty="tell-the-partners").exists(),
        "review": review,
        "outstanding": case.notification.approval_outstanding,
        "process": case.notification,
        "writes": may(person_of(request), "write.notification", case, now.on),
    }
    return render(request, "notifications/sent.html", context)


@signed_in
@require_GET
def national_export(request: HttpRequest, token: str) -> HttpResponse:
    """The notification as text, to copy into the national system."""
    now = moment()
    paper = open_paper(person_of(request), token, now.on)
    lines = [
        (
            leaf.item_name,
            leaf.page.title,
            # Whether a page was finished is no answer of the notification.
            [row for row in paper.form(leaf).asked_rows() if row.name != FINISHED],
        )
        for leaf in paper.all_leaves()
    ]
    context = {"case": paper.case, "lines": lines, "back_href": DESK.href("send", paper.case)}
    return render(request, "notifications/national_export.html", context)


def _attempt(request: HttpRequest, token: str, now: Moment, form: Any) -> list[str]:
    """Sends, or says why not."""
    try:
        how = _how(request, token, now, form)
        services.send(token, by=person_of(request), today=now.on, how=how)
    except NotFound:
        raise Http404 from None
    except NotReady as refusal:
        return [problem.text for problem in refusal.problems]
    except LateReasonMissing:
        # A clock that sending made run again runs from now on, so that the page asks why.
        paper = open_paper(person_of(request), token, now.on)
        services.keep_facts(paper, by=person_of(request), on=now.on, at=now.at, of_children=False)
        return ["It is after the date due. Give the reason it is late first."]
    except CannotAdvance as refusal:
        return refusal.reasons
    except AlreadyDone as refusal:
        return [str(refusal)]
    return []


def _how(request: HttpRequest, token: str, now: Moment, form: Any) -> Sending:
    if isinstance(form, AcceptedForm):
        said = form.cleaned
        return Sending(
            said["accepted_on"],
            form.instant("accepted_on", "accepted_time") or now.at,
            channel_reference=said["reference"],
            approval_outstanding="absent" in said,
            reason=said.get("absent", ""),
        )
    if isinstance(form, AbsentForm):
        words = form.cleaned["absent"]
        return Sending(now.on, now.at, approval_outstanding=True, reason=words)
    if request.POST.get("then") == "received":
        received = receiving.received(open_paper(person_of(request), token, now.on))
        if received is None:
            raise CannotAdvance("Say how and when it was received.")
        return Sending(received.on, received.at, received_by=received.way)
    return Sending(now.on, now.at)


def _asked(request: HttpRequest, now: Moment) -> Any:
    """What is asked on the send page besides its button; None for nothing."""
    then = request.POST.get("then", "")
    if then == "received":
        return None
    kind = _kind(national=settings.STATUTORY_CHANNEL == NATIONAL, absent=then == "absent")
    return kind(request.POST, on=now.on) if kind else None


def _kind(*, national: bool, absent: bool) -> type[PageForm] | None:
    """First what the national system says, where it is the channel; then why it is unapproved."""
    if national:
        return AcceptedUnapprovedForm if absent else AcceptedForm
    return AbsentForm if absent else None


def _send_page(
    request: HttpRequest, paper: Paper, now: Moment, form: Any, reasons: list[str]
) -> HttpResponse:
    case, person, national = paper.case, person_of(request), sent_elsewhere(paper)
    received = receiving.received(paper)
    second = received is None and needs_approval(case, person, on=now.on)
    approving = _approving(paper, person, now)
    authors = {*case.notification.authors, person.pk}
    kind = _kind(national=national, absent=second)
    if kind and type(form) is not kind:
        form = asked(request, kind, on=now.on)
    context = {
        "case": case,
        "recipients": case.route.recipients,
        "partners": partners_of(case, on=now.on),
        "names": names_of(case),
        "national": national,
        "late_unexplained": national
        and services.is_late(case, on=now.on)
        and not _explained(paper),
        "late_href": DESK.href("page", case, page="late"),
        "needs_approval": second,
        "can_name": can_name(case, authors, on=now.on) if second else None,
        "approving": approving,
        "received": received,
        "form": form,
        "reasons": reasons,
        "has_errors": bool(reasons),
        "clocks": clocks_now(paper, now),
        "back_href": DESK.href("approve" if approving else "check", case),
        "export_href": DESK.href("national-export", case),
        "approve_href": DESK.href("approve", case),
    }
    return render(request, "notifications/send.html", context)


def _refused(request: HttpRequest, case: Case, reasons: list[str]) -> HttpResponse:
    sent_now = Notification.objects.filter(case=case, cycle=case.notification.cycle)
    if sent_now.filter(sent_by=person_of(request)).exists():
        # Their line was cut before they were told: sending again says what was sent.
        return redirect("notifications:sent", token=case.token)
    context = {"case": case, "reasons": reasons, "has_errors": True}
    return render(request, "notifications/refused.html", context, status=409)


def _approving(paper: Paper, person: Person, now: Moment) -> bool:
    """Whether the page stays open to an approver, who approves by recording what was accepted."""
    waits = paper.case.notification.state == NotificationState.AWAITING_APPROVAL
    return waits and sent_elsewhere(paper) and may_approve(paper.case, person, on=now.on)


def _explained(paper: Paper) -> bool:
    return bool(services.late_reason(paper)[0])


def _send_href(paper: Paper, late: bool) -> str:
    if late and not _explained(paper) and not sent_elsewhere(paper):
        return DESK.href("page", paper.case, page="late")
    return DESK.href("send", paper.case)
