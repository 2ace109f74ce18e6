"""A notification as a program reads it: every answer, by page, as it would be sent."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from notifications.api.shapes import NOTIFIED
from notifications.sections import Leaf, Lists, Paper
from notifications.services import paper_of
from workflow.api.base import ApiView
from workflow.api.tags import tag_of
from workflow.forms.programs import told
from workflow.machine.token import grouped
from workflow.models import Case
from workflow.views.access import case_for, moment


class Notified(ApiView):
    """What a case's notification says, with names: as it now stands, corrections included."""

    scope = "notifications.read"
    told = NOTIFIED
    tagged = True

    def get(self, request: Request, token: str) -> Response:
        """The answers, and the tag with which they are corrected."""
        on, _ = moment()
        case = case_for(self.sent, token, "view.content", on=on)
        paper = paper_of(case, on=on, lists=Lists(on))
        return Response({**standing(case), **answers(paper)}, headers={"ETag": tag_of(case)})


def standing(case: Case) -> dict[str, Any]:
    """Where a notification stands, without what it says."""
    process = case.notification
    return {
        "case": grouped(case.token),
        "reference": case.reference or None,
        "state": process.state,
        "words": process.get_state_display(),
        "number": process.cycle,
        "sent_on": case.notified_on,
        "sent_at": case.notified_at,
        "recipients": [one.slug for one in case.route.recipients],
        "approval_outstanding": process.approval_outstanding,
        "proposed": process.proposal or None,
    }


def answers(paper: Paper) -> dict[str, Any]:
    """What it says: pages, and of each child and adult the pages about them, with its number."""
    pages: dict[str, Any] = {}
    found: dict[str, Any] = {"pages": pages}
    for section in paper.document.sections:
        if section.items is None:
            pages |= _pages(paper, paper.leaves(section))
            continue
        found[section.slug] = [
            {"item": item, **_pages(paper, paper.leaves(section, item))}
            for item in paper.items(section)
        ]
    return found


def _pages(paper: Paper, leaves: list[Leaf]) -> dict[str, Any]:
    return {leaf.page.slug: told(paper.form(leaf)) for leaf in leaves if paper.row(leaf)}
