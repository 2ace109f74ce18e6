"""A PDF: refused when it could do something, else written anew without who made it and when."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from notifications.attached.cleaning import parts
from notifications.attached.cleaning.refused import (
    DAMAGED,
    OTHER_FILES,
    OUTSIDE,
    PASSWORD,
    PICTURE,
    PROGRAM,
    NotTaken,
)
from notifications.attached.cleaning.unpacked import filters_of, weigh

_DOES = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToE", "/GoToR",
    "/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView", "/SetOCGState",
    "/Thread",
}  # fmt: skip
_PROGRAMS = {"/JS", "/JavaScript", "/XFA"}
_FILES = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/AF"}
_HOLDS_FILES = {"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen", "/3D", "/Movie"}
# Where a link may lead: a person follows it or does not. One without such a beginning is an address
# of the web that somebody typed, as long as nothing says where else it begins.
_LINKS = ("http://", "https://", "mailto:", "tel:")
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.\-]*:|[\\/]{2})", re.IGNORECASE)
# Said of the file, its maker and its programs, or done on opening it: a reader needs none of it.
_GOES = ("/Metadata", "/PieceInfo", "/LastModified", "/OpenAction", "/AA")
# Who wrote a remark, and when; of the field of a form the first of them is what it is called.
_REMARKED = ("/T", "/M", "/CreationDate", "/NM")


def clean(content: bytes) -> bytes:
    """The same pages in a new file; NotTaken when the file holds a program, a file or a lock."""
    try:
        # What a repair makes of a broken file may not be what its author saw.
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            return _written_anew(pdf)
    except pikepdf.PasswordError:
        raise NotTaken(PASSWORD) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise NotTaken(DAMAGED) from None


def _written_anew(pdf: pikepdf.Pdf) -> bytes:
    if pdf.is_encrypted:
        raise NotTaken(PASSWORD)
    everything = [one for found in list(pdf.objects) for one in _within(found)]
    # All of it is looked at before any of it goes.
    for one in everything:
        _look_at(one)
    weigh(everything)
    for one in everything:
        _strip(one, pdf)
    for name in ("/Info", "/ID"):
        if name in pdf.trailer:
            del pdf.trailer[name]
    if not len(pdf.pages):
        raise NotTaken(DAMAGED)
    made = BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def _within(found: Any) -> Iterator[Any]:
    """An object and what stands in it, as far as it is not an object of its own."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            held = [value for _, value in one.items()]
        elif isinstance(one, pikepdf.Array):
            held = list(one)
        else:
            continue
        # Numbers and the like are none of its objects.
        waiting += [value for value in held if not getattr(value, "is_indirect", True)]


def _look_at(one: Any) -> None:
    names = set(one.keys())
    if names & _PROGRAMS or str(one.get("/S", "")) in _DOES:
        raise NotTaken(PROGRAM)
    kinds = {str(one.get("/Type", "")), str(one.get("/Subtype", ""))}
    if names & _FILES or kinds & _HOLDS_FILES:
        raise NotTaken(OTHER_FILES)
    if any(_leads_away(one.get(name)) for name in ("/URI", "/Base")):
        raise NotTaken(OUTSIDE)
    # Such content stands in another file, or in a page of one.
    if isinstance(one, pikepdf.Stream) and names & {"/F", "/Ref", "/OPI"}:
        raise NotTaken(OUTSIDE)


def _leads_away(target: Any) -> bool:
    # Of the whole file the name stands for a dictionary.
    if not isinstance(target, pikepdf.String):
        return False
    said = str(target)
    return bool(_ELSEWHERE.match(said)) and not said.strip().lower().startswith(_LINKS)


def _strip(one: Any, pdf: pikepdf.Pdf) -> None:
    remark = "/Rect" in one and one.get("/Subtype") != "/Widget"
    for name in (*_GOES, *(_REMARKED if remark else ())):
        if name in one:
            del one[name]
    if isinstance(one, pikepdf.Stream):
        _strip_photograph(one, pdf)


def _strip_photograph(one: pikepdf.Stream, pdf: pikepdf.Pdf) -> None:
    """A photograph keeps its place and its camera inside the page."""
    filters = filters_of(one)
    if "/JPXDecode" in filters:
        # It has notes of its own, and nothing here reads it.
        raise NotTaken(PICTURE)
    if filters[-1:] != ["/DCTDecode"]:
        if "/DCTDecode" in filters:
            raise NotTaken(DAMAGED)
        return
    packed = one.read_raw_bytes()
    if len(filters) > 1:
        around = pdf.make_stream(packed)
        around.Filter = pikepdf.Array([pikepdf.Name(one) for one in filters[:-1]])
        packed = around.read_bytes()
    one.write(parts.without_notes(packed), filter=pikepdf.Name.DCTDecode)
