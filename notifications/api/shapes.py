"""The shape of a notification as a program sends and reads it, made from its pages' own forms."""

from notifications.document import NOTIFICATION
from notifications.filing import NOT_FOR_PROGRAMS
from notifications.forms.acts import AcceptedForm
from notifications.programs import FINISHED
from notifications.sections import Document, Page, PageForm, Section
from workflow.api.shapes import (
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    Shape,
    by_name,
    many,
    maybe,
    whole,
)
from workflow.forms import GovukField
from workflow.forms.programs import shape

STANDING = {
    "case": TEXT,
    "reference": maybe(TEXT),
    "state": TEXT,
    "words": TEXT,
    "number": NUMBER,
    "sent_on": maybe(DAY),
    "sent_at": maybe(INSTANT),
    "recipients": many(TEXT),
    "approval_outstanding": FLAG,
    "proposed": maybe(TEXT),
}
FILED = whole(**STANDING, warnings=many(whole(name=TEXT, detail=TEXT)), address=TEXT)
ITEMS = many(by_name({"anyOf": [TEXT, by_name({})]}))
NOTIFIED = whole(**STANDING, pages=by_name(by_name({})), children=ITEMS, adults=ITEMS)
CHANGED = whole(**STANDING)


def filing() -> Shape:
    """What files a notification."""
    parts: dict[str, Shape] = {
        **parts_of(NOTIFICATION, NOT_FOR_PROGRAMS),
        "different_because": TEXT,
        "accepted": answers_of(AcceptedForm()),
    }
    return {**some(parts), "required": ["pages", "children"]}


def parts_of(document: Document, without: frozenset[str] = frozenset()) -> dict[str, Shape]:
    """What a document is sent as: its pages but some, and each of its lists, item by item."""
    once = [section for section in document.sections if section.items is None]
    listed = [section for section in document.sections if section.items]
    pages = {
        page.slug: _page(page)
        for section in once
        for page in section.pages
        if page.slug not in without
    }
    return {"pages": some(pages), **{section.slug: many(_item(section)) for section in listed}}


def answers_of(form: PageForm) -> Shape:
    """The answers of a page."""
    questions = {
        name: shape(field)
        for name, field in form.fields.items()
        if isinstance(field, GovukField) and name != FINISHED
    }
    # What some pages ask depends on what was answered before.
    return some(questions) if questions else by_name(TEXT)


def some(parts: dict[str, Shape]) -> Shape:
    """An object with some of these parts: which are asked, the answers tell."""
    return {"type": "object", "properties": parts, "additionalProperties": False}


def _item(section: Section) -> Shape:
    return some({page.slug: _page(page) for page in section.pages})


def _page(page: Page) -> Shape:
    return {"title": page.title, **answers_of(page.form())}
