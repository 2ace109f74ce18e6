"""Two people changed one page: both versions side by side, and neither is lost."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from notifications.sections.desk import Desk
from notifications.sections.paper import Leaf, Paper
from workflow.forms.times import when
from workflow.models import Answers
from workflow.views.access import Moment

CONFLICT = 409


class Difference(NamedTuple):
    """One question with both answers."""

    label: str
    theirs: str
    mine: str
    same: bool


def compared(
    request: HttpRequest,
    desk: Desk,
    paper: Paper,
    leaf: Leaf,
    now: Moment,
    *,
    theirs: Answers,
    typed: Mapping[str, list[str]],
) -> HttpResponse:
    """The compare page: keep theirs, keep mine, or go on editing mine with theirs in sight.

    What I typed travels in the page.
    """
    prefetch_related_objects([theirs], "edited_by")
    removed = theirs.removed_at is not None
    context = {
        "leaf": leaf,
        "caption": leaf.item_name or leaf.section.title,
        "who": theirs.edited_by.name if theirs.edited_by else "the service",
        "when": when(theirs.edited_at, on=now.on),
        "removed": removed,
        "differences": differences(paper, leaf, dict(theirs.answers), dict(typed)),
        "typed": [(name, text) for name, texts in typed.items() for text in texts],
        "hidden": {"version": theirs.version},
        "page_href": desk.items_href(paper.case, leaf.section) if removed else request.path,
    }
    return render(request, "notifications/sections/compare.html", context, status=CONFLICT)


def differences(
    paper: Paper, leaf: Leaf, theirs: Mapping[str, list[str]], mine: Mapping[str, list[str]]
) -> list[Difference]:
    """Each question of the page with both answers in words."""
    found: dict[str, list[str]] = {}
    for typed in (theirs, mine):
        for row in paper.bound(leaf, typed).rows():
            found.setdefault(row.label, []).append(row.text)
    pairs = ((label, *texts, *([""] * (2 - len(texts)))) for label, texts in found.items())
    return [Difference(label, a, b, a == b) for label, a, b in pairs]
