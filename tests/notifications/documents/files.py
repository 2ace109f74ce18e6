"""Invented files: good ones with something in them about their makers, and hostile ones."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

# What must be in no file that was cleaned.
MAKER = "Wren Fallowfield of Larkspur Row"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def jpeg(width: int = 60, height: int = 40, *, noted: bool = True) -> bytes:
    """A photograph that says where and by whom it was taken, and how it was held."""
    picture, made = Image.new("RGB", (width, height), "white"), BytesIO()
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    if noted:
        exif[0x0112], exif[0x013B] = 6, MAKER
        exif.get_ifd(0x8825)[1] = "N"
    picture.save(made, "JPEG", exif=exif, comment=MAKER.encode() if noted else b"")
    return made.getvalue()


def png(mode: str = "RGB", *, size: tuple[int, int] = (30, 20), **more: Any) -> bytes:
    """A picture that says who made it."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    said, made = PngInfo(), BytesIO()
    said.add_text("Author", MAKER)
    Image.new(mode, size).save(made, "PNG", pnginfo=said, **more)
    return made.getvalue()


def pdf(change: Any = None, **saved: Any) -> bytes:
    """A page that says who made it, with a photograph that says so too."""
    made = BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(200, 200))
        picture = document.make_stream(jpeg())
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 60, 40, 8
        picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        document.docinfo["/Author"] = MAKER
        with document.open_metadata() as said:
            said["dc:creator"] = [MAKER]
        if change:
            change(document)
        document.save(made, **saved)
    return made.getvalue()


def picture_in(picture: bytes, *, packed: bool = False) -> Any:
    """A change of a PDF: this photograph stands in its page, perhaps packed once more."""

    def change(document: Any) -> None:
        held = document.pages[0].Resources.XObject.Im0
        if packed:
            named = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
            held.write(zlib.compress(picture), filter=named)
        else:
            held.write(picture, filter=pikepdf.Name.DCTDecode)

    return change


def raw_pdf(
    more: bytes = b"", *, pages: bytes = b"/Kids[3 0 R]/Count 1", loose: bytes = b""
) -> bytes:
    """A PDF of one page as it is written, with more in its root, or loose between its parts."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R" + more + b">>",
        b"<</Type/Pages" + pages + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    made, places = b"%PDF-1.7\n", []
    for number, held in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    made += loose
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    listed = b"xref\n0 4\n0000000000 65535 f \n" + listed
    tail = b"%btrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + tail % (listed, len(made))


def docx(
    body: str = "",
    *,
    types: str = MAIN,
    relations: str = "",
    more: dict[str, bytes] | None = None,
    without: tuple[str, ...] = (),
) -> bytes:
    """A document that says who wrote it, in its properties, its comments and its photograph."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{P}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/word/document.xml" ContentType="{types}"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.'
        'openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{P}/relationships">'
        f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{P}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'{_XML}<c xmlns="{P}/metadata/core-properties">{MAKER}</c>',
        "word/document.xml": f'{_XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
        f"<w:p><w:r><w:t>What was said.</w:t></w:r></w:p>{body}</w:body></w:document>",
        "word/comments.xml": f'{_XML}<w:comments xmlns:w="{W}"><w:comment w:id="0"'
        f' w:author="{MAKER}" w:initials="WF" w:date="2026-01-01T00:00:00Z"/></w:comments>',
        "word/_rels/document.xml.rels": f'{_XML}<Relationships xmlns="{P}/relationships">'
        f'<Relationship Id="r1" Type="{R}/hyperlink" Target="https://example.org/"'
        f' TargetMode="External"/>{relations}</Relationships>',
        "word/media/image1.jpeg": jpeg(),
        **(more or {}),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in found.items():
            if name not in without:
                archive.writestr(name, part)
    return made.getvalue()


def parts(content: bytes) -> list[bytes]:
    """A file's bytes, and those of all that lies in it, unpacked."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    if content.startswith(b"%PDF-"):
        with pikepdf.open(BytesIO(content)) as document:
            for one in document.objects:
                found.append(repr(one).encode())
                if isinstance(one, pikepdf.Stream):
                    found.append(_unpacked(one))
    return found


def _unpacked(stream: pikepdf.Stream) -> bytes:
    packed, named = stream.read_raw_bytes(), stream.get("/Filter")
    flat = named == "/FlateDecode" or (
        isinstance(named, pikepdf.Array) and list(named)[:1] == ["/FlateDecode"]
    )
    return zlib.decompress(packed) if flat and packed else packed


def relation(kind: str, target: str) -> str:
    """A relation of a document to something elsewhere."""
    return f'<Relationship Id="r9" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'


def eicar() -> bytes:
    """The test string of the scanners, put together so that no scanner takes this file for it."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


def wide_png(width: int, height: int) -> bytes:
    """A picture of so many points in a few bytes."""
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x00\x00\x00\x00"
    chunks = (head, b"IDAT" + zlib.compress(b"\0"), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(one) - 4).to_bytes(4) + one + zlib.crc32(one).to_bytes(4) for one in chunks
    )
