"""A notification in codes alone, for who receives it without its story: no name, no words.

It is read from the rows that are counted, in which nothing else stands: no sealed value is opened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.document import NOTIFICATION as DOCUMENT
from notifications.models import IncidentChild, Notification
from notifications.recording import CHILD_SEVERAL, CHILD_SINGLE, SEVERAL, SINGLE
from notifications.sections import Lists, Paper
from notifications.views.wording import BANDS, READ_AS
from workflow.access.policy import Rights
from workflow.law.bodies import OFSTED
from workflow.models import Capacity, Case
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.frame import NOTIFICATION, case_frame

Words = dict[str, str]
# Whether the child died, and was harmed.
FATE = {(True, False): "Died", (False, True): "Was harmed"}


@signed_in
@require_safe
def coded(request: HttpRequest, token: str) -> HttpResponse:
    """Each notification that the reader received, in codes, the newest first."""
    on, _ = moment()
    case = case_for(request, token, "view.coded", on=on)
    frame = case_frame(case, person_of(request), on=on, active=NOTIFICATION)
    words = _Words(case, on)
    context = {
        "case": case,
        "frame": frame,
        "notifications": [
            {"row": row, "groups": words.of_notification(row)}
            for row in _received(case, frame.rights)
        ],
    }
    return render(request, "notifications/coded.html", context)


def _received(case: Case, rights: Rights) -> QuerySet[Notification]:
    """What was sent; to Ofsted what it is a recipient of, the death of a looked-after child."""
    rows = Notification.objects.filter(case=case).prefetch_related("about").order_by("-cycle")
    only_ofsted = {capacity for _, capacity in rights.held} == {Capacity.OFSTED}
    return rows.filter(recipients__contains=[OFSTED.slug]) if only_ofsted else rows


class _Words:
    """Codes in the words of the questions they answer, without any other answer of the case."""

    def __init__(self, case: Case, on: date) -> None:
        self.paper = Paper(case, DOCUMENT, "", {}, on=on, lists=Lists(on))

    def of_notification(self, row: Notification) -> list[dict[str, Any]]:
        """The answers by section, and those about each child by its number."""
        found: dict[str, list[Words]] = defaultdict(list)
        for section, line in self._lines(row, SINGLE, SEVERAL):
            found[section].append(line)
        groups = [{"title": title, "rows": rows} for title, rows in found.items()]
        return groups + [self._of_child(child) for child in row.about.all()]

    def _of_child(self, child: IncidentChild) -> dict[str, Any]:
        items = DOCUMENT.section("children").items
        rows = [{"key": "Age", "text": BANDS[child.age_band]}]
        if fate := FATE.get((child.died, child.harmed)):
            rows.append({"key": "What happened to this child", "text": fate})
        rows += [line for _, line in self._lines(child, CHILD_SINGLE, CHILD_SEVERAL)]
        return {"title": items.name(str(child.ordinal)) if items else "", "rows": rows}

    def _lines(
        self,
        row: Notification | IncidentChild,
        single: Mapping[str, tuple[str, str]],
        several: Mapping[str, tuple[str, str]],
    ) -> Iterable[tuple[str, Words]]:
        """Each answer of a row: the section it is from, its question and its words."""
        pages: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for column, (page, name) in (*single.items(), *several.items()):
            said = getattr(row, column)
            codes = [said] if isinstance(said, str) else list(said)
            if any(codes):
                pages[page][name] = codes
        for section in DOCUMENT.sections:
            for page in (one.slug for one in section.pages if one.slug in pages):
                title = READ_AS.get(section.slug, section.title)
                yield from ((title, line) for line in self._of_page(page, pages[page]))

    def _of_page(self, page: str, said: dict[str, list[str]]) -> list[Words]:
        form = self.paper.bound(self.paper.leaf(page), said)
        return [{"key": row.label, "text": row.text} for row in form.rows() if row.name in said]
