"""Invented children of whom every name, number and date is found again wherever it lies.

Their words begin with a root that stands nowhere else, so that one look finds all of them. They are
born in years of which nothing else in the service tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.notifications.answers import when
from workflow.forms.identifiers import nhs_number_is_valid

LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST_DAY, DAYS = date(2011, 1, 1), 1095
# Never filed: it is laid wherever is searched, and has to be found there.
PLANTED = 0


@dataclass(frozen=True)
class Child:
    """One of them."""

    number: int
    root: str
    nhs_number: str
    born_on: date

    def word(self, of: str) -> str:
        """A word of this child's alone; `of` is one letter for what it is a word of."""
        return f"{self.root}{code(self.number)}{of}".title()

    def pages(self) -> dict[str, dict[str, Any]]:
        """What is typed about it, by page, beside what is typed about any child."""
        grouped = f"{self.nhs_number[:3]} {self.nhs_number[3:6]} {self.nhs_number[6:]}"
        given, family = self.word("g"), self.word("f")
        return {
            "name": {"given": given, "family": family, "others": self.word("o")},
            "birth": {
                "basis": "born_on",
                **when("born_on", self.born_on.isoformat()),
                "sex": "F",
                "gender": self.word("s"),
            },
            "school": {
                "status": "in_school",
                "setting": self.word("h"),
                "local_id": self.word("i"),
                "nhs_number": grouped,
            },
            "home": {
                "residence": "here",
                "address": f"{self.number} {self.word('a')} Street",
                "living": "one_parent",
            },
        }


def code(number: int) -> str:
    """Three letters for a number."""
    return "".join(LETTERS[number // 26**power % 26] for power in (2, 1, 0))


def number_of(letters: str) -> int:
    """The number for three letters."""
    return sum(
        LETTERS.index(one) * 26**power for one, power in zip(letters, (2, 1, 0), strict=True)
    )


def invented(number: int, *, seed: int) -> list[Child]:
    """The planted one, and so many besides."""
    chance = Random(seed)
    root = "".join(chance.choice("qxzvjk") + chance.choice("aeiou") for _ in range(5))
    numbers = _nhs_numbers(chance)
    # No two on one day: whoever is found is that one, and what was laid is nobody else's.
    born = chance.sample(range(DAYS), number + 1)
    return [
        Child(one, root, next(numbers), FIRST_DAY + timedelta(days=days))
        for one, days in enumerate(born)
    ]


def _nhs_numbers(chance: Random) -> Iterator[str]:
    """Numbers that are given to nobody, each once."""
    known = set()
    while True:
        made = f"999{chance.randrange(10**7):07}"
        if made not in known and nhs_number_is_valid(made):
            known.add(made)
            yield made
