"""Service status for administrators: in words what is wrong and what waits."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflow.access import context
from workflow.access.gate import only_for
from workflow.delivery_log import words
from workflow.delivery_log.reach import Names, Reach
from workflow.health.reading import kept
from workflow.health.unsent import close, dead_letters, rungs_with_nobody, try_again
from workflow.health.words import said
from workflow.machine.refusals import CannotAdvance
from workflow.outbox.models import Outbox
from workflow.views.access import moment, person_of, signed_in

MOST = 25
Act = Callable[..., Any]
# What stands in the place of whatever would say more than that a restricted case is there.
ABOUT_RESTRICTED, TO_THE_NAMED = "A restricted case", "Whoever is named to it"
# What the page says after an act; which one it was stands in the address.
DONE = {
    "again": ("The message will be tried again within a minute.", True),
    "closed": ("The message is closed. It will not be sent.", True),
    "too-late": ("Somebody has dealt with this message already.", False),
}


@require_safe
@signed_in
@only_for("look_after.service")
def status(request: HttpRequest) -> HttpResponseBase:
    """How every part of the service is, what waits, and what waits for a person."""
    on = moment().on
    reading = kept.newest(within=1)
    parts = [(sign, said(sign, at=reading.at)) for sign in reading.signs]
    reach = Reach(person_of(request), on)
    # Of a restricted case nobody who looks after the service sees a row, and somebody has to.
    with context.serving(context.HEALTH):
        dead, nobody = _dead(reach), _nobody()
    found = {
        "parts": parts,
        "wrong": [words_ for sign, words_ in parts if not sign.well],
        "dead": dead,
        "nobody": nobody,
        "most": MOST,
        "banner": _banner(request),
        "as_at": reading.at,
    }
    return render(request, "workflow/status.html", found)


@require_POST
@signed_in
@only_for("look_after.service")
def send_again(request: HttpRequest, key: int) -> HttpResponseBase:
    """A message that was given up waits to be sent once more."""
    return _done(request, try_again, key, "again")


@require_POST
@signed_in
@only_for("look_after.service")
def close_message(request: HttpRequest, key: int) -> HttpResponseBase:
    """A message that was given up is dealt with, and no longer waits for anybody."""
    return _done(request, close, key, "closed")


def _done(request: HttpRequest, act: Act, key: int, done: str) -> HttpResponseBase:
    try:
        act(key, by=person_of(request), at=moment().at)
    except CannotAdvance:
        done = "too-late"
    kept.forget()
    return redirect(f"{reverse('status')}?done={done}")


def _banner(request: HttpRequest) -> dict[str, Any] | None:
    if (found := DONE.get(request.GET.get("done", ""))) is None:
        return None
    return {"text": found[0], "success": found[1]}


def _dead(reach: Reach) -> list[dict[str, Any]]:
    found = dead_letters().select_related("case", "person", "organisation")
    rows = list(found.prefetch_related("reminders__deadline__case").order_by("-dead_at")[:MOST])
    names = Names(reach, [row.person_id for row in rows])
    return [
        {
            "row": row,
            "about": ABOUT_RESTRICTED if _is_restricted(row) else _about(row),
            "case": row.case,
            "to": TO_THE_NAMED if _is_restricted(row) else names.to(row),
            "more": words.story_of_message(row)[2],
            "href": "" if _is_restricted(row) else _why(row),
        }
        for row in rows
    ]


def _is_restricted(row: Outbox) -> bool:
    return row.case is not None and row.case.restricted


def _about(row: Any) -> str:
    if row.kind == "digest":
        return "The digest of a day"
    carried = _carried(row)
    if not carried:
        return words.about(row)
    deadline = carried[0].deadline
    return f"{deadline.rule.title}: {words.step(deadline.duty, carried[0].rung).lower()}"


def _why(row: Any) -> str:
    carried = _carried(row)
    if carried:
        return reverse("why-reminder", args=[carried[0].pk])
    return reverse("why-message", args=[row.pk])


def _carried(row: Any) -> list[Any]:
    return [one for one in row.reminders.all() if not one.deadline.case.restricted]


def _nobody() -> list[dict[str, Any]]:
    rows = rungs_with_nobody().select_related("deadline__case", "deadline__owed_by")
    return [
        {
            "case": (case := row.deadline.case),
            "about": row.deadline.rule.title,
            "step": words.step(row.deadline.duty, row.rung),
            "owed_by": ABOUT_RESTRICTED if case.restricted else row.deadline.owed_by.name,
            "href": "" if case.restricted else reverse("case", args=[case.token]),
            "at": row.planned_at,
        }
        for row in rows.order_by("-planned_at")[:MOST]
    ]
