"""Pictures inside other files: what they say of the camera, the place and the person goes."""

import re
import struct
import zlib

from notifications.attached.cleaning.refused import DAMAGED, PIXELS, NotTaken

# A picture of a whole page at 600 points an inch has 35 million points.
MOST_POINTS = 40_000_000
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
# The only notes by applications that say how the colours are to be read, as long as they are
# without a small picture or anything else.
_COLOURS = {(0xE0, 16), (0xEE, 14)}
_NOTES = range(0xE0, 0xF0)
# Where its size is told, whatever way it is packed.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In what is drawn, only these stand behind such a byte; any other ends it.
_AFTER_A_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# What a picture is drawn from; every other chunk says something about it.
_DRAWN = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD"}


def without_notes(picture: bytes) -> bytes:
    """A JPEG or PNG file without its metadata, the picture itself byte for byte as it was.

    Raises NotTaken for what is neither, is damaged, or is too large to be drawn.
    """
    try:
        if picture.startswith(JPEG):
            return _jpeg(picture)
        if picture.startswith(PNG):
            return _png(picture)
    except (IndexError, struct.error):
        raise NotTaken(DAMAGED) from None
    raise NotTaken(DAMAGED)


def _jpeg(picture: bytes) -> bytes:
    kept, at = [picture[:2]], 2
    while True:
        if picture[at] != 0xFF:
            raise NotTaken(DAMAGED)
        marker = picture[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            # Whatever follows is no part of it: phones keep a second picture there, with notes of
            # its own.
            return b"".join([*kept, picture[at : at + 2]])
        (length,) = struct.unpack(">H", picture[at + 2 : at + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", picture[at + 5 : at + 9])
            _drawable(width, height)
        ends = at + 2 + length
        if marker == _SCAN:
            ends = _end_of_scan(picture, ends)
        if not _says_something(marker, length):
            kept.append(picture[at:ends])
        at = ends


def _end_of_scan(picture: bytes, at: int) -> int:
    found = _AFTER_A_SCAN.search(picture, at)
    if not found:
        raise NotTaken(DAMAGED)
    return found.start()


def _says_something(marker: int, length: int) -> bool:
    return marker == _COMMENT or (marker in _NOTES and (marker, length) not in _COLOURS)


def _png(picture: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while True:
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        chunk = picture[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise NotTaken(DAMAGED)
        if name == b"IHDR":
            _drawable(*struct.unpack(">II", chunk[8:16]))
        if name in _DRAWN:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + length


def _drawable(width: int, height: int) -> None:
    if width * height > MOST_POINTS:
        raise NotTaken(PIXELS)
