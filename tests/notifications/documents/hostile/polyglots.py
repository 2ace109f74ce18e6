"""Files that are two things at once."""

from collections.abc import Iterator

from notifications.attached.cleaning import refused
from tests.notifications.documents.files import docx, jpeg, pdf, png

_BEFORE = {
    "html": b"<html><script>x</script></html>",
    "a program for Windows": b"MZ\x90\0" + bytes(500),
    "a program for Linux": b"\x7fELF" + bytes(500),
    "a shell script": b"#!/bin/sh\nexit\n",
    "a gif": b"GIF89a" + bytes(20),
    "postscript": b"%!PS\n",
    "a blank line": b"\r\n",
    "a mark of byte order": b"\xef\xbb\xbf",
    "noughts": bytes(512),
}


def begun_otherwise() -> Iterator[tuple[str, bytes, str]]:
    """A good file behind something else, where a forgiving reader finds it."""
    for kind, content in {"pdf": pdf(), "docx": docx(), "png": png(), "jpeg": jpeg()}.items():
        for name, before in _BEFORE.items():
            yield f"{name} before a {kind}", before + content, refused.KIND
    heads = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "docx": b"PK\x03\x04"}
    for head, begins in heads.items():
        yield f"head of a {head} before a pdf", begins + pdf(), ""
        yield f"head of a {head} before html", begins + b"<html><script>x</script>", ""
    yield "head of a pdf before html", b"%PDF-1.7\n<html><script>x</script>", refused.DAMAGED
