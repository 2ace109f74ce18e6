"""The whole story of one missed date, and where somebody says that it was seen."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from workflow.access.gate import only_for
from workflow.audit.models import Event
from workflow.board.acknowledging import ACT, TRAIL, acknowledge
from workflow.board.escalations import escalated, story_of, told_words
from workflow.board.figures import BESIDE
from workflow.board.listing import who
from workflow.board.models import BreachAcknowledgement
from workflow.deadlines.calendar import calendar
from workflow.deadlines.corrected import corrected
from workflow.deadlines.models import Deadline
from workflow.forms.watching import AcknowledgeForm
from workflow.law.words import counted
from workflow.machine.case import Case
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.people import roles
from workflow.people.person import Person
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.clocks import late_reasons, sentence_of, title_of
from workflow.views.dates import LATENESS
from workflow.views.frame import OVERVIEW, CaseFrame, case_frame
from workflow.views.trail import entries


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@only_for("view.breaches")
def breach(request: HttpRequest, token: str, duty: str, cycle: int) -> HttpResponseBase:
    """One missed date: how it was worked out, who was reminded, why it was late, who saw it."""
    on, at = moment()
    person, case = person_of(request), case_for(request, token, "view.clocks", on=on)
    rows = Deadline.objects.filter(case=case, duty=duty, cycle=cycle).late(on=on)
    row = rows.select_related("owed_by").annotate(escalations=escalated()).first()
    if row is None:
        raise Http404
    row.case = case
    frame = case_frame(case, person, on=on, active=OVERVIEW)
    may = frame.rights.may(ACT)
    form = AcknowledgeForm(request.POST if request.method == "POST" else None, on=on)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            try:
                acknowledge(row, by=person, on=on, at=at, reason=form.cleaned["reason"])
                return redirect(f"{request.path}#acknowledged")
            except CannotAdvance as refusal:
                form.add_error("reason", " ".join(refusal.reasons))
            except NotFound:
                raise Http404 from None
    seen = _seen(row)
    context = {
        "case": case,
        "frame": frame,
        "form": form if may else None,
        **_told(row, on=on),
        "reminders": story_of(row, person, at=at),
        "acknowledged": _acknowledged(seen, person, frame, on=on),
        # To whoever writes for the authority the case's own page shows the way.
        "may_take_out": frame.rights.may("redact.propose_panel")
        and any(one.organisation.kind == roles.PANEL for one in seen),
        "events": _events(case, row, person, frame, on=on),
        "as_at": at,
    }
    return render(request, "workflow/breach.html", context)


def _told(row: Any, *, on: date) -> dict[str, Any]:
    reasons = late_reasons() if row.late_reason else {}
    days = calendar()
    return {
        "row": row,
        "clock": title_of(row, numbered=row.cycle > 1),
        "sentence": sentence_of(row.rule, row.owed_by, start_on=row.start_on),
        "standing": row.missed(on=on, calendar=days),
        "corrected": corrected(row, row.case, calendar=days),
        "days_words": _days_words(row),
        "lateness": LATENESS[row.rule.lateness],
        "reason": reasons.get(row.late_reason, row.late_reason),
        "escalated": told_words(row.escalations),
        "explained": reverse("date-explained", args=[row.case.token, row.duty, row.cycle]),
        "beside": BESIDE.get(row.case.notification.state, ""),
    }


def _days_words(row: Deadline) -> str:
    receipt = row.worked_out
    limit = row.rule.limit(row.start_on).words
    words = limit[0].upper() + limit[1:]
    if receipt.skipped:
        days = counted(len(receipt.skipped), "day")
        words += f"; {days} on the way {'is' if len(receipt.skipped) == 1 else 'are'} not counted"
    return words


def _seen(row: Deadline) -> list[BreachAcknowledgement]:
    """Newest first."""
    found = BreachAcknowledgement.objects.filter(deadline=row).order_by("-pk")
    return list(found.select_related("case", "by", "organisation"))


def _acknowledged(
    seen: list[BreachAcknowledgement], reader: Person, frame: CaseFrame, *, on: date
) -> list[dict[str, Any]]:
    """The words only for those who read content, and where they were written."""
    own, reads = reader.organisation_ids(on), frame.rights.may("view.content")
    return [
        {
            "title": "Acknowledged",
            "by": who(
                {
                    "role": one.role,
                    "name": one.by.name,
                    "organisation": one.organisation.name,
                    "organisation_id": one.organisation_id,
                },
                reader,
                on=on,
            ),
            "at": one.at,
            "text": one.reason if reads or one.organisation_id in own else "",
        }
        for one in seen
    ]


def _events(
    case: Case, row: Deadline, reader: Person, frame: CaseFrame, *, on: date
) -> list[dict[str, Any]]:
    """The acts that moved this clock or looked at it, newest first."""
    found = Event.objects.filter(case=case).select_related("case", "actor", "organisation")
    mine = [event for event in found.order_by("-sequence") if _is_of(event, row)]
    return entries(mine, reader, on=on, with_reasons=frame.rights.may("view.content"))


def _is_of(event: Event, row: Deadline) -> bool:
    key = (row.duty, row.cycle)
    if event.act == TRAIL:
        return (event.payload["duty"], event.payload["cycle"]) == key
    return any((one["duty"], one["cycle"]) == key for one in event.payload.get("clocks", ()))
