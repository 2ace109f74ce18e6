"""Transfer to another authority: proposed, agreed where it was sent, accepted or declined."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications.forms.transferring import (
    YES,
    AgreementForm,
    AnswerForm,
    TakeBackForm,
    TransferForm,
    places,
)
from notifications.sections import PageForm
from notifications.transferring import accept
from notifications.views.acts import tried
from workflow import services
from workflow.access.policy import Rights
from workflow.forms import NOT_KNOWN
from workflow.machine.case import Place
from workflow.machine.case_transfer import CaseTransfer, TransferState, open_transfer
from workflow.machine.transfers import cannot_transfer
from workflow.models import Case
from workflow.people.organisations import Organisation
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.clocks import clock_rows
from workflow.views.keeping import asked

WRITE, ANSWER, AGREE = "write.notification", "transfer.answer", "transfer.agree"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def transfer(request: HttpRequest, token: str) -> HttpResponse:
    """What this person may do about a transfer now: each side has a page of its own."""
    now = moment()
    case = case_for(request, token, "view.case", on=now.on)
    rights, waiting = Rights(person_of(request), case, now.on), open_transfer(case)
    if waiting and waiting.state == TransferState.OFFERED and rights.may(ANSWER):
        return _answer(request, case, waiting, now)
    if waiting and waiting.state == TransferState.AGREEMENT and rights.may(AGREE):
        return _agree(request, case, waiting, now)
    if not rights.may(WRITE):
        raise Http404
    if waiting:
        return _waits(request, case, waiting, now)
    return _propose(request, case, now)


def _propose(request: HttpRequest, case: Case, now: Moment) -> HttpResponse:
    form = asked(request, TransferForm, on=now.on)
    form.fields["authority"].choices = places(  # type: ignore[attr-defined]
        without=case.authority_id, on=now.on
    )
    reasons = cannot_transfer(case)
    confirmed = request.POST.get("confirmed", "")
    if request.method == "POST" and form.is_valid() and confirmed != "no" and not reasons:
        receiver = Organisation.objects.get(dfe_code=form.cleaned["authority"])
        if confirmed != "yes":
            return _pause(request, case, form, receiver, now)
        reasons = tried(
            lambda: services.propose_transfer(
                case,
                receiver,
                by=person_of(request),
                on=now.on,
                at=now.at,
                reason=form.cleaned["reason"],
            )
        )
        if not reasons:
            return redirect("notifications:transfer", token=case.token)
    return _shown(request, case, None, form, now, reasons=reasons, side="giver")


def _pause(
    request: HttpRequest, case: Case, form: PageForm, receiver: Organisation, now: Moment
) -> HttpResponse:
    # What was typed travels in the page, and goes back into the form whichever way is chosen.
    typed = {name: texts[-1] for name, texts in form.typed().items() if texts}
    context = {
        "case": case,
        "receiver": receiver,
        "hidden": {**typed, "confirmed": "yes"},
        "back_hidden": {**typed, "confirmed": "no"},
        "clocks": [row for row in clock_rows(case, on=now.on) if row["is_open"]],
    }
    return render(request, "notifications/transfer_pause.html", context)


def _waits(request: HttpRequest, case: Case, waiting: CaseTransfer, now: Moment) -> HttpResponse:
    form = asked(request, TakeBackForm, on=now.on)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"by": person_of(request), "on": now.on, "at": now.at}
        why = form.cleaned["reason"]
        reasons = tried(lambda: services.take_back_transfer(case, reason=why, **said))
        if not reasons:
            return redirect("case", token=case.token)
    return _shown(request, case, waiting, form, now, reasons=reasons, side="waits")


def _agree(request: HttpRequest, case: Case, waiting: CaseTransfer, now: Moment) -> HttpResponse:
    form = asked(request, AgreementForm, on=now.on)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        found = form.cleaned
        said: dict[str, Any] = {"by": person_of(request), "on": now.on, "at": now.at}
        said |= {"agrees": found["answer"] == YES, "reason": found["reason"] or ""}
        reasons = tried(lambda: services.answer_for_the_secretariat(case, **said))
        if not reasons:
            return redirect("case", token=case.token)
    return _shown(request, case, waiting, form, now, reasons=reasons, side="secretariat")


def _answer(request: HttpRequest, case: Case, waiting: CaseTransfer, now: Moment) -> HttpResponse:
    form = asked(request, AnswerForm, on=now.on)
    if case.notified_on:
        # What was sent keeps its dates: nothing runs anew from another authority's awareness.
        del form.fields["aware_on"]
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        takes = form.cleaned["answer"] == YES
        reasons = tried(lambda: _answered(request, case, form, now))
        if not reasons and takes and not case.notified_on:
            return redirect("notifications:due", token=case.token)
        if not reasons:
            return redirect(*(["case", case.token] if takes else ["home"]))
    return _shown(request, case, waiting, form, now, reasons=reasons, side="receiver")


def _answered(request: HttpRequest, case: Case, form: PageForm, now: Moment) -> None:
    found = form.cleaned
    said: dict[str, Any] = {"by": person_of(request), "on": now.on, "at": now.at}
    if found["answer"] != YES:
        services.decline_transfer(case, reason=found["reason"], **said)
        return
    said |= {"aware_on": found.get("aware_on"), "giver_reads_until": found["reads_until"]}
    accept(case.token, **said)


def _shown(
    request: HttpRequest,
    case: Case,
    waiting: CaseTransfer | None,
    form: PageForm,
    now: Moment,
    *,
    reasons: list[str],
    side: str,
) -> HttpResponse:
    context = {
        "case": case,
        "transfer": waiting,
        "form": form,
        "reasons": reasons,
        "has_errors": bool(reasons and request.method == "POST") or bool(form.errors),
        "side": side,
        "facts": _facts(case),
        "clocks": [row for row in clock_rows(case, on=now.on) if row["is_open"]],
    }
    return render(request, "notifications/transfer.html", context)


def _facts(case: Case) -> list[tuple[str, str]]:
    """What the case is about in codes and dates: never a name, never a story."""
    looked_after = {True: "Yes", False: "No"}.get(case.looked_after, str(NOT_KNOWN))  # type: ignore[arg-type]
    where = {**dict(Place.choices), Place.IN_AREA: f"In the area of {case.authority.name}"}
    children = str(case.children_count) if case.children_count else str(NOT_KNOWN)
    return [
        ("Kind of incident", case.kind),
        ("Abuse or neglect", case.get_abuse_display() or str(NOT_KNOWN)),
        ("Where it happened", where.get(case.place, str(NOT_KNOWN))),
        ("Looked-after child", looked_after),
        ("Children", children),
        ("Stands at", case.notification.get_state_display()),
    ]
