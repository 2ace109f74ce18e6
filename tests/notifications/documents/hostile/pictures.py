"""Pictures that are too large to be drawn, move, or are none."""

import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from notifications.attached.cleaning import refused
from tests.notifications.documents.files import docx, jpeg, pdf, picture_in, png, wide_png


def wrong() -> Iterator[tuple[str, bytes, str]]:
    """None is drawn."""
    moving = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    yield "picture that moves", moving.getvalue(), refused.ANIMATED
    for width, height in ((50_000, 50_000), (41_000, 1_000), (2**31 - 1, 1), (1, 2**31 - 1)):
        yield f"png of {width} by {height}", wide_png(width, height), refused.PIXELS
    wide = _resized(jpeg(), 65_000, 65_000)
    yield "jpeg of 65,000 by 65,000", wide, refused.PIXELS
    for name, picture in (("png", wide_png(50_000, 50_000)), ("jpeg", wide)):
        held = {f"word/media/image2.{name}": picture}
        yield f"docx with a {name} too large to be drawn", docx(more=held), refused.PIXELS
    yield "pdf with a jpeg too large to be drawn", pdf(picture_in(wide)), refused.PIXELS
    yield "png without points", wide_png(0, 0), refused.DAMAGED
    yield "jpeg without points", _resized(jpeg(), 0, 0), refused.DAMAGED
    yield "jpeg header alone", b"\xff\xd8\xff\xe0", refused.DAMAGED
    yield "png header alone", b"\x89PNG\r\n\x1a\n", refused.DAMAGED
    yield "png that is html", b"\x89PNG\r\n\x1a\n<html><script>", refused.DAMAGED
    yield "png of noughts", b"\x89PNG\r\n\x1a\n" + bytes(5000), refused.DAMAGED
    yield "jpeg of noughts", b"\xff\xd8\xff" + bytes(5000), refused.DAMAGED
    yield "jpeg of one byte over and over", b"\xff\xd8" + b"\xff" * 5000, refused.DAMAGED
    for at in (16, 20, 29):
        yield f"png with another byte at {at}", _flipped(png(), at), refused.DAMAGED
    yield "png of the wrong length", _flipped(png(), 8), refused.DAMAGED
    yield "png without an end", png()[:-12], refused.DAMAGED
    swollen = b"IDAT" + zlib.compress(bytes(2_000_000))
    chunk = (len(swollen) - 4).to_bytes(4) + swollen + zlib.crc32(swollen).to_bytes(4)
    yield "png with more than its points, cut off", png()[:33] + chunk, refused.DAMAGED


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :]


def _resized(content: bytes, width: int, height: int) -> bytes:
    """The JPEG says of itself that it is of another size."""
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + height.to_bytes(2) + width.to_bytes(2) + content[at + 4 :]
