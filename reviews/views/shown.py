"""What several pages of a review show: clocks, sign-offs, decisions, requests, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from reviews import codes
from reviews.models import PanelResponse, PartnersDecision, SentReview, SignOff
from reviews.services.reading import MISSING, Signature, clocks_of, decided_days
from workflow.deadlines.calendar import calendar
from workflow.machine.case import Case
from workflow.machine.rapid_review import RapidReview
from workflow.models import Event
from workflow.people.codes import labels
from workflow.views.clocks import deferral_of, sentence_of, shown_standing

LATENESS = {
    "service level": "A service level of the Panel. No law sets it, so it is never a breach.",
}


def clock_of(case: Case, duty: str, *, on: date) -> dict[str, Any] | None:
    """The newest clock of a duty as `clock_table` draws it, with what kind of lateness it is."""
    rows = clocks_of(case, duty)
    if not rows:
        return None
    row = rows[-1]
    return {
        "row": row,
        "title": row.rule.title,
        "sentence": sentence_of(row.rule, row.owed_by, start_on=row.start_on),
        "due_on": row.due_on,
        "standing": shown_standing(row, on=on, calendar=calendar()),
        "href": reverse("date-explained", args=[case.token, row.duty, row.cycle]),
        "note": LATENESS.get(row.rule.lateness, ""),
    }


def clocks(case: Case, *duties: str, on: date) -> list[dict[str, Any]]:
    """The newest clock of each of these duties that has one."""
    return [row for duty in duties if (row := clock_of(case, duty, on=on))]


def signature_rows(signed: Iterable[Signature]) -> list[dict[str, Any]]:
    """Each partner with every view it gave, the newest first."""
    return [
        {
            "partner": row.partner.label,
            "organisation": row.organisation.name,
            "organisation_id": row.organisation.pk,
            "stale": row.stale,
            "overtaken": row.overtaken,
            "views": [_view(view) for view in reversed(row.views)],
        }
        for row in signed
    ]


def _view(row: SignOff) -> dict[str, Any]:
    words = codes.View(row.view).label
    how = f"Received and written down by {row.by.name}" if row.received else ""
    return {
        "words": words,
        "dissents": row.view == codes.View.DISSENT,
        "who": ", ".join(filter(None, (row.name, row.position))),
        "on": row.signed_on,
        "how": how,
        "comment": row.comment,
    }


def marks_of(sent: SentReview, given: dict[int, SignOff]) -> list[dict[str, Any]]:
    """Each partner's view as it stood when this version was sent."""
    found = []
    for mark in sent.signed:
        row = given.get(mark.get("sign_off", 0))
        found.append(
            {
                "partner": codes.Partner(mark["partner"]).label,
                "organisation": mark["organisation"],
                "missing": mark["view"] == MISSING,
                "earlier": mark.get("earlier_version", False),
                "overtaken": mark.get("earlier_draft", False),
                "view": _view(row) if row else None,
            }
        )
    return found


def decision_rows(decided: Iterable[PartnersDecision]) -> list[dict[str, Any]]:
    """What the partners decided, the newest first, in words."""
    decided = list(decided)
    lcspr, instead = labels(codes.LCSPR), labels(codes.ALTERNATIVE)
    days = decided_days(decided)
    put_right = days.put_right if days else frozenset()
    rows = [
        {
            "words": lcspr.get(row.decision_code, row.get_decision_display()),
            "decision": row.decision,
            "instead": instead.get(row.alternative, "") if row.alternative else "",
            "decided_on": row.decided_on,
            "decide_by": row.decide_by,
            "reason": row.reason,
            "by": row.by.name,
            "at": row.at,
            "how": _how(row, day_put_right=row.number in put_right),
        }
        for row in decided
    ]
    return rows[::-1]


def _how(row: PartnersDecision, *, day_put_right: bool) -> str:
    if row.number == 1:
        return "First decision, sent with the rapid review"
    if day_put_right:
        return "The day they decided put right" + (" in a further version" if row.sent_id else "")
    kind = "Confirmed" if row.confirms else "Changed"
    after = " after the Panel’s response" if row.response_id else ""
    return f"{kind}{after}" if row.sent_id is None else f"{kind} in a further version"


def response_row(response: PanelResponse) -> dict[str, Any]:
    """The Panel's answer in words."""
    return {
        "words": labels(codes.OUTCOME).get(response.outcome, response.outcome),
        "text": response.text,
        "by": response.by.name,
        "on": response.on,
        "at": response.at,
        "differs": response.differs,
        "reply_by": response.reply_by,
    }


def request_of(review: RapidReview) -> dict[str, Any] | None:
    """What the Panel asked when it returned the review last, and by when; None when it did not."""
    found = Event.objects.filter(
        case=review.case, machine=review.MACHINE, number=review.number, act="return_for_information"
    )
    event = found.select_related("actor").order_by("-sequence").first()
    if event is None:
        return None
    event.case = review.case
    return {
        "text": event.reason,
        "by": event.actor.name if event.actor else "the service",
        "on": event.on,
        "reply_by": review.expected_on,
    }


def deferred(review: RapidReview | None) -> dict[str, Any] | None:
    """To which meeting the Panel deferred the review, and why; None when it did not."""
    event = deferral_of(review) if review is not None else None
    if event is None or review is None:
        return None
    by = event.actor.name if event.actor else "the service"
    return {"until": review.expected_on, "on": event.on, "by": by, "reason": event.reason}
