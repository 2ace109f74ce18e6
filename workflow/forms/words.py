"""What typed text may hold, and the one form it is brought to before it is compared."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# They reorder what is read without changing what is stored (CVE-2021-42574).
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks that print nothing although Unicode does not class them as spaces.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# A pasted answer often brings these at its ends; they are never meant.
_EDGES = " \t\r\n\u00a0\u200b\ufeff"


def is_blank(text: str) -> bool:
    """Whether nothing in ``text`` would print: spaces, controls and zero-width marks only."""
    return all(unicodedata.category(c)[0] in "ZC" or c in _BLANK_LETTERS for c in text)


def count_words(text: str) -> int:
    """The number of runs of non-space characters, which is how the page's counter counts."""
    return len(re.findall(r"\S+", text))


def capital(phrase: str) -> str:
    """``phrase`` with a capital first letter and the rest untouched."""
    return phrase[:1].upper() + phrase[1:]


def one_form(text: str) -> str:
    """``text`` in Unicode NFC, with Unix line ends and nothing invisible at its ends."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unix).strip(_EDGES)


def refuse_unprintable(text: str, *, called: str, lines: bool) -> None:
    """Raise a ValidationError that names what ``text`` holds and should not.

    ``lines`` allows line breaks and tabs.
    """
    for char in text:
        kind = unicodedata.category(char)
        if char in _DIRECTION_CONTROLS:
            what = "hidden characters that change the direction of the text"
        elif kind == "Cs" or ord(char) & 0xFFFE == 0xFFFE:
            what = "broken characters. Type it again instead of pasting it"
        elif char in "\n\t\u2028\u2029" and not lines:
            what = "line breaks or tabs"
        elif kind == "Cc" and char not in "\n\t":
            what = "control characters. Type it again instead of pasting it"
        else:
            continue
        raise ValidationError(f"{capital(called)} must not include {what}", code="characters")


def refuse_foreign_digits(text: str, *, called: str) -> None:
    """Raise a ValidationError when ``text`` holds digits other than 0 to 9."""
    if any(c.isdigit() and not c.isascii() for c in text):
        raise ValidationError(f"{capital(called)} must use the digits 0 to 9", code="digits")


def within_a_sentence(words: str) -> str:
    """Words that began one: a name of capitals ("NHS number") keeps them."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
