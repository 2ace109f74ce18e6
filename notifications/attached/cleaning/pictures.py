"""A picture: drawn anew from its points alone, so that nothing else of the file is left."""

from io import BytesIO
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps

from notifications.attached.cleaning import parts
from notifications.attached.cleaning.refused import ANIMATED, DAMAGED, PIXELS, NotTaken

_MODES = {"jpeg": {"L", "RGB"}, "png": {"L", "LA", "RGB", "RGBA"}}


def clean(content: bytes, kind: str) -> bytes:
    """The picture turned the right way up, without notes of any sort, as a file of its kind."""
    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = parts.MOST_POINTS
            # What is cut off before its end is refused here; its reader might forgive it.
            parts.without_notes(content)
            return _drawn_anew(content, kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotTaken(PIXELS) from None
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError):
        raise NotTaken(DAMAGED) from None


def _drawn_anew(content: bytes, kind: str) -> bytes:
    with Image.open(BytesIO(content), formats=[kind.upper()]) as opened:
        # Of the pictures that a phone keeps in one photograph the first is the photograph.
        if kind == "png" and getattr(opened, "n_frames", 1) > 1:
            raise NotTaken(ANIMATED)
        see_through = kind == "png" and ("transparency" in opened.info or "A" in opened.mode)
        # What the camera noted of how it was held is followed before it goes. Of so many points
        # two copies fit into the memory there is, and no third.
        ImageOps.exif_transpose(opened, in_place=True)
        if opened.mode in _MODES[kind]:
            points = opened.crop((0, 0, *opened.size))
        else:
            points = opened.convert("RGBA" if see_through else "RGB")
    points.info = {}
    made = BytesIO()
    if kind == "jpeg":
        points.save(made, "JPEG", quality=92, subsampling=0)
    else:
        points.save(made, "PNG")
    return made.getvalue()
