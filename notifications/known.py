"""What is known of a child that tells it from others: its names, birth date, NHS number, age."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from notifications.facts import years
from notifications.pages import child
from notifications.rules import items
from notifications.sections import Paper
from workflow.forms import NOT_KNOWN

ALIKE = 0.8
YEARS_APART = 1
"""An estimated age is seldom better than this, so that far apart is still perhaps one child."""


@dataclass(frozen=True)
class Known:
    """What was answered about one child; empty or None for what was not."""

    born_on: date | None
    names: str
    nhs_number: str
    age: int | None

    @property
    def is_half(self) -> bool:
        """Whether it has a name or a birth date without the other, so that neither is a mark."""
        return bool(self.names) != bool(self.born_on)

    def marks(self) -> set[str]:
        """Words of which two children have one in common wherever `same_child` finds them the same.

        The NHS number, and the birth date with each two letters of the names that stand together:
        names alike enough have two of those in common, whatever is misspelt. A birth date alone is
        none: so many children share it that it would find strangers.
        """
        found = {f"nhs {self.nhs_number}"} if self.nhs_number else set()
        if self.born_on:
            found |= {f"born {self.born_on} {one}{two}" for one, two in pairwise(self.names)}
        return found


def children(paper: Paper) -> dict[str, Known]:
    """Each child of a notification, by its number there."""
    return {item: _known(paper, item) for item in items(paper)}


def same_child(one: Known, two: Known) -> str:
    """Why two children are taken for one; empty where nothing says so."""
    if one.nhs_number and one.nhs_number == two.nhs_number:
        return "The same NHS number"
    named = len(one.names) > 2 and len(two.names) > 2
    if named and one.born_on and one.born_on == two.born_on and alike(one.names, two.names):
        return "The same date of birth and a similar name"
    return ""


def perhaps_one(one: Known, two: Known) -> bool:
    """Whether nothing that is known of two children sets them apart."""
    if one.nhs_number and two.nhs_number:
        return one.nhs_number == two.nhs_number
    if one.born_on and two.born_on and one.born_on != two.born_on:
        return False
    if one.age is not None and two.age is not None and abs(one.age - two.age) > YEARS_APART:
        return False
    return alike(one.names, two.names)


def folded(name: str) -> str:
    """A name without accents, punctuation and case, so that spellings can be compared."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(
        "".join(c if c.isalpha() else " " for c in letters if not unicodedata.combining(c)).split()
    )


def alike(one: str, two: str) -> bool:
    """Similar enough to be asked about. Twins share a birthday and a last name, so all counts."""
    if not one or not two:
        return True
    return SequenceMatcher(None, one, two).ratio() >= ALIKE


def _known(paper: Paper, item: str) -> Known:
    names = " ".join(_text(paper.value("name", part, item)) for part in ("given", "family"))
    # What was typed under another way of knowing the age stays typed, and counts for nothing.
    basis = paper.value("birth", "basis", item)
    born = paper.value("birth", "born_on", item) if basis == child.BORN_ON else None
    number = _text(paper.value("school", "nhs_number", item))
    known = born if isinstance(born, date) else None
    return Known(known, folded(names), number, _age(paper, item, known))


def _age(paper: Paper, item: str, born_on: date | None) -> int | None:
    """In whole years as estimated, else by the day of the incident; None where neither is known."""
    estimated = paper.value("birth", "age", item)
    if isinstance(estimated, int) and born_on is None:
        return estimated
    happened_on = paper.case.incident_on
    return years(born_on, happened_on) if born_on and happened_on else None


def _text(value: Any) -> str:
    return "" if value is None or value is NOT_KNOWN else str(value)
