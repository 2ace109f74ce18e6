"""A document of a case as far as it is filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.sections.document import Document, Page, Section
from notifications.sections.forms import PageForm
from notifications.sections.lists import Lists
from workflow.models import Answers, Case
from workflow.sealed import answers


@dataclass(frozen=True)
class Leaf:
    """One page of a document: of one item, where its section lists children or adults."""

    section: Section
    page: Page
    item: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Where its answers are kept."""
        return self.section.stored_as(self.page), self.item

    @property
    def item_name(self) -> str:
        """What the item is called: "Child A", or nothing."""
        return self.section.items.name(self.item) if self.section.items and self.item else ""


@dataclass(frozen=True)
class Problem:
    """What stands in the way of sending: the words, and the page and question it is about."""

    text: str
    leaf: Leaf | None = None
    field: str = ""
    section: Section | None = None


class Paper:
    """The answers of one document, with their meaning.

    `lists` None trusts codes as they were chosen (see PageForm).
    """

    def __init__(
        self,
        case: Case,
        document: Document,
        name: str,
        rows: dict[tuple[str, str], Answers],
        *,
        on: date,
        lists: Lists | None = None,
    ) -> None:
        self.case = case
        self.document = document
        self.name = name
        self.rows = rows
        self.on = on
        self.lists = lists
        self._forms: dict[tuple[str, str], PageForm] = {}

    @classmethod
    def read(
        cls, case: Case, document: Document, name: str, *, on: date, lists: Lists | None = None
    ) -> "Paper":
        """The document as it rests, in one query; nothing is opened before it is asked for."""
        return cls(case, document, name, answers.read(case, name), on=on, lists=lists)

    def with_row(self, row: Answers) -> "Paper":
        """The same document after a page was saved."""
        rows = {**self.rows, (row.section, row.item): row}
        if row.removed_at is not None:
            rows.pop((row.section, row.item))
        return Paper(self.case, self.document, self.name, rows, on=self.on, lists=self.lists)

    def on_day(self, on: date) -> "Paper":
        """The same document as it is on another day."""
        if on == self.on:
            return self
        return Paper(self.case, self.document, self.name, self.rows, on=on, lists=self.lists)

    def trying(self, leaf: Leaf, form: PageForm) -> "Paper":
        """The same document as it will be once this page is saved with this form's answers."""
        rows = dict(self.rows)
        rows.setdefault(leaf.key, Answers(section=leaf.key[0], item=leaf.key[1]))
        tried = Paper(self.case, self.document, self.name, rows, on=self.on, lists=self.lists)
        tried._forms[leaf.key] = form
        return tried

    def leaf(self, page_slug: str, item: str = "") -> Leaf:
        """The page of that slug; KeyError when there is none."""
        section, page = self.document.section_of(page_slug)
        return Leaf(section, page, item)

    def leaves(self, section: Section, item: str = "") -> list[Leaf]:
        """The pages of a section that are asked, as the answers stand."""
        found = (Leaf(section, page, item) for page in section.pages)
        return [leaf for leaf in found if leaf.page.applies(self, item)]

    def all_leaves(self) -> Iterator[Leaf]:
        """Every page that is asked, in order, each child and adult in turn."""
        for section in self.document.sections:
            for item in self.items(section) if section.items else [""]:
                yield from self.leaves(section, item)

    def next_leaf(self, leaf: Leaf) -> Leaf | None:
        """The page after this one in its section; None after the last."""
        pages = self.leaves(leaf.section, leaf.item)
        later = pages[pages.index(leaf) + 1 :] if leaf in pages else []
        return later[0] if later else None

    def items(self, section: Section) -> list[str]:
        """The items of a list, in the order in which they were added."""
        return [item for kept, item in self.rows if kept == section.slug and item]

    def row(self, leaf: Leaf) -> Answers | None:
        """The answers of a page as they rest; None when it was never saved."""
        return self.rows.get(leaf.key)

    def typed(self, leaf: Leaf) -> dict[str, list[str]]:
        """What was typed on a page."""
        row = self.row(leaf)
        return dict(row.answers) if row else {}

    def version(self, leaf: Leaf) -> int:
        """The version that is shown: 0 for a page never saved."""
        row = self.row(leaf)
        return row.version if row else 0

    def bound(self, leaf: Leaf, typed: Any, *, checked: bool = True) -> PageForm:
        """The page's form with something typed into it."""
        return leaf.page.form(
            typed, paper=self, item=leaf.item, lists=self.lists, on=self.on, checked=checked
        )

    def form(self, leaf: Leaf) -> PageForm:
        """The page's form with what was saved, checked."""
        if leaf.key not in self._forms:
            self._forms[leaf.key] = self.bound(leaf, self.typed(leaf))
        return self._forms[leaf.key]

    def value(self, page_slug: str, name: str, item: str = "") -> Any:
        """A good answer in its proper type; NOT_KNOWN; None when missing or wrong."""
        leaf = self.leaf(page_slug, item)
        return self.form(leaf).cleaned.get(name) if leaf.key in self.rows else None

    def problems(self) -> list[Problem]:
        """Everything missing or wrong on the pages that are asked, in order."""
        found: list[Problem] = []
        for section in self.document.sections:
            if section.items and len(self.items(section)) < section.items.least:
                words = f"Add at least {section.items.least} {section.items.one}"
                found.append(Problem(words, section=section))
        for leaf in self.all_leaves():
            prefix = f"{leaf.item_name}: " if leaf.item else ""
            for name, error in self.form(leaf).in_order():
                words = str(error.message)
                found.append(Problem(f"{prefix}{words}", leaf, name, leaf.section))
        return found

    def not_known(self) -> list[tuple[Leaf, str]]:
        """The questions answered "Not known yet": gaps that hold up nothing."""
        found: list[tuple[Leaf, str]] = []
        for leaf in self.all_leaves():
            form = self.form(leaf)
            for name in form.not_known():
                field = form.fields[name]
                words = getattr(field, "short", "") or str(field.label)
                found.append((leaf, words))
        return found
