"""The hostile corpus: files by what is wrong with them, and the word by which each is refused."""

import gzip
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

from notifications.attached.cleaning import refused
from tests.notifications.documents import files
from tests.notifications.documents.files import W, docx, jpeg, pdf, png, relation

Hostile = tuple[str, bytes, str]
Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array


def every() -> list[Hostile]:
    """All of them."""
    found = [*_no_kind(), *_pdfs(), *_documents(), *_packed(), *_pictures(), *_texts(), *_cut_off()]
    assert len({name for name, _, _ in found}) == len(found)
    return found


def _no_kind() -> Iterator[Hostile]:
    for name, content in {
        "html": b"<!doctype html><script>alert(1)</script>",
        "html after blank lines": b"\n\n\t <HTML><body onload=x>",
        "svg with script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>',
        "svg after an xml declaration": b'<?xml version="1.0"?><svg onload="x"/>',
        "tag far inside": b"Minutes.\n" * 500 + b"< script >x</script>",
        "shell script": b"#!/bin/sh\nrm -rf ~",
        "batch file": b"@echo off\r\nformat c:",
        "rich text": b"{\\rtf1\\ansi{\\object}}",
        "postscript": b"%!PS-Adobe-3.0\n(x) run",
        "web archive": b"MIME-Version: 1.0\nContent-Type: multipart/related",
        "program for Windows": b"MZ\x90\x00\x03" + bytes(200),
        "program for Linux": b"\x7fELF\x02\x01\x01" + bytes(200),
        "old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "gzip": gzip.compress(b"a" * 1000),
        "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        "null bytes": b"Minutes\0of the meeting",
        "control characters": b"Minutes \x1b[2J of the meeting",
        "not utf-8 nor windows": b"\x81\x8d\x8f\x90\x9d",
        "utf-16 cut short": b"\xff\xfeA",
        "html in utf-16": b"\xff\xfe" + "<html>".encode("utf-16-le"),
        "webp": b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(14),
        "tar": b"a" * 100 + bytes(412),
    }.items():
        yield name, content, refused.KIND
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "a")
    yield "an archive of texts", plain.getvalue(), refused.KIND


def _does(kind: str, **more: Any) -> Any:
    def change(document: Any) -> None:
        document.Root.OpenAction = Dictionary(S=Name(f"/{kind}"), **more)

    return change


def _annotated(kind: str, **more: Any) -> Any:
    def change(document: Any) -> None:
        one = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9], **more)
        document.pages[0].Annots = Array([document.make_indirect(one)])

    return change


def _embeds(document: Any) -> None:
    document.attachments["evil.exe"] = b"MZ"


def _form(document: Any) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<x/>"))


def _named_script(document: Any) -> None:
    tree = Dictionary(Names=Array([pikepdf.String("a"), Dictionary(S=Name.JavaScript, JS="x")]))
    document.Root.Names = Dictionary(JavaScript=tree)


def _deep_script(document: Any) -> None:
    held: Any = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))
    for _ in range(30):
        held = Dictionary(Kids=Array([held]))
    document.Root.Somewhere = held


def _pdfs() -> Iterator[Hostile]:
    for kind in ("JavaScript", "Launch", "ImportData", "SubmitForm", "GoToR", "GoToE"):
        yield f"pdf that does {kind} on opening", pdf(_does(kind)), refused.PROGRAM
    packed = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
    yield "pdf with script packed away", pdf(_deep_script, **packed), refused.PROGRAM
    yield "pdf with script deep inside", pdf(_deep_script), refused.PROGRAM
    yield "pdf with script by name", pdf(_named_script), refused.PROGRAM
    yield "pdf with a form of its own", pdf(_form), refused.PROGRAM
    yield (
        "pdf that launches by a link",
        pdf(_annotated("Link", A=Dictionary(S=Name.Launch))),
        refused.PROGRAM,
    )
    yield "pdf with a file in it", pdf(_embeds), refused.OTHER_FILES
    for kind in ("FileAttachment", "RichMedia", "Screen", "3D", "Movie"):
        yield f"pdf with {kind}", pdf(_annotated(kind)), refused.OTHER_FILES
    lock = pikepdf.Encryption(owner="a", user="b")
    yield "pdf behind a password", pdf(encryption=lock), refused.PASSWORD
    lock = pikepdf.Encryption(owner="a", user="")
    yield "pdf that may not be copied", pdf(encryption=lock), refused.PASSWORD
    yield "pdf header alone", b"%PDF-1.7\n", refused.DAMAGED
    yield "pdf of noughts", b"%PDF-1.7\n" + bytes(5000), refused.DAMAGED
    yield "html before a pdf", b"<html></html>" + pdf(), refused.KIND
    yield "program before a pdf", b"MZ" + bytes(500) + pdf(), refused.KIND


def _field(text: str) -> str:
    return f"<w:p><w:r><w:instrText>{text}</w:instrText></w:r></w:p>"


def _documents() -> Iterator[Hostile]:
    macro = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    yield "docx with a macro", docx(more=macro), refused.PROGRAM
    enabled = "application/vnd.ms-word.document.macroEnabled.main+xml"
    yield "docm called docx", docx(types=enabled), refused.PROGRAM
    yield "docx with a control", docx(more={"word/activeX/activeX1.xml": b"<x/>"}), refused.PROGRAM
    ole = {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}
    yield "docx with another file", docx(more=ole), refused.OTHER_FILES
    yield "docx with a program", docx(more={"word/media/image2.exe": b"MZ"}), refused.OTHER_FILES
    yield (
        "docx with a drawing that acts",
        docx(more={"word/media/image2.svg": b"<svg><script/></svg>"}),
        refused.OTHER_FILES,
    )
    yield "docx with html", docx(more={"word/afchunk.html": b"<html>"}), refused.OTHER_FILES
    for kind in ("attachedTemplate", "oleObject", "image", "subDocument", "frame"):
        away = relation(kind, "https://evil.example/x")
        yield f"docx with {kind} elsewhere", docx(relations=away), refused.OUTSIDE
    share = relation("hyperlink", "file://evil.example/share")
    yield "docx with a link to a share", docx(relations=share), refused.OUTSIDE
    for word in ("DDEAUTO c:\\cmd.exe", "INCLUDETEXT http://evil.example", "dde x y"):
        yield f"docx with {word[:11]}", docx(_field(word)), refused.OUTSIDE
    cut = "<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO x"
    yield "docx with a cut instruction", docx(f"{cut}</w:instrText></w:r></w:p>"), refused.OUTSIDE


def _packed() -> Iterator[Hostile]:
    for tag in ("ins", "del", "moveFrom"):
        yield f"docx with tracked {tag}", docx(f"<w:p><w:{tag} w:id='1'/></w:p>"), refused.TRACKED
    bomb = f'<!DOCTYPE a [<!ENTITY b "{"x" * 99}"><!ENTITY c "{"&b;" * 99}">]>'
    document = f'{bomb}<w:document xmlns:w="{W}">&c;</w:document>'.encode()
    yield "docx with entities", docx(more={"word/document.xml": document}), refused.DAMAGED
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    yield "docx that reads a file", docx(more={"word/document.xml": outside}), refused.DAMAGED
    wide = outside.decode().encode("utf-16")
    yield "the same in utf-16", docx(more={"word/document.xml": wide}), refused.DAMAGED
    for path in ("../../etc/passwd.xml", "/etc/passwd.xml", "word\\..\\x.xml"):
        yield f"docx with the part {path}", docx(more={path: b"<x/>"}), refused.DAMAGED
    yield "docx that is a bomb", docx(more={"word/a.xml": bytes(20_000_000)}), refused.SWOLLEN
    many = {f"word/a{number}.xml": b"<x/>" for number in range(2_001)}
    yield "docx of too many parts", docx(more=many), refused.SWOLLEN
    yield "archive in an archive", docx(more={"word/media/a.zip": docx()}), refused.OTHER_FILES
    yield "docx without a list of parts", docx(without=("[Content_Types].xml",)), refused.KIND
    yield "spreadsheet", docx(types="application/vnd.ms-excel.sheet.main+xml"), refused.KIND
    yield "html before a docx", b"<html></html>" + docx(), refused.KIND
    yield "docx that says another size", _lying(docx()), refused.DAMAGED
    broken = {"word/media/image1.jpeg": b"GIF89a"}
    yield "docx with a picture that is none", docx(more=broken), refused.DAMAGED


def _lying(content: bytes) -> bytes:
    """What the archive's own list says of a part is not what is there."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 20] + (7).to_bytes(4, "little") * 2 + content[at + 28 :]


def _pictures() -> Iterator[Hostile]:
    moving = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    yield "picture that moves", moving.getvalue(), refused.ANIMATED
    yield "picture of 2,500 million points", files.wide_png(50_000, 50_000), refused.PIXELS
    yield "picture of 41 million points", files.wide_png(41_000, 1_000), refused.PIXELS
    yield "picture without points", files.wide_png(0, 0), refused.DAMAGED
    yield "jpeg header alone", b"\xff\xd8\xff\xe0", refused.DAMAGED
    yield "png header alone", b"\x89PNG\r\n\x1a\n", refused.DAMAGED
    yield "png that is html", b"\x89PNG\r\n\x1a\n<html><script>", refused.DAMAGED


def _texts() -> Iterator[Hostile]:
    for tag in ("iframe src=x", "object data=x", "embed", "body onload=x", "!DOCTYPE html"):
        yield f"text with {tag}", f"Minutes of Monday. <{tag}>".encode(), refused.KIND


def _cut_off() -> Iterator[Hostile]:
    """Every good file cut at many places: none of it passes for whole."""
    whole = {"pdf": pdf(), "docx": docx(), "png": png(), "jpeg": jpeg(600, 400)}
    for kind, content in whole.items():
        for part in range(60):
            # From where its kind can be told.
            cut = content[: 8 + (len(content) - 8) * part // 60]
            yield f"{kind} cut at {part} of 60", cut, ""
