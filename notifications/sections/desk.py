"""A desk is where one kind of document is filled in: its addresses, and what follows a save."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from notifications.sections.document import Document, Section
from notifications.sections.forms import PageForm
from notifications.sections.paper import Leaf, Paper, Problem
from workflow.models import Case, Person


@dataclass(frozen=True)
class Saved:
    """A page that has just been saved, whole or not: by whom and when."""

    paper: Paper
    leaf: Leaf
    form: PageForm
    by: Person
    on: date
    at: datetime


def _none(_paper: Paper, _leaf: Leaf) -> tuple[Problem, ...]:
    return ()


def _to_all(_person: Person, _paper: Paper, _leaf: Leaf) -> str:
    return ""


@dataclass(frozen=True)
class Desk:
    """`open` finds a person's document of a case, for a role that may write it, or raises Http404.

    `closed` says where to go instead when it can't be written any more ("" while it can).
    `saved` does what follows from a save, in its transaction, and may name the next address ("" for
    the ordinary one); it may raise CannotAdvance, whose reasons are shown with everything kept.
    `forbids` says why a person may not change a page of a document they may write ("" where they
    may): nothing that they changed on it is saved.
    `refusals` says what of a page does not fit the rest of the document, as it would be saved.
    The task list is the address named `tasks` of the namespace.
    """

    namespace: str
    document: Document
    open: Callable[[Person, str, date], Paper]
    closed: Callable[[Paper], str]
    saved: Callable[[Saved], str]
    refusals: Callable[[Paper, Leaf], Iterable[Problem]] = _none
    forbids: Callable[[Person, Paper, Leaf], str] = _to_all
    tasks: str = "tasks"
    check: str = "check"

    def href(self, name: str, case: Case, **more: Any) -> str:
        """An address of this desk for a case."""
        return reverse(f"{self.namespace}:{name}", kwargs={"token": case.token, **more})

    def home_href(self, case: Case) -> str:
        """The task list."""
        return self.href(self.tasks, case)

    def leaf_href(self, case: Case, leaf: Leaf) -> str:
        """The page itself."""
        if not leaf.item:
            return self.href("page", case, page=leaf.page.slug)
        where = {"section": leaf.section.slug, "item": int(leaf.item), "page": leaf.page.slug}
        return self.href("item-page", case, **where)

    def items_href(self, case: Case, section: Section) -> str:
        """The list of children or adults."""
        return self.href("items", case, section=section.slug)

    def section_href(self, paper: Paper, section: Section) -> str:
        """Where a task begins: its list, or its first page."""
        if section.items:
            return self.items_href(paper.case, section)
        leaves = paper.leaves(section)
        return self.leaf_href(paper.case, leaves[0] if leaves else Leaf(section, section.pages[0]))
