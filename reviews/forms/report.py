"""What is sent: the answers of a rapid review in words, with the decision in them."""

from datetime import date
from typing import Any

from notifications.sections.document import Section
from notifications.sections.paper import Leaf, Paper
from reviews.forms.chapter import FINISHED
from reviews.forms.document import sections_asked
from reviews.services.sending import Decided, Report

EMPTY = Decided(code="")


def report_of(paper: Paper) -> Report:
    """The rapid review as it would be sent now; `gaps` says all that still stands in the way."""
    suggested = paper.value("national", "suggested")
    return Report(
        content=content_of(paper),
        answers={
            f"{section}/{item}".rstrip("/"): row.version
            for (section, item), row in sorted(paper.rows.items())
        },
        criteria_met=paper.value("criteria", "criteria_met") is True,
        decided=decided_in(paper),
        national_suggested=suggested if isinstance(suggested, bool) else None,
        late_reason=str(paper.value("late", "late_reason") or ""),
        gaps=[problem.text for problem in paper.problems()],
    )


def content_of(paper: Paper) -> list[dict[str, Any]]:
    """Every section with its questions and answers in words, to be read without any form."""
    return [
        {
            "slug": section.slug,
            "title": _heading(section),
            "group": section.group,
            "pages": _pages(paper, section),
        }
        for section in sections_asked(paper)
    ]


def _heading(section: Section) -> str:
    """What a chapter is called where it is read: a noun, where the task list has a verb."""
    return section.items.many.capitalize() if section.items else section.pages[0].title


def decided_in(paper: Paper) -> Decided:
    """The partners' decision as it is answered; its code is empty while it is not."""
    code = paper.value("lcspr", "decision")
    if not code:
        return EMPTY
    answered = Decided(code=str(code), reason=str(paper.value("lcspr", "rationale") or ""))
    page = {"yes": "commissioned", "undecided": "undecided"}.get(answered.decision, "declined")
    return Decided(
        code=answered.code,
        reason=answered.reason,
        alternative=str(paper.value(page, "alternative") or ""),
        decided_on=_date(paper.value(page, "decided_on")),
        decide_by=_date(paper.value(page, "decide_by")),
    )


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def _pages(paper: Paper, section: Section) -> list[dict[str, Any]]:
    items = paper.items(section) if section.items else [""]
    return [
        {"title": leaf.item_name or leaf.page.title, "rows": _rows(paper, leaf)}
        for item in items
        for leaf in paper.leaves(section, item)
    ]


def _rows(paper: Paper, leaf: Leaf) -> list[dict[str, str]]:
    rows = paper.form(leaf).rows()
    return [
        {"label": row.label, "text": row.text, "gap": row.gap, "reason": row.reason}
        for row in rows
        if row.name != FINISHED
    ]
