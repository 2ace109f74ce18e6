"""What waits for a person: found from their first page, and cleared in two steps, not in one."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from workflow.forms.times import when
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.sealed.kept import Kept
from workflow.sealed.models import KeptPage
from workflow.views.pages_of_acts import PAGES

NAME, SURE = "let-go", "sure"
# What is done on a page, or else of which part of a case it is, by the app that draws it.
_TITLES = {page.name: page.title for page in PAGES}
_PARTS = {"notifications": "Notification", "reviews": "Rapid review and decision"}


def is_sure(request: HttpRequest) -> bool:
    """Whether what was kept is to be cleared, and the person saw what that loses."""
    return request.POST.get(NAME) == SURE


def ask(request: HttpRequest, found: Kept | None, *, on: date) -> HttpResponse:
    """What clearing would lose, and whether it is meant; the page itself where nothing waits."""
    if found is None:
        return redirect(request.path)
    context = {
        "when": when(found.at, on=on),
        "texts": found.texts,
        "hidden": {NAME: SURE},
        "back_href": request.path,
    }
    return render(request, "workflow/let_go.html", context)


def waiting(person: Person, *, on: date) -> list[dict[str, Any]]:
    """Each page on which something waits: what it is for, of which case, since when, and where.

    Of cases that the person still sees, the oldest first. What was typed is read on its own page.
    """
    seen = Case.objects.visible_to(person, on).values("pk")
    rows = KeptPage.objects.filter(person=person, case__in=seen).select_related("case")
    return [
        {
            "label": row.case.label,
            "title": _title(row.page),
            "href": row.page,
            "when": when(row.kept_at, on=on),
        }
        for row in rows.defer("kept").order_by("kept_at", "pk")
    ]


def _title(page: str) -> str:
    try:
        found = resolve(page)
    except Resolver404:
        # A page of an older release.
        return "Case"
    return _TITLES.get(found.view_name) or _PARTS.get(found.namespace, "Case")
