"""Where a notification is filled in: who may write it, until when, and what a save leads to."""

from datetime import date

from django.http import Http404
from django.urls import reverse

from notifications import rules
from notifications.document import NOTIFICATION
from notifications.facts import CHILDREN
from notifications.receiving import note_receipt
from notifications.sections import Desk, Leaf, Lists, Paper, Saved
from notifications.services import keep_facts, paper_of
from workflow.access.policy import Rights
from workflow.machine.notification_states import NotificationState
from workflow.models import Case, Person
from workflow.views.access import refuse_when_gone

WRITABLE = (NotificationState.DRAFT, NotificationState.THRESHOLD_DECISION)
BEFORE_SENDING = (*WRITABLE, NotificationState.REFERRED, NotificationState.AWAITING_APPROVAL)


def writable_case(person: Person, token: str, on: date) -> Case:
    """The case, for someone who may write its notification; Http404 for anyone else.

    The secretariat writes what it enters for an authority that notified by telephone or email.
    """
    case = (
        Case.objects.visible_to(person, on)
        .select_related("notification", "authority")
        .filter(token=token)
        .taken_in_hand()
        .first()
    )
    if case is None:
        raise Http404
    case.notification.case = case
    rights = Rights(person, case, on)
    entering = rights.may("panel.acknowledge") and case.notification.state in BEFORE_SENDING
    if not (rights.may("write.notification") or entering):
        raise Http404
    refuse_when_gone(case)
    return case


def open_paper(person: Person, token: str, on: date) -> Paper:
    """The notification of a case, for someone who may write it."""
    return paper_of(writable_case(person, token, on), on=on, lists=Lists(on))


def closed(paper: Paper) -> str:
    """Where to go instead, once it can't be changed page by page any more."""
    process = paper.case.notification
    if process.state in WRITABLE:
        return ""
    where = {"token": paper.case.token}
    if process.state == NotificationState.REFERRED:
        return reverse("notifications:tasks", kwargs=where)
    if process.state == NotificationState.AWAITING_APPROVAL:
        return reverse("notifications:approve", kwargs=where)
    name = "notifications:read" if paper.case.notified_on else "case"
    return reverse(name, kwargs=where)


def saved(what: Saved) -> str:
    """The case's facts follow the answers; a new awareness date leads to the date due."""
    paper = what.paper
    before = (paper.case.aware_on, paper.case.suspected_on)
    theirs = what.leaf.section.slug == CHILDREN
    case = keep_facts(paper, by=what.by, on=what.on, at=what.at, of_children=theirs)
    if what.leaf.page.slug == "awareness" and (case.aware_on, case.suspected_on) != before:
        return reverse("notifications:due", kwargs={"token": case.token})
    if what.leaf.page.slug == "received":
        note_receipt(paper, by=what.by, on=what.on, at=what.at)
    if what.leaf.page.slug == "late":
        return reverse("notifications:send", kwargs={"token": case.token})
    return ""


def forbids(person: Person, paper: Paper, leaf: Leaf) -> str:
    """By when it was received it is judged: whoever received it alone says that."""
    received = leaf.page.slug == "received"
    if not received or Rights(person, paper.case, paper.on).may("panel.acknowledge"):
        return ""
    return (
        "Only the Panel’s secretariat says how and when it was received. What you changed is not "
        "saved: ask the secretariat to change it"
    )


DESK = Desk(
    namespace="notifications",
    document=NOTIFICATION,
    open=open_paper,
    closed=closed,
    saved=saved,
    forbids=forbids,
    refusals=lambda paper, leaf: rules.refusals_here(paper, leaf, on=paper.on),
)
