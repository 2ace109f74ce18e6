"""What stands around every page of a case: its head, without names, and the parts one may open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from workflow.access.policy import Rights
from workflow.deadlines.calendar import calendar
from workflow.law.standing import standing
from workflow.machine.case import Case
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import ANSWERED, RapidReview
from workflow.machine.turn import Stand, machines_of, roles_waited_for, stand_of
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.rows import due_for, of_its_kind, reply_words, statuses_of

OVERVIEW = "Overview"
NOTIFICATION = "Notification"
CHILDREN = "Children"
RAPID_REVIEW = "Rapid review"
DECISION = "Decision"
DOCUMENTS = "Documents"
TIMELINE = "Timeline"

INTERNAL = "internal date of this service"


@dataclass(frozen=True)
class CaseFrame:
    """For the components `case_header` and `case_tabs`; `rights` are the reader's on this case."""

    header: dict[str, Any]
    tabs: list[dict[str, Any]]
    rights: Rights
    machines: list[Any]

    @property
    def heading(self) -> str:
        """The head's own words: the reference, or that it is a draft."""
        return str(self.header["reference"])


def case_frame(case: Case, person: Person, *, on: date, active: str) -> CaseFrame:
    """The head and the parts of a case for one reader; `active` is the part being read."""
    rights = Rights(person, case, on)
    machines = machines_of(case)
    return CaseFrame(
        _header(case, machines, on=on), _tabs(case, machines, rights, active), rights, machines
    )


def address(name: str, *args: object) -> str:
    """The address of a page, or "" while the service has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _header(case: Case, machines: list[Any], *, on: date) -> dict[str, Any]:
    stands = [stand_of(machine) for machine in machines]
    statuses = statuses_of(stands)
    names = [roles.by_slug(role).title for role in roles_waited_for(case, stands)]
    return {
        "reference": case.label,
        "area": case.authority.name,
        "kind": case.kind,
        "children": case.children_count or None,
        "statuses": statuses,
        "restricted": case.restricted,
        "waiting_for": ", ".join(names) or "Nobody",
        "next_due": _next_due(case, stands, on),
        "reply": reply_words(case, stands),
    }


def _next_due(case: Case, stands: list[Stand], on: date) -> dict[str, Any] | None:
    if case.next_due_on is None:
        return None
    return {
        "title": due_for(case, stands) or INTERNAL,
        "due_on": case.next_due_on,
        "standing": of_its_kind(
            standing(case.next_due_on, met_on=None, on=on, calendar=calendar()), case.next_due
        ),
    }


def _tabs(case: Case, machines: list[Any], rights: Rights, active: str) -> list[dict[str, Any]]:
    names = [
        (OVERVIEW, "case", rights.may("view.case")),
        (NOTIFICATION, *_notification(case, rights)),
        (CHILDREN, "notifications:children", rights.may("view.children")),
        (RAPID_REVIEW, *_rapid_review(machines, rights)),
        (DECISION, "reviews:decision", _has_decision(machines) and rights.may("view.content")),
        (DOCUMENTS, "notifications:documents", rights.may("view.documents")),
        (TIMELINE, "timeline", rights.may("view.timeline")),
    ]
    found = [(text, address(name, case.token)) for text, name, allowed in names if allowed]
    return [{"text": text, "href": href, "active": text == active} for text, href in found if href]


def _notification(case: Case, rights: Rights) -> tuple[str, bool]:
    if case.notified_on is None and rights.may("write.notification"):
        return "notifications:tasks", True
    if rights.may("view.content"):
        return "notifications:read", True
    return "notifications:coded", rights.may("view.coded")


def _rapid_review(machines: list[Any], rights: Rights) -> tuple[str, bool]:
    reviews = [machine for machine in machines if isinstance(machine, RapidReview)]
    if any(review.sent_on for review in reviews):
        return "reviews:read", rights.may("view.content")
    return "reviews:tasks", bool(reviews) and rights.may("write.rapid_review")


def _has_decision(machines: list[Any]) -> bool:
    return any(
        isinstance(machine, PracticeReview)
        or (isinstance(machine, RapidReview) and machine.state in ANSWERED)
        for machine in machines
    )
