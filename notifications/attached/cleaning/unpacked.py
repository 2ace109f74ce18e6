"""How much a PDF unpacks to: what is packed in few bytes may be more than any reader can hold."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from notifications.attached.cleaning.refused import SWOLLEN, NotTaken

# Ten pages in colour at 300 points an inch, whose points stand in it without loss.
MOST_UNPACKED = 256 * 1024 * 1024
_AT_ONCE = 256 * 1024
_FLAT = {"/FlateDecode", "/Fl"}


def filters_of(stream: pikepdf.Stream) -> list[str]:
    """How a stream is packed, the outermost way first."""
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]


def weigh(everything: Iterable[Any]) -> None:
    """NotTaken when the streams among these objects unpack to more than that, all together."""
    left = MOST_UNPACKED
    for one in everything:
        if isinstance(one, pikepdf.Stream):
            for piece in _content(one):
                left -= len(piece)
                if left < 0:
                    raise NotTaken(SWOLLEN)


def _content(stream: pikepdf.Stream) -> Iterator[bytes]:
    filters = filters_of(stream)
    if filters and filters[0] not in _FLAT:
        # Of all other ways at once: within the memory that the reader has.
        try:
            yield stream.read_bytes()
        except pikepdf.PdfError:
            yield stream.read_raw_bytes()
        return
    pieces: Iterator[bytes] = iter([stream.read_raw_bytes()])
    while filters and filters[0] in _FLAT:
        pieces, filters = _inflated(pieces), filters[1:]
    yield from pieces


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Piece by piece, so that however much it is, no more than one is held."""
    inflating = zlib.decompressobj()
    for packed in pieces:
        left = packed
        while left and not inflating.eof:
            try:
                yield inflating.decompress(left, _AT_ONCE)
            except zlib.error:
                # Nobody reads on from here either.
                return
            left = inflating.unconsumed_tail
