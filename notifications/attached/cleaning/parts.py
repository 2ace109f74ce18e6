"""Pictures inside other files: what they say of the camera, the place and the person goes."""

import struct
import zlib

from notifications.attached.cleaning.refused import DAMAGED, NotTaken

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SCAN, _COMMENT = 0xDA, 0xFE
# The only notes by applications that say how the colours are to be read.
_COLOURS = {0xE0, 0xEE}
_NOTES = range(0xE0, 0xF0)
# What a picture is drawn from; every other chunk says something about it.
_DRAWN = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD"}


def without_notes(picture: bytes) -> bytes:
    """A JPEG or PNG file without its metadata, the picture itself byte for byte as it was.

    Raises NotTaken for what is neither, or is damaged.
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
        if marker == _SCAN:
            end = picture.rfind(b"\xff\xd9")
            if end < at:
                raise NotTaken(DAMAGED)
            # Whatever follows the end of the picture is no part of it.
            kept.append(picture[at : end + 2])
            return b"".join(kept)
        (length,) = struct.unpack(">H", picture[at + 2 : at + 4])
        if marker != _COMMENT and (marker not in _NOTES or marker in _COLOURS):
            kept.append(picture[at : at + 2 + length])
        at += 2 + length


def _png(picture: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while True:
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        chunk = picture[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise NotTaken(DAMAGED)
        if name in _DRAWN:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + length
