"""Good files in which something else lies: it does not come along."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

from tests.notifications.documents.files import (
    MAKER,
    W,
    docx,
    jpeg,
    pdf,
    picture_in,
    png,
    raw_pdf,
    relation,
)
from tests.notifications.documents.hostile.words import strictly

Name, Dictionary, Array, String = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array, pikepdf.String
MARK = b"Carried-along-4c1f"
Carried = tuple[str, bytes, bytes]


def _with_note(picture: bytes, marker: int, note: bytes = MARK) -> bytes:
    return picture[:2] + bytes([0xFF, marker]) + (len(note) + 2).to_bytes(2) + note + picture[2:]


def two_in_one() -> bytes:
    """A photograph as phones keep it: behind its end a second one, with notes of its own."""
    first, made = Image.open(BytesIO(jpeg(noted=False))), BytesIO()
    first.save(made, "MPO", save_all=True, append_images=[Image.open(BytesIO(jpeg()))])
    return made.getvalue()[:-2] + MARK + b"\xff\xd9"


def in_pictures() -> Iterator[Carried]:
    """Behind the end, in every sort of note, and in a second picture of the same file."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    photograph = jpeg()
    photographs = {
        f"note {marker:x}": _with_note(photograph, marker) for marker in range(0xE0, 0xF0)
    }
    photographs["remark"] = _with_note(photograph, 0xFE)
    photographs["small picture"] = _with_note(photograph, 0xE0, b"JFXX\0\x10" + MARK)
    photographs["behind its end"] = photograph + MARK + b"\xff\xd9"
    photographs["second picture"] = two_in_one()
    for name, content in photographs.items():
        yield f"jpeg, {name}", content, MARK
        yield f"jpeg in a docx, {name}", docx(more={"word/media/image2.jpg": content}), MARK
        yield f"jpeg in a pdf, {name}", pdf(picture_in(content)), MARK
    yield "jpeg packed once more in a pdf", pdf(picture_in(photograph, packed=True)), MAKER.encode()
    said = PngInfo()
    said.add_text("Comment", MARK.decode())
    said.add(b"prVt", MARK)
    said.add(b"eXIf", MARK)
    made = BytesIO()
    Image.new("RGB", (9, 9)).save(made, "PNG", pnginfo=said)
    for name, content in {"notes": made.getvalue(), "behind its end": png() + MARK}.items():
        yield f"png, {name}", content, MARK
        yield f"png in a docx, {name}", docx(more={"word/media/image2.png": content}), MARK


def _described(document: Any) -> None:
    document.docinfo["/Keywords"] = MARK.decode()
    with document.open_metadata() as said:
        said["dc:description"] = MARK.decode()


def _private(document: Any) -> None:
    document.pages[0].PieceInfo = Dictionary(A=Dictionary(Private=String(MARK.decode())))
    document.pages[0].Metadata = document.make_stream(MARK)


def _remarked(document: Any) -> None:
    remark = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents=String("Agreed."),
        T=String(MARK.decode()), M=String(MARK.decode()), CreationDate=String(MARK.decode()),
    )  # fmt: skip
    document.pages[0].Annots = Array([document.make_indirect(remark)])


def in_pdfs() -> Iterator[Carried]:
    """Properties, private parts, who remarked, what nothing leads to, and what stands around."""
    for name, change in {
        "properties": _described,
        "private parts": _private,
        "who remarked, and when": _remarked,
    }.items():
        yield f"pdf, {name}", pdf(change), MARK
    loose = b"9 0 obj\n(" + MARK + b")\nendobj\n"
    yield "pdf, what nothing leads to any more", raw_pdf(loose=loose), MARK
    yield "pdf, a remark between its parts", raw_pdf(loose=b"%" + MARK + b"\n"), MARK
    good = pdf()
    yield "pdf, behind its end", good + MARK, MARK
    yield "pdf, a program behind its end", good + b"\nMZ" + MARK, b"MZ" + MARK
    yield "pdf, an archive behind its end", good + b"PK\x03\x04" + MARK, MARK


def in_documents() -> Iterator[Carried]:
    """Properties, people, times, private parts, and what lies between the parts of the archive."""
    held = b"<a>" + MARK + b"</a>"
    for name in ("docProps/app.xml", "docProps/custom.xml", "docProps/thumbnail.jpeg",
                 "customXml/item1.xml", "_xmlsignatures/sig1.xml"):  # fmt: skip
        yield f"docx, {name}", docx(more={name: held}), MARK
    w15, w16 = "http://schemas.microsoft.com/office/word/2012/wordml", "urn:w16du"
    known = f'<w15:presenceInfo w15:userId="{MARK.decode()}"/>'
    people = f'<w15:people xmlns:w15="{w15}"><w15:person>{known}</w15:person></w15:people>'
    inside = relation("people", "people.xml").replace(' TargetMode="External"', "")
    yield "docx, people", docx(relations=inside, more={"word/people.xml": people.encode()}), MARK
    for attribute in ("w:author", "w:initials", "w:date", "x:author", "x:dateUtc"):
        said = f'<w:bookmarkStart xmlns:x="{w16}" {attribute}="{MARK.decode()}"/>'
        yield f"docx, {attribute}", docx(f"<w:p>{said}</w:p>"), MARK
    yield (
        "docx in strict form, w:date",
        strictly(docx(f'<w:p><w:bookmarkStart w:date="{MARK.decode()}"/></w:p>')),
        MARK,
    )
    notes = f'<w:comments xmlns:w="{W}"><w:comment w:author="{MARK.decode()}"/></w:comments>'
    yield "docx, comments", docx(more={"word/comments.xml": notes.encode()}), MARK
    made = BytesIO(docx())
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = MARK
    yield "docx, remark of the archive", made.getvalue(), MARK
    extra = zipfile.ZipInfo("word/settings.xml")
    extra.extra, extra.comment = b"\xfe\xca" + len(MARK).to_bytes(2, "little") + MARK, MARK
    made = BytesIO(docx())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(extra, b"<a/>")
    yield "docx, remark of a part", made.getvalue(), MARK
    yield "docx, behind its end", docx() + MARK, MARK
