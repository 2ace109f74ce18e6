"""Writing a document whole, as a program sends it: page by page, as the screens save it.

Each page is saved by its own form, in the order in which the screens ask. Whatever can't be taken
is a fault with its place in what was sent; with any fault, whoever writes keeps nothing of it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from notifications.programs import Answer, Fault, Said, fault_of, faults_in, typed_in
from notifications.sections import Leaf, Lists, Paper, Section
from workflow.models import Answers, Person
from workflow.sealed import answers

MOST_ITEMS = 100
NOT_ASKED = "It is not asked, as the other answers stand."
LEAVE_OUT = "Leave it out, or change the answer that makes it needless."


@dataclass
class Scribe:
    """Writes one document of which nothing is there yet."""

    said: Said
    by: Person
    on: date
    at: datetime
    faults: list[Fault] = field(default_factory=list)
    # The numbers of the items of each list, in the order in which they were sent.
    numbers: dict[str, list[str]] = field(default_factory=dict)
    # Pages that no program answers.
    NOT_FOR_PROGRAMS: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        self.lists = Lists(self.on)
        self.moved: dict[str, Any] = {"by": self.by, "on": self.on, "at": self.at}
        self.paper: Paper

    def write(self, paper: Paper, started: Container[str] = ()) -> None:
        """Each page that was sent is saved, but for those that it was started with."""
        self.paper = paper
        for section in paper.document.sections:
            if section.items:
                self._items(section)
                continue
            for page in section.pages:
                if page.slug in self.said.pages and page.slug not in started:
                    self._page(Leaf(section, page), self.said.pages[page.slug])
        self._strange()
        self.left_out()

    def missing(self) -> list[Fault]:
        """What is missing or wrong in the document as it now stands."""
        found = [fault_of(p, self.place) for p in self.paper.problems() if p.leaf is None]
        for leaf in self.paper.all_leaves():
            found += faults_in(self.paper.form(leaf), self.place(leaf))
        return found

    def left_out(self) -> None:
        """What becomes of answers that were there before and were not sent: none were."""

    def is_asked(self, leaf: Leaf) -> bool:
        """Whether the document asks this page, as the answers stand."""
        return leaf.page.applies(self.paper, leaf.item)

    def saved(self, leaf: Leaf) -> None:
        """What follows from the saving of a page."""

    def number(self, section: Section, at: int) -> str:
        """The number of the item that was sent in this place."""
        return str(at + 1)

    def place(self, leaf: Leaf) -> str:
        """Where the answers of a page stand in what was sent."""
        if leaf.item:
            at = self.numbers[leaf.section.slug].index(leaf.item)
            return f"{leaf.section.slug}[{at}].{leaf.page.slug}"
        return f"pages.{leaf.page.slug}"

    def kept(self, leaf: Leaf, **how: Any) -> Answers:
        """The page's answers rest; the first page of an item lists it."""
        if leaf.item and leaf.page is leaf.section.pages[0]:
            return answers.add_item(self.paper.case, self.paper.name, leaf.section.slug, **how)
        return answers.save(self.paper.case, self.paper.name, *leaf.key, seen_version=0, **how)

    def _items(self, section: Section) -> None:
        """Each item of a list, with the pages about it."""
        sent = self.said.items.get(section.slug, ())
        if len(sent) > MOST_ITEMS:
            many = f"There are more than {MOST_ITEMS}."
            self.faults.append(Fault(section.slug, many, "Send fewer."))
            return
        numbers = self.numbers[section.slug] = []
        for place, one in enumerate(sent):
            at = f"{section.slug}[{place}]"
            item = self.number(section, place)
            numbers.append(item)
            if not isinstance(one, Mapping):
                self.faults.append(Fault(at, "It is no object.", "Send the answers by page."))
                one = {}  # noqa: PLW2901 - it is counted all the same
            # The first page lists it, answered or not.
            self._page(Leaf(section, section.pages[0], item), one.get(section.pages[0].slug, {}))
            for page in section.pages[1:]:
                if page.slug in one:
                    self._page(Leaf(section, page, item), one[page.slug])
            self._unknown(at, one, {page.slug for page in section.pages})

    def _page(self, leaf: Leaf, said: Any) -> None:
        """A page is saved as the screens save it."""
        at = self.place(leaf)
        if leaf.page.slug in self.NOT_FOR_PROGRAMS or not self.is_asked(leaf):
            self.faults.append(Fault(at, NOT_ASKED, LEAVE_OUT))
            return
        typed, wrong = typed_in(self.paper.bound(leaf, {}, checked=False), said, at)
        self.faults += wrong
        form = self.paper.bound(leaf, typed)
        row = self.kept(leaf, typed=typed, by=self.by, at=self.at, complete=form.is_complete())
        self.paper = self.paper.with_row(row)
        self.saved(leaf)

    def _strange(self) -> None:
        """Pages that there are not."""
        sections = self.paper.document.sections
        known = {page.slug for section in sections if not section.items for page in section.pages}
        self._unknown("pages", self.said.pages, known - self.NOT_FOR_PROGRAMS)

    def _unknown(self, at: str, said: Answer, known: set[str]) -> None:
        words = f"The pages are {', '.join(sorted(known))}."
        told = {fault.at for fault in self.faults}
        self.faults += [
            Fault(f"{at}.{name}", "There is no such page.", words)
            for name in sorted(set(said) - known)
            if f"{at}.{name}" not in told
        ]


class Over(Scribe):
    """Writes over what is there: what is sent takes its place, and nothing else stays.

    A page that says the same rests as it is, one that is left out is emptied, an item too few is
    taken out. What was there stays in the history.
    """

    def write(self, paper: Paper, started: Container[str] = ()) -> None:
        """As the first time, and what was there is known."""
        self.before = paper
        self.sent: set[tuple[str, str]] = set()
        super().write(paper, started)

    def number(self, section: Section, at: int) -> str:
        """Items keep their numbers, in their order; a new one gets a new number."""
        there = self.before.items(section)
        if at < len(there):
            return there[at]
        rows = Answers.objects.filter(
            case=self.before.case, document=self.before.name, section=section.slug
        )
        return str(1 + max((int(item) for item in rows.values_list("item", flat=True)), default=0))

    def kept(self, leaf: Leaf, **how: Any) -> Answers:
        """What says the same rests as it is, unedited."""
        self.sent.add(leaf.key)
        row = self.before.row(leaf)
        if row is None:
            return super().kept(leaf, **how)
        return row if row.answers == how["typed"] else self._saved(row, **how)

    def left_out(self) -> None:
        """Whatever is still asked and was not sent has no answer any more."""
        for section in self.before.document.sections:
            kept = self.numbers.get(section.slug, [])
            for item in self.before.items(section) if section.items else [""]:
                if item and item not in kept:
                    self._taken_out(section, item)
                    continue
                for leaf in self.paper.leaves(section, item):
                    row = self.before.row(leaf)
                    if row is not None and row.answers and leaf.key not in self.sent:
                        how: Any = {"by": self.by, "at": self.at, "complete": False}
                        self.paper = self.paper.with_row(self._saved(row, typed={}, **how))

    def _taken_out(self, section: Section, item: str) -> None:
        row = self.before.rows[section.slug, item]
        gone = answers.remove_item(
            row.case, row.document, section.slug, item, seen_version=row.version,
            by=self.by, at=self.at,
        )  # fmt: skip
        self.paper = self.paper.with_row(gone)

    def _saved(self, row: Answers, **how: Any) -> Answers:
        where = (row.case, row.document, row.section, row.item)
        return answers.save(*where, seen_version=row.version, **how)
