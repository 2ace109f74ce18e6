"""Why was this sent? One page for each reminder and each message."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.delivery_log import words
from workflow.delivery_log.pages import OTHERS, Asked
from workflow.delivery_log.reach import Names, Reach
from workflow.forms.times import london_words
from workflow.law.words import counted, long_date
from workflow.outbox.mail import logged_as
from workflow.outbox.models import Outbox
from workflow.reminders.models import Reminder
from workflow.views.access import moment, person_of, signed_in
from workflow.views.messages import link

Rows = list[dict[str, Any]]


@require_safe
@signed_in
@only_for("view.messages")
def why_reminder(request: HttpRequest, key: int) -> HttpResponseBase:
    """Why somebody was reminded: the duty, its date, the step, and what became of it."""
    now = moment()
    reach = Reach(person_of(request), now.on)
    row = reach.reminders().filter(pk=key).select_related(
        "deadline__case", "deadline__owed_by", "message", "person"
    ).first()  # fmt: skip
    if row is None:
        raise Http404
    deadline, names = row.deadline, Names(reach, [row.person_id])
    explained = reverse("date-explained", args=[deadline.case.token, deadline.duty, deadline.cycle])
    step = words.step(deadline.duty, row.rung)
    context = {
        "case": deadline.case,
        "lead": f"{deadline.rule.title}: {step[:1].lower()}{step[1:]}.",
        "rows": [
            {"key": "Owed by", "text": deadline.owed_by.name},
            {"key": "Step", "text": step},
            {"key": "Meant for", "text": words.audience(deadline.duty, row.rung)},
            {"key": "Recorded for", "text": names.of(row.person, row.recorded_at)},
            {"key": "Planned for", "text": london_words(row.planned_at)},
            {"key": "Recorded", "text": london_words(row.recorded_at)},
        ],
        "due_on": deadline.due_on,
        "explained": explained,
        "since": _since(row),
        **_fate(words.story_of_reminder(row), None if row.withheld else row.message),
        "list_href": link(Asked()),
        "list_text": "Reminders",
    }
    return render(request, "workflow/why.html", context)


@require_safe
@signed_in
@only_for("view.messages")
def why_message(request: HttpRequest, key: int) -> HttpResponseBase:
    """Why a message was sent: what happened, to whom, and what became of it."""
    now = moment()
    reach = Reach(person_of(request), now.on)
    row = reach.messages().filter(pk=key).first()
    if row is None:
        raise Http404
    names = Names(reach, [row.person_id])
    context = {
        "case": row.case,
        "lead": words.about(row),
        "rows": [
            {"key": "To", "text": names.to(row)},
            {"key": "Written", "text": london_words(row.created_at)},
        ],
        "due_on": None,
        "explained": "",
        "since": "",
        **_fate(words.story_of_message(row), row),
        "list_href": link(Asked(part=OTHERS)),
        "list_text": "Other messages",
    }
    return render(request, "workflow/why.html", context)


def _since(row: Reminder) -> str:
    """What has happened to the date since the reminder was recorded."""
    deadline = row.deadline
    if row.revision != deadline.revision:
        return "The date has moved since: this was about the date before."
    if deadline.met_on is not None:
        return f"What was asked for was done on {long_date(deadline.met_on)}."
    if deadline.cancelled_on is not None:
        return f"The duty ended on {long_date(deadline.cancelled_on)}."
    return ""


def _fate(story: tuple[str, str, str], message: Outbox | None) -> dict[str, Any]:
    tag, colour, more = story
    rows: Rows = []
    if message is not None:
        fault = words.fault(message)
        rows = [
            {"key": "Attempts", "text": counted(message.attempts, "attempt")},
            {
                "key": "Last fault",
                "text": f"{fault[:1].upper()}{fault[1:]}" if fault else "No fault",
            },
            *_moments(message),
        ]
    acts = list(message.acts.select_related("by")) if message is not None else []
    return {
        "tag": tag,
        "colour": colour,
        "more": more,
        "fate": rows,
        "acts": [
            f"{act.get_what_display()} by {act.by.name}, {london_words(act.at)}, after "
            f"{counted(act.attempts, 'attempt')}"
            for act in acts
        ],
        "named": logged_as(message) if message is not None else "",
    }


def _moments(message: Outbox) -> Rows:
    named = (
        ("Sent", message.sent_at),
        ("Delivered", message.delivered_at),
        ("Came back", message.bounced_at),
        ("Given up", message.dead_at),
        ("Cancelled", message.cancelled_at),
    )
    found: Rows = [{"key": key, "text": london_words(at)} for key, at in named if at]
    return found or [{"key": "Next attempt", "text": london_words(message.next_attempt_at)}]
