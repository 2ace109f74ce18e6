"""Searching bytes for invented children, however what was typed of them was written down.

Bytes are looked at as they are; without the zero bytes, so that UTF-16 and UTF-32 read like plain
text; and with everything opened that looks like hexadecimal, base64, zlib or gzip, one within
another. Capitals and small letters are the same.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from tests.prove.canaries import Child, number_of

HEX = re.compile(rb"[0-9a-fA-F]{20,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
STREAMS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
# What is opened within what was opened: a session's text is base64 of zlib, a dump zlib of all.
WITHIN: Mapping[str, tuple[str, ...]] = {
    "": ("wide", "hex", "base64", "zlib"),
    "hex": ("wide",),
    "base64": ("wide", "zlib"),
    "zlib": ("wide", "hex", "base64"),
    "wide": (),
}
DEEPEST = 3
PIECE, LONGEST = 512, 256 * 2**20
NUMBER = re.compile(rb"999[ -]?\d{3}[ -]?\d{4}")
ISO = re.compile(rb"201[1-3]-[01]\d-[0-3]\d")
SPOKEN = re.compile(rb"\d{1,2} [a-z]{3,9} 201[1-3]")
# The names under which a form is sent: with them stands what was typed.
FORM = re.compile(rb"born_on-(?:day|month|year)")
AMONG_HEX = b"0123456789abcdef"


@dataclass(frozen=True, order=True)
class Hit:
    """What was found, and how it was written down: "" for in clear."""

    how: str
    what: str
    child: int


class Search:
    """Finds these children."""

    def __init__(self, children: Iterable[Child]) -> None:
        known = list(children)
        self.word = re.compile(known[0].root.encode() + rb"([a-z]{3})([a-z])")
        self.numbers = {child.nhs_number.encode(): child.number for child in known}
        self.dates = {child.born_on.isoformat().encode(): child.number for child in known}
        self.spoken = {
            f"{child.born_on.day} {child.born_on:%B %Y}".lower().encode(): child.number
            for child in known
        }

    def found(self, data: bytes, how: tuple[str, ...] = ()) -> set[Hit]:
        """Every way in which any of the children stands in these bytes."""
        hits = {Hit(" in ".join(reversed(how)), *hit) for hit in self._plain(data.lower())}
        if len(how) < DEEPEST:
            for layer in WITHIN[how[-1] if how else ""]:
                for opened in OPENS[layer](data):
                    hits |= self.found(opened, (*how, layer))
        return hits

    def in_clear(self, data: bytes) -> set[Hit]:
        """The same where nothing in these bytes is opened."""
        return {Hit("", *hit) for hit in self._plain(data.lower())}

    def _plain(self, data: bytes) -> Iterator[tuple[str, int]]:
        for found in self.word.finditer(data):
            yield f"word {found[2].decode()}", number_of(found[1].decode())
        for found in NUMBER.finditer(data):
            digits = re.sub(rb"[ -]", b"", found[0])
            if digits in self.numbers and not _goes_on(data, found, AMONG_HEX):
                yield "number", self.numbers[digits]
        for pattern, known in ((ISO, self.dates), (SPOKEN, self.spoken)):
            for found in pattern.finditer(data):
                if found[0] in known and not _goes_on(data, found, b"0123456789"):
                    yield "date of birth", known[found[0]]
        if FORM.search(data):
            yield "form", -1


def _goes_on(data: bytes, found: re.Match[bytes], more: bytes) -> bool:
    """Whether it is cut out of something longer, as ten digits are out of much hexadecimal."""
    around = data[max(0, found.start() - 1) : found.start()], data[found.end() : found.end() + 1]
    return any(one and one in more for one in around)


def _wide(data: bytes) -> Iterator[bytes]:
    if b"\0" in data:
        yield data.replace(b"\0", b"")


def _hexadecimal(data: bytes) -> Iterator[bytes]:
    runs = [run[0] for run in HEX.finditer(data)]
    if runs:
        # A digit may stand before it that is none of its own.
        for skipped in (0, 1):
            cut = (run[skipped:] for run in runs)
            yield b"\n".join(bytes.fromhex(run[: len(run) // 2 * 2].decode()) for run in cut)


def _base64(data: bytes) -> Iterator[bytes]:
    runs = [run[0] for run in BASE64.finditer(data) if not HEX.fullmatch(run[0])]
    if runs:
        alike = [run.translate(bytes.maketrans(b"-_", b"+/")) for run in runs]
        # So may letters.
        for skipped in range(4):
            yield b"\n".join(_decoded(run[skipped:]) for run in alike)


def _decoded(run: bytes) -> bytes:
    """What base64 says; a single letter at its end says nothing."""
    whole = run[:-1] if len(run) % 4 == 1 else run
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _streams(data: bytes) -> Iterator[bytes]:
    """What comes out of everything that begins as a stream, up to where it is none."""
    until = 0
    for begin in STREAMS.finditer(data):
        if begin.start() < until:
            continue
        opened, ended_at = _inflated(data, begin.start())
        if len(opened) >= 16:
            # What was no stream after all may hold the beginning of one.
            until = ended_at
            yield opened


def _inflated(data: bytes, at: int) -> tuple[bytes, int]:
    stream, made, size = zlib.decompressobj(wbits=47), [], 0
    with suppress(zlib.error):
        while at < len(data) and size < LONGEST and not stream.eof:
            opened = stream.decompress(data[at : at + PIECE])
            made.append(opened)
            size += len(opened)
            at += PIECE
        return b"".join(made), at - len(stream.unused_data) if stream.eof else 0
    return b"".join(made), 0


OPENS = {"wide": _wide, "hex": _hexadecimal, "base64": _base64, "zlib": _streams}
