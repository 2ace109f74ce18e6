"""The delivery log: what was planned, sent, withheld or given up."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflow.access.gate import only_for
from workflow.delivery_log import words
from workflow.delivery_log.pages import OTHERS, PARTS, PLANNED, STATES, TO_NOBODY, Asked, page
from workflow.delivery_log.reach import Names, Reach
from workflow.law import duties
from workflow.outbox.models import Outbox
from workflow.reminders.models import PlannedRung, Reminder
from workflow.views.access import moment, person_of, signed_in
from workflow.views.queue import areas

Words = dict[str, Any]


@require_safe
@signed_in
@only_for("view.messages")
def messages(request: HttpRequest) -> HttpResponseBase:
    """One page of the part of the log that the address asks for."""
    on, at = moment()
    asked = Asked.from_address(request.GET.dict())
    position = {name: request.GET[name] for name in ("before", "after") if request.GET.get(name)}
    reach = Reach(person_of(request), on)
    found = page(reach, asked, position)
    if position and not found.rows:
        return redirect(link(asked))
    context = {
        "asked": asked,
        "parts": [
            {"text": text, "href": f"{reverse('messages')}?part={part}",
             "active": part == asked.part}
            for part, text in PARTS.items()
        ],
        "rows": _rows(reach, asked, found.rows),
        "areas": areas(on=on) if reach.everywhere else [],
        "duties": [(duty.address, duty.title) for duty in duties.ALL],
        "states": [(slug, text) for slug, (text, _) in STATES.items()],
        "reset_href": link(Asked(part=asked.part)) if asked.narrowed else "",
        "next_href": link(asked, after=found.after) if found.after else "",
        "previous_href": link(asked, before=found.before) if found.before else "",
        "is_planned": asked.part == PLANNED,
        "is_to_nobody": asked.part == TO_NOBODY,
        "is_of_others": asked.part == OTHERS,
        "everywhere": reach.everywhere,
        "as_at": at,
    }  # fmt: skip
    return render(request, "workflow/messages.html", context)


def link(asked: Asked, **position: str) -> str:
    """The address of the log with what it asks for."""
    return f"{reverse('messages')}?{urlencode({**asked.as_address(), **position})}"


def _rows(reach: Reach, asked: Asked, found: list[Any]) -> list[Words]:
    if asked.part == PLANNED:
        return [_planned(row) for row in found]
    if asked.part == TO_NOBODY:
        return [_to_nobody(row) for row in found]
    names = Names(reach, [row.person_id for row in found])
    make = _other if asked.part == OTHERS else _reminder
    return [make(row, names) for row in found]


def _planned(row: PlannedRung) -> Words:
    meant_for = words.audience(row.deadline.duty, row.rung)
    return {**_step(row), "to": f"{meant_for}. Owed by {row.deadline.owed_by.name}."}


def _to_nobody(row: PlannedRung) -> Words:
    tag, colour, more = words.story_of_nobody(row)
    return {**_step(row), "tag": tag, "colour": colour, "more": more}


def _step(row: PlannedRung) -> Words:
    deadline = row.deadline
    return {
        "when": row.planned_at,
        "case": deadline.case,
        "about": deadline.rule.title,
        "step": words.step(deadline.duty, row.rung),
        "explained": reverse(
            "date-explained", args=[deadline.case.token, deadline.duty, deadline.cycle]
        ),
        "due_on": deadline.due_on,
    }


def _reminder(row: Reminder, names: Names) -> Words:
    deadline = row.deadline
    tag, colour, more = words.story_of_reminder(row)
    return {
        "when": row.recorded_at,
        "case": deadline.case,
        "about": deadline.rule.title,
        "step": words.step(deadline.duty, row.rung),
        "to": names.of(row.person, row.recorded_at),
        "tag": tag,
        "colour": colour,
        "more": more,
        "href": reverse("why-reminder", args=[row.pk]),
    }


def _other(row: Outbox, names: Names) -> Words:
    tag, colour, more = words.story_of_message(row)
    return {
        "when": row.created_at,
        "case": row.case,
        "about": words.about(row),
        "step": "",
        "to": names.to(row),
        "tag": tag,
        "colour": colour,
        "more": more,
        "href": reverse("why-message", args=[row.pk]),
    }
