"""A Word document (.docx): an archive of which only known parts are kept, each rewritten."""

import re
import zipfile
import zlib
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
_TYPES = "[Content_Types].xml"
# Said of the file and of who made it; pictures of its first page.
_GOES = ("docProps/", "customXml/", "_xmlsignatures/", "word/people.xml")
_PROGRAMS = ("vbaproject", "vbadata", "activex", "macrosheet", "word/attachedtoolbars")
_PICTURES = (".png", ".jpg", ".jpeg")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGES = {
    f"{_W}{name}"
    for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel")
}
# Of whatever version of Word, each of which has a namespace of its own.
_ABOUT_A_PERSON = {"author", "initials"}
_ABOUT_A_TIME = {f"{_W}date", "dateUtc"}
_LEADS = {"src", "href", "althref"}
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.\-]*:|\\\\|//)", re.IGNORECASE)
# Instructions that fetch or start something when the document is opened.
_FETCHES = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE")
_LINKS = ("http://", "https://", "mailto:")


def clean(content: bytes) -> bytes:
    """The document without properties, authors or notes in its pictures; NotTaken says why not."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise NotTaken(DAMAGED) from None
    if _TYPES not in found:
        raise NotTaken(KIND)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in found.items():
            if not name.startswith(_GOES):
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
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for one in entries:
        name = one.filename
        if one.flag_bits & 1:
            raise NotTaken(PASSWORD)
        if name in found or name.startswith("/") or "\\" in name or ".." in name.split("/"):
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
        return _rewritten(name, part)
    if lower.startswith("word/media/") and lower.endswith(_PICTURES):
        return parts.without_notes(part)
    raise NotTaken(OTHER_FILES)


def _rewritten(name: str, part: bytes) -> bytes:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root: Any = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as fault:
        memory = fault.code == etree.ErrorTypes.ERR_NO_MEMORY
        raise NotTaken(TOO_MUCH if memory else DAMAGED) from None
    if root.getroottree().docinfo.doctype:
        raise NotTaken(DAMAGED)
    if name == _TYPES:
        _types(root)
    elif name.endswith(".rels"):
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
        if isinstance(one.tag, str) and one.get("PartName", "").lstrip("/").startswith(_GOES):
            root.remove(one)


def _relations(root: Any) -> None:
    for one in list(root):
        if not isinstance(one.tag, str):
            root.remove(one)
            continue
        target, kind = one.get("Target", ""), one.get("Type", "").rpartition("/")[2]
        if one.get("TargetMode", "").lower() == "external":
            # A person follows a link or does not; everything else is fetched unasked.
            if kind != "hyperlink" or not target.lower().startswith(_LINKS):
                raise NotTaken(OUTSIDE)
        elif kind in {"oleObject", "package", "aFChunk", "control", "subDocument"}:
            raise NotTaken(OTHER_FILES)
        elif kind == "people" or target.lstrip("/").removeprefix("../").startswith(_GOES):
            root.remove(one)


def _words(root: Any) -> None:
    for one in root.iter():
        if one.tag in _CHANGES:
            raise NotTaken(TRACKED)
        if isinstance(one.tag, str):
            _attributes(one)
    paragraphs = [
        # An instruction may be cut into many pieces.
        "".join(one.text or "" for one in paragraph.iter(f"{_W}instrText"))
        for paragraph in (root, *root.iter(f"{_W}p"))
    ]
    simple = [one.get(f"{_W}instr", "") for one in root.iter(f"{_W}fldSimple")]
    if any(word in _FETCHES for text in (*paragraphs, *simple) for word in text.upper().split()):
        raise NotTaken(OUTSIDE)


def _attributes(one: Any) -> None:
    for name, value in one.attrib.items():
        local = name.rpartition("}")[2]
        # Drawings of older versions lead elsewhere without a relation.
        if local.lower() in _LEADS and _ELSEWHERE.match(value):
            raise NotTaken(OUTSIDE)
        if name in _ABOUT_A_TIME or local in _ABOUT_A_TIME:
            del one.attrib[name]
        elif local in _ABOUT_A_PERSON:
            one.attrib[name] = ""
