"""Plain text: characters that print, and nothing that a browser or a shell would take for more."""

import re
import unicodedata
from contextlib import suppress

from notifications.attached.cleaning.refused import KIND, NotTaken

# By these a browser guesses a page, a drawing or a program, and others a file of their own kind.
_MORE_THAN_TEXT = re.compile(r"\s*(<|#!|\{\\rtf|%!|MIME-Version:|@echo)", re.IGNORECASE)
_TAG = re.compile(r"<\s*(script|svg|html|body|iframe|object|embed|!doctype|\?xml)\b", re.IGNORECASE)
# What is read is then not what is written.
_TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = {"\t", "\n", "\r", "\f"}


def clean(content: bytes) -> bytes:
    """The text in UTF-8, without a mark of its byte order; NotTaken when it is not plain text."""
    text = _decoded(content)
    for character in set(text):
        # Controls, surrogates, unassigned ones, and private ones.
        bad = unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}
        if character in _TURNS or (bad and character not in _LINES):
            raise NotTaken(KIND)
    if _MORE_THAN_TEXT.match(text) or _TAG.search(text):
        raise NotTaken(KIND)
    return text.encode("utf-8")


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # The last is how older programs on Windows save it.
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise NotTaken(KIND)
