"""Words as they are found in a text and replaced: whole, and exactly but for runs of spaces."""

import re
import unicodedata
from collections.abc import Sequence

from workflow.retention.redaction import Rule

MARKS = {
    Rule.NAMED_IN_ERROR: "[name taken out]",
    Rule.ANOTHER_CHILD: "[name taken out]",
    Rule.ADDRESS: "[address taken out]",
    Rule.OTHER: "[words taken out]",
}
# How many letters of a text are shown on either side of words in it.
AROUND = 40


class Passages:
    """Some passages, each found as it was typed, whichever way its letters are composed.

    No part of a longer word is found: who takes Sam out leaves Samantha.
    """

    def __init__(self, words: Sequence[str], mark: str = "") -> None:
        # The longest first, so that no part of one is taken for another.
        self.words = sorted(words, key=len, reverse=True)
        self.mark = mark
        forms = dict.fromkeys(
            unicodedata.normalize(form, one) for one in self.words for form in ("NFC", "NFD")
        )
        said = "|".join(map(_whole, forms))
        self._exactly, self._anyhow = re.compile(said), re.compile(said, re.IGNORECASE)

    def taken_out_of(self, text: str) -> str:
        """The text with the mark in the place of each passage."""
        return self._exactly.sub(lambda _: self.mark, text)

    def count(self, text: str) -> int:
        """How often they stand in a text."""
        return len(self._exactly.findall(text))

    def around(self, text: str) -> list[str]:
        """Each place in a text where they stand, as it will be left, with some words around it."""
        found = []
        for one in self._exactly.finditer(text):
            before, after = text[: one.start()], text[one.end() :]
            start = "…" if len(before) > AROUND else ""
            end = "…" if len(after) > AROUND else ""
            left = f"{start}{before[-AROUND:]}{self.mark}{after[:AROUND]}{end}"
            found.append(self.taken_out_of(" ".join(left.split())))
        return found

    def parts(self) -> list[str]:
        """The names in them: words of three letters or more that begin with a capital."""
        words = (word for one in self.words for word in re.findall(r"\w+", one))
        return [word for word in words if len(word) > 2 and word[0].isupper()]

    def in_other_capitals(self, text: str) -> int:
        """How often the same letters stand there in other capitals, once these are taken out."""
        return len(self._anyhow.findall(self._exactly.sub("\n\N{NULL}\n", text)))


def _whole(passage: str) -> str:
    """What finds a passage, and not where letters go on before or after it."""
    said = r"\s+".join(map(re.escape, passage.split()))
    begins = r"(?<!\w)" if re.match(r"\w", passage.strip()) else ""
    ends = r"(?!\w)" if re.search(r"\w$", passage.strip()) else ""
    return f"{begins}{said}{ends}"
