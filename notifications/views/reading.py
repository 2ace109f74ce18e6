"""Reading what was sent: without names, with names on asking, and on paper."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from notifications import duplicates
from notifications.amending import amendments_of
from notifications.models import IncidentChild, Notification
from notifications.receiving import received
from notifications.rules import items
from notifications.sections import Lists, Paper
from notifications.services import paper_of
from notifications.views.filling import clocks_of
from notifications.views.wording import READ_AS, answered, changes_of, coded_rows, nameless_rows
from workflow.access.giving import partners_of
from workflow.forms.words import within_a_sentence
from workflow.machine.notification_states import NotificationState
from workflow.models import Case, Event
from workflow.people import codes, roles
from workflow.retention.taken_out import taken_out
from workflow.services import record_act
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.frame import CHILDREN, NOTIFICATION, case_frame

S = NotificationState
READERS = tuple(role.slug for role in roles.ALL if role.reads_content)


@signed_in
@require_GET
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The notification as it stands, with what was corrected. Names are on the children's tab."""
    now = moment()
    case = case_for(request, token, "view.content", on=now.on)
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    frame = case_frame(case, person_of(request), on=now.on, active=NOTIFICATION)
    sent = latest(case)
    # Of a case that is at its next draft, what was sent before rests as it is.
    is_sent = of_this_cycle(sent, case) is not None
    context = {
        "case": case,
        "frame": frame,
        "sections": readable(paper, of_this_cycle(sent, case)),
        "amendments": [changes_of(paper, row) for row in amendments_of(paper)],
        "taken_out": taken_out(case, "notification"),
        "sent": sent,
        "entered": entered(sent, case, on=now.on),
        "may_amend": is_sent and frame.rights.may("write.notification"),
        "process": case.notification,
        "banner": _banner(request, case),
    }
    return render(request, "notifications/read.html", context)


def _banner(request: HttpRequest, case: Case) -> dict[str, str] | None:
    """What was just done, where the address says so and the case has it."""
    replied = request.GET.get("said") == "replied" and case.notification.state == S.ACKNOWLEDGED
    to = "Panel" if case.route.goes_to_panel else "Department for Education"
    return {"text": f"Your reply was sent to the {to}"} if replied else None


@signed_in
@require_GET
def printed(request: HttpRequest, token: str) -> HttpResponse:
    """The notification on paper: reference, mark, day n of 5, who was told, who printed it.

    It has no names. Of a case that is at its next draft, that draft: when it is due, and who will
    be told.
    """
    now = moment()
    case = case_for(request, token, "view.content", on=now.on)
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    sent = latest(case)
    context = {
        "case": case,
        "sections": readable(paper, of_this_cycle(sent, case)),
        "amendments": [changes_of(paper, row) for row in amendments_of(paper)],
        "taken_out": taken_out(case, "notification"),
        "sent": sent,
        "entered": entered(sent, case, on=now.on),
        "is_sent": of_this_cycle(sent, case) is not None,
        **told(case, of_this_cycle(sent, case), on=now.on),
        "printed_by": person_of(request),
        "printed_at": now.at,
    }
    return render(request, "notifications/print.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def children(request: HttpRequest, token: str) -> HttpResponse:
    """The children in codes; names only after asking for them, and each asking is recorded.

    The Panel's people see which other cases tell of one of them, of whatever authority.
    """
    now, person = moment(), person_of(request)
    case = case_for(request, token, "view.children", on=now.on)
    shown = request.method == "POST"
    if shown:
        case_for(request, token, "view.names", on=now.on)
        record_act(
            case, "names_viewed", by=person, on=now.on, at=now.at, allowed=READERS, reading=True
        )
    paper = paper_of(case, on=now.on, lists=Lists(now.on))
    context = {
        "case": case,
        "frame": case_frame(case, person, on=now.on, active=CHILDREN),
        "shown": shown,
        "cards": _cards(paper, latest(case), shown, now),
        "adults": _adults(paper) if shown else [],
        "count": len(items(paper)),
        "alike": duplicates.same_children(paper, by=person, on=now.on),
    }
    return render(request, "notifications/children.html", context)


def entered(sent: Notification | None, case: Case, *, on: date) -> dict[str, Any] | None:
    """From whom it was received and when it was written down; None for one sent through here."""
    if sent is None or not case.notification.received_by:
        return None
    paper = paper_of(case, on=on, cycle=sent.cycle)
    known = received(paper)
    if known is None:
        return None
    way = codes.label("received_way", known.way)
    submitted = Event.objects.filter(case=case, act="submit").order_by("-sequence")
    return {
        "way": within_a_sentence(way),
        "sender": paper.value("received", "sender"),
        "at": known.at,
        "told_on": known.told_on,
        "entered_at": submitted.values_list("recorded_at", flat=True)[0],
    }


def told(case: Case, sent: Notification | None, *, on: date) -> dict[str, Any]:
    """How the clocks of notifying were met and who was told; of a draft, how they run."""
    return {
        "clocks": clocks_of(case, on=on),
        "recipients": case.route.recipients,
        "partners": partners_of(case, on=sent.sent_on if sent else on),
    }


def latest(case: Case) -> Notification | None:
    """What was sent last; None before anything was."""
    found = Notification.objects.filter(case=case).select_related("sent_by")
    return found.order_by("-cycle").first()


def of_this_cycle(sent: Notification | None, case: Case) -> Notification | None:
    """What was sent last, where it is the notification that the case is at."""
    return sent if sent is not None and sent.cycle == case.notification.cycle else None


def readable(paper: Paper, sent: Notification | None) -> list[dict[str, Any]]:
    """The sections with their answers, leaving out what identifies somebody."""
    by_number = _by_number(sent)
    found = []
    for section in paper.document.sections:
        cards = [
            {
                "title": section.items.name(item) if section.items else "",
                "rows": [
                    row
                    for leaf in paper.leaves(section, item)
                    for row in nameless_rows(paper, leaf, by_number.get(item))
                ],
            }
            for item in (paper.items(section) if section.items else [""])
        ]
        if any(card["rows"] for card in cards):
            found.append({"title": READ_AS.get(section.slug, section.title), "cards": cards})
    return found


def _by_number(sent: Notification | None) -> dict[str, IncidentChild]:
    """The counted rows of the children, by the number of each in the notification."""
    return {str(row.ordinal): row for row in sent.about.all()} if sent else {}


def _cards(
    paper: Paper, sent: Notification | None, shown: bool, now: Moment
) -> list[dict[str, Any]]:
    section = paper.document.section("children")
    by_number = _by_number(sent)
    return [
        {
            "title": section.items.name(item) if section.items else "",
            "rows": coded_rows(paper, item, by_number.get(item)),
            "names": _identifying(paper, "children", item) if shown else [],
        }
        for item in paper.items(section)
    ]


def _adults(paper: Paper) -> list[dict[str, Any]]:
    section = paper.document.section("adults")
    return [
        {
            "title": section.items.name(item) if section.items else "",
            "names": _identifying(paper, "adults", item),
        }
        for item in paper.items(section)
    ]


def _identifying(paper: Paper, section: str, item: str) -> list[Any]:
    leaves = paper.leaves(paper.document.section(section), item)
    return [row for leaf in leaves if leaf.page.identifying for row in answered(paper, leaf)]
