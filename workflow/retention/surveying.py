"""Where words stand in the stored copies of an answer, as whoever decides on them is shown it."""

import hashlib
from dataclasses import dataclass

from workflow.machine.case import Case
from workflow.retention.copies import Place, copies, said_in, versions_now
from workflow.retention.passages import Passages
from workflow.retention.unsaved import kept_copies

MOST_SHOWN = 30


@dataclass(frozen=True)
class Survey:
    """In how many stored copies words stand, and the same letters in other capitals.

    `around` shows each place that reads differently, as it will be left. `seen` tells whether the
    answer, or what holds a copy of it, is still as it was: it goes by what is kept of it for good.
    """

    copies: int
    in_other_capitals: int
    around: tuple[str, ...]
    seen: str


class Stored:
    """The texts of every stored copy of an answer, opened once, as far as they are in reach.

    What others typed and left is not in reach before words are taken out.
    """

    def __init__(self, case: Case, place: Place) -> None:
        now = [list(row.answers.get(place.field, [])) for row in versions_now(case, place)]
        held = [copy.texts() for copy in copies(case, place, said_in(case, place))]
        self.kept = [*now, *held]
        self.values = [*self.kept, *(copy.texts() for copy in kept_copies(case, place))]

    def holds(self, passage: str) -> bool:
        """Whether a passage stands in any of them."""
        one = Passages([passage])
        return any(one.count(text) for value in self.values for text in value)

    def survey(self, passages: Passages) -> Survey:
        """Where these words stand."""
        around = (line for value in self.values for text in value for line in passages.around(text))
        return Survey(
            sum(any(map(passages.count, value)) for value in self.values),
            sum(any(map(passages.in_other_capitals, value)) for value in self.values),
            tuple(dict.fromkeys(around))[:MOST_SHOWN],
            self._seen(),
        )

    def _seen(self) -> str:
        whole = hashlib.sha256()
        for value in self.kept:
            for text in value:
                whole.update(hashlib.sha256(text.encode(errors="surrogatepass")).digest())
        return whole.hexdigest()


def survey(case: Case, place: Place, passages: Passages) -> Survey:
    """Where words stand now in the stored copies of an answer."""
    return Stored(case, place).survey(passages)
