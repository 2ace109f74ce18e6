"""A Word document (.docx): an archive of which only known parts are kept, each rewritten."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from notifications.attached.cleaning import parts
from notifications.attached.cleaning.refused import (
    DAMAGED,
    KIND,
    OTHER_FILES,
    OUTSIDE,
    PASSWORD,
    PROGRAM,
    SWOLLEN,
    TOO_MUCH,
    TRACKED,
    NotTaken,
)

MOST_PARTS = 2_000
MOST_UNPACKED = 64 * 1024 * 1024
MOST_RATIO = 100
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Names of parts are one where they differ in capitals alone (ISO/IEC 29500-2, 6.2.2.3).
_TYPES = "[content_types].xml"
# Said of the file and of who made it; pictures of its first page.
_GOES = ("docprops/", "customxml/", "_xmlsignatures/", "word/people.xml")
_PROGRAMS = ("vbaproject", "vbadata", "activex", "macrosheet", "word/attachedtoolbars")
_PICTURES = (".png", ".jpg", ".jpeg")
# Names are compared without their namespaces: the strict form of these documents (ISO/IEC 29500,
# part 1) has others than the usual one, and each version of Word adds its own.
_CHANGES = {
    "ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "delText", "delInstrText",
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange",
}  # fmt: skip
_ABOUT_A_PERSON = {"author", "initials"}
_ABOUT_A_TIME = {"date", "dateUtc"}
_LEADS = {"src", "href", "althref"}
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.\-]*:|\\\\|//)", re.IGNORECASE)
# Instructions that fetch or start something when the document is opened.
# What follows them need not be a space; a part of an address is none of them.
_FETCHES = re.compile(
    r"(?<![a-z/.\-_?&=#%])(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_LINKS = ("http://", "https://", "mailto:")


def clean(content: bytes) -> bytes:
    """The document without properties, authors or notes in its pictures; NotTaken says why not."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise NotTaken(DAMAGED) from None
    if _TYPES not in {name.lower() for name in found}:
        raise NotTaken(KIND)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in found.items():
            if not name.lower().startswith(_GOES):
                # Always of the same day, so that nothing is said of when it was written.
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, _part(name, part))
    return made.getvalue()


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every part by name; NotTaken for what unpacks to too much, or would lie elsewhere."""
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise NotTaken(SWOLLEN)
    if len({one.filename.lower() for one in entries}) < len(entries):
        raise NotTaken(DAMAGED)
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for one in entries:
        name = one.filename
        if one.flag_bits & 1:
            raise NotTaken(PASSWORD)
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise NotTaken(DAMAGED)
        with archive.open(one) as part:
            # What the archive says of a part's size is not believed.
            found[name] = part.read(left + 1)
        left -= len(found[name])
        swollen = len(found[name]) > MOST_RATIO * max(one.compress_size, 1024)
        if left < 0 or swollen:
            raise NotTaken(SWOLLEN)
    return found


def _part(name: str, part: bytes) -> bytes:
    lower = name.lower()
    if any(word in lower for word in _PROGRAMS):
        raise NotTaken(PROGRAM)
    if lower.endswith((".xml", ".rels")):
        return _rewritten(lower, part)
    if lower.startswith("word/media/") and lower.endswith(_PICTURES):
        return parts.without_notes(part)
    raise NotTaken(OTHER_FILES)


def _rewritten(lower: str, part: bytes) -> bytes:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root: Any = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as fault:
        memory = fault.code == etree.ErrorTypes.ERR_NO_MEMORY
        raise NotTaken(TOO_MUCH if memory else DAMAGED) from None
    if root.getroottree().docinfo.doctype:
        raise NotTaken(DAMAGED)
    if lower == _TYPES:
        _types(root)
    elif lower.endswith(".rels"):
        _relations(root)
    else:
        _words(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _types(root: Any) -> None:
    kinds = [one.get("ContentType", "") for one in root.iter() if isinstance(one.tag, str)]
    if any("macroenabled" in kind.lower() or "vba" in kind.lower() for kind in kinds):
        raise NotTaken(PROGRAM)
    if _MAIN not in kinds:
        raise NotTaken(KIND)
    for one in list(root):
        part = one.get("PartName", "").lstrip("/").lower() if isinstance(one.tag, str) else ""
        if part.startswith(_GOES):
            root.remove(one)


def _relations(root: Any) -> None:
    for one in list(root):
        if not isinstance(one.tag, str):
            root.remove(one)
            continue
        if _local(one.tag) != "Relationship" or len(one):
            # What lies within another element might count, and would not be looked at.
            raise NotTaken(DAMAGED)
        target, kind = one.get("Target", ""), one.get("Type", "").rpartition("/")[2]
        if one.get("TargetMode", "").lower() == "external":
            # A person follows a link or does not; everything else is fetched unasked.
            if kind != "hyperlink" or not target.lower().startswith(_LINKS):
                raise NotTaken(OUTSIDE)
        elif kind in {"oleObject", "package", "aFChunk", "control", "subDocument"}:
            raise NotTaken(OTHER_FILES)
        elif kind == "people" or target.lower().lstrip("/").removeprefix("../").startswith(_GOES):
            root.remove(one)


def _words(root: Any) -> None:
    for one in root.iter():
        if isinstance(one.tag, str):
            if _local(one.tag) in _CHANGES:
                raise NotTaken(TRACKED)
            _attributes(one)
    if any(_FETCHES.search(said) for said in _instructions(root)):
        raise NotTaken(OUTSIDE)


def _instructions(root: Any) -> Iterator[str]:
    """What the fields of a part say, read in each way in which they could be."""
    # An instruction may be cut into many pieces, and may begin within another one.
    for whole in (root, *root.iter("{*}p")):
        pieces = list(whole.iter("{*}instrText", "{*}fldChar"))
        for between in ("", " "):
            yield "".join(
                between if _local(one.tag) == "fldChar" else one.text or "" for one in pieces
            )
    for one in root.iter("{*}fldSimple"):
        yield from (value for name, value in one.attrib.items() if _local(name) == "instr")


def _attributes(one: Any) -> None:
    for name, value in one.attrib.items():
        local = _local(name)
        # Drawings of older versions lead elsewhere without a relation.
        if local.lower() in _LEADS and _ELSEWHERE.match(value):
            raise NotTaken(OUTSIDE)
        if local in _ABOUT_A_TIME:
            del one.attrib[name]
        elif local in _ABOUT_A_PERSON:
            one.attrib[name] = ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
