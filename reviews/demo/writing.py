"""Filling in a document page by page, as a person would, through what the screens save with."""

from collections.abc import Mapping
from datetime import date, datetime

from notifications.sections import Paper
from notifications.sections.paper import Leaf
from reviews.demo.pen import Pen
from workflow.models import Person
from workflow.sealed import answers

CHILDREN, ADULTS, PARTICIPANTS, AGENCIES = "children", "adults", "participants", "agencies"


class Incomplete(Exception):
    """A page was filled in and still is not good: the stories must say more."""


class Writer:
    """One person at one moment, with a pen, over one document."""

    def __init__(self, paper: Paper, pen: Pen, *, by: Person, at: datetime) -> None:
        self.paper = paper
        self.pen = pen
        self.by = by
        self.at = at

    def add(self, section_slug: str, number: int) -> None:
        """So many children, adults or others are in the list, each with its first page."""
        section = self.paper.document.section(section_slug)
        first = section.pages[0]
        for item in range(1, number + 1):
            leaf = self.paper.leaf(first.slug, str(item))
            typed = self._filled(leaf)
            row = answers.add_item(
                self.paper.case,
                self.paper.name,
                section.slug,
                typed=typed,
                by=self.by,
                at=self.at,
                complete=True,
            )
            self.paper = self.paper.with_row(row)

    def fill(self, *, most: int | None = None) -> Paper:
        """Every page that is asked is filled in, or the first `most` of them."""
        done = 0
        while (leaf := self._next()) is not None and (most is None or done < most):
            self.save(leaf, self._filled(leaf))
            done += 1
        return self.paper

    def _next(self) -> Leaf | None:
        for leaf in self.paper.all_leaves():
            if self.paper.row(leaf) is None:
                return leaf
        return None

    def _filled(self, leaf: Leaf) -> dict[str, list[str]]:
        typed = self.pen.fill(leaf.page.slug, self.paper.bound(leaf, {}), leaf.item)
        # What the screen would have shown already filled in.
        return {**leaf.page.prefill(self.by, self.paper), **typed}

    def save(self, leaf: Leaf, typed: Mapping[str, list[str]]) -> None:
        """What was typed on a page is kept; Incomplete when the page is not good so."""
        form = self.paper.bound(leaf, typed)
        if not form.is_complete():
            raise Incomplete(f"{leaf.page.slug}: {form.errors.as_text()}")
        section, item = leaf.key
        row = answers.save(
            self.paper.case,
            self.paper.name,
            section,
            item,
            typed=typed,
            seen_version=self.paper.version(leaf),
            by=self.by,
            at=self.at,
            complete=True,
        )
        self.paper = self.paper.with_row(row)


def afternoon(day: date, number: int) -> tuple[int, int]:
    """An hour and minute of a working afternoon, different for each case."""
    return 10 + (number + day.day) % 7, (number * 13) % 60
