"""The answers in free text of a document, as its pages ask for them or once did."""

import re
from collections.abc import Collection, Iterator
from datetime import date

from notifications.sections.document import Document
from notifications.sections.forms import PageForm
from notifications.sections.paper import Leaf, Paper
from workflow.forms import LongTextField, TextField
from workflow.models import Answers
from workflow.retention.copies import Earlier, FreeText, Page, Place, Typed, document_of

# What a choice is kept as, part of a date, or a number: nobody's words.
CODE = re.compile(r"[a-z0-9_-]*")
ASKED_NO_MORE = "An answer that is asked no more"


def free_texts(
    document: Document, rows: list[Answers], earlier: Earlier, on: date
) -> list[FreeText]:
    """Each answer in free text that these rows of one document hold, or held in any version.

    Of items taken out since as well, and of questions that are not asked any more. None of a page
    that identifies somebody: what stands there is a name or an address by right.
    """
    there = {(row.section, row.item): row for row in rows if row.removed_at is None}
    found = []
    for leaf, row in _in_order(document, rows):
        paper = Paper(row.case, document, row.document, {**there, leaf.key: row}, on=on)
        where = named(document, leaf.page.slug, row.item)
        for name, label in _asked(paper, leaf, [row.answers, *earlier.get(row.pk, ())]).items():
            place = Place(document_of(row), row.section, leaf.page.slug, row.item, name)
            text = "\n".join(row.answers.get(name, []))
            found.append(FreeText(row, place, where, label, text))
    return found


def _asked(paper: Paper, leaf: Leaf, versions: list[Typed]) -> dict[str, str]:
    """The names under which words were typed in any version, each with its question."""
    said = {
        name for typed in versions for name, texts in typed.items() if any(map(str.strip, texts))
    }
    labels: dict[str, str] = {}
    known: set[str] = set()
    for typed in versions:
        if said <= known:
            break
        if known and not typed.keys() - known:
            continue
        form: PageForm = paper.bound(leaf, typed, checked=False)
        known |= form.typed().keys() | form.fields.keys()
        for name, field in form.fields.items():
            if isinstance(field, LongTextField) or type(field) is TextField:
                labels.setdefault(name, getattr(field, "short", "") or str(field.label))
    for name in sorted(said - known):
        # The question hangs on another answer, which is another one now.
        if any(not CODE.fullmatch(text) for typed in versions for text in typed.get(name, [])):
            labels[name] = f"{ASKED_NO_MORE} ({name})"
    return {name: label for name, label in labels.items() if name in said}


def names(document: Document, pages: Collection[Page]) -> dict[Page, str]:
    """What each of these pages is called, with its item."""
    return {one: named(document, *one) for one in pages}


def named(document: Document, page: str, item: str) -> str:
    """A page by its name: "Child A, Health"; its slug where it is asked no longer."""
    try:
        section, found = document.section_of(page)
    except KeyError:
        return page
    of = f"{section.items.name(item)}, " if section.items and item else ""
    return f"{of}{found.title}"


def _in_order(document: Document, rows: list[Answers]) -> Iterator[tuple[Leaf, Answers]]:
    """The rows that the document knows, as it asks for them."""
    for section in document.sections:
        for page in section.pages:
            for row in rows:
                known = section.stored_as(page) == row.section
                if known and bool(section.items) == bool(row.item) and not page.identifying:
                    yield Leaf(section, page, row.item), row
