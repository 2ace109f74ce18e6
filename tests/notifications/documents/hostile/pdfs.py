"""PDFs that do something, hide that they do, hold files, have a lock, or are none."""

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from notifications.attached.cleaning import refused
from tests.notifications.documents.files import pdf, raw_pdf

Name, Dictionary, Array, String = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array, pikepdf.String
Change = Callable[[Any], None]
_DOES = (
    "JavaScript", "Launch", "ImportData", "SubmitForm", "ResetForm", "GoToE", "GoToR", "Rendition",
    "Movie", "Sound", "RichMediaExecute", "GoTo3DView", "SetOCGState", "Thread",
)  # fmt: skip


def _opening(document: Any, act: Any) -> None:
    document.Root.OpenAction = act


def _closing(document: Any, act: Any) -> None:
    document.Root.AA = Dictionary(WC=act)


def _turning(document: Any, act: Any) -> None:
    document.pages[0].AA = Dictionary(O=document.make_indirect(act))


def _pressing(document: Any, act: Any) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=act)
    document.pages[0].Annots = Array([document.make_indirect(link)])


def _choosing(document: Any, act: Any) -> None:
    item = document.make_indirect(Dictionary(Title=String("Minutes"), A=act))
    document.Root.Outlines = document.make_indirect(Dictionary(First=item, Last=item, Count=1))


def _afterwards(document: Any, act: Any) -> None:
    first = Dictionary(S=Name.URI, URI=String("https://example.org"), Next=Array([act]))
    _pressing(document, first)


_PLACES: dict[str, Callable[[Any, Any], None]] = {
    "on opening": _opening,
    "on closing": _closing,
    "when a page is turned": _turning,
    "when a link is pressed": _pressing,
    "from the list of chapters": _choosing,
    "after something harmless": _afterwards,
}


def doing() -> Iterator[tuple[str, bytes, str]]:
    """Each thing that a PDF can do, in each place that it can do it from."""
    for kind in _DOES:
        for place, put in _PLACES.items():

            def change(document: Any, put: Any = put, kind: str = kind) -> None:
                put(document, Dictionary(S=Name(f"/{kind}"), F=String("x")))

            yield f"{kind} {place}", pdf(change), refused.PROGRAM


def _form(document: Any) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<x/>"))


def _named_script(document: Any) -> None:
    tree = Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS="x")]))
    document.Root.Names = Dictionary(JavaScript=tree)


def _deep_script(document: Any) -> None:
    held: Any = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))
    for _ in range(30):
        held = Dictionary(Kids=Array([held]))
    document.Root.Somewhere = held


def _unreached_script(document: Any) -> None:
    document.make_indirect(Dictionary(JS=String("app.alert(1)")))
    document.Root.Kept = document.make_indirect(Dictionary(Held=Array([Dictionary(JS="x")])))


def hiding() -> Iterator[tuple[str, bytes, str]]:
    """The same, where a search of the file's bytes finds nothing."""
    packed = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
    for name, change in {
        "with a form of its own": _form,
        "with script by name": _named_script,
        "with script deep inside": _deep_script,
        "with script that nothing leads to": _unreached_script,
    }.items():
        yield name, pdf(change), refused.PROGRAM
        yield f"{name}, packed away", pdf(change, **packed), refused.PROGRAM
    for written in (
        b"/S/JavaScript/JS(x)", b"/S /J#61vaScript /JS(x)", b"/#53/#4aavaScript",
        b"/S%comment\n/Launch/F(x)", b"/S/L#61unch", b"/#4a#53(x)", b"/S\0\t\f/SubmitForm",
        b"/Next[<</Next[<</S/Launch>>]>>]", b"/JS<6170702e>",
    ):  # fmt: skip
        yield f"written {written!r}", raw_pdf(b"/OpenAction<<" + written + b">>"), refused.PROGRAM


def _annotated(kind: str) -> Change:
    def change(document: Any) -> None:
        one = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9])
        document.pages[0].Annots = Array([document.make_indirect(one)])

    return change


def _embeds(document: Any) -> None:
    document.attachments["evil.exe"] = b"MZ"


def _of_a_page(document: Any) -> None:
    held = Dictionary(Type=Name.Filespec, F=String("x.exe"))
    document.pages[0].AF = Array([document.make_indirect(held)])


def _stream_with(**said: Any) -> Change:
    def change(document: Any) -> None:
        held = document.make_stream(b"")
        for name, value in said.items():
            held[f"/{name}"] = value
        document.pages[0].Resources.XObject.Elsewhere = held

    return change


def holding() -> Iterator[tuple[str, bytes, str]]:
    """Files inside, and content that stands in other files."""
    for name, change in {"attached": _embeds, "of a page": _of_a_page}.items():
        yield name, pdf(change), refused.OTHER_FILES
    for kind in ("FileAttachment", "RichMedia", "Screen", "3D", "Movie"):
        yield f"with {kind}", pdf(_annotated(kind)), refused.OTHER_FILES
    elsewhere = String("\\\\evil.example\\share\\x")
    streams: dict[str, dict[str, Any]] = {
        "content in a file": {"F": elsewhere},
        "content at an address": {"F": Dictionary(FS=Name.URL, F=String("http://evil.example"))},
        "content in a page of another": {"Subtype": Name.Form, "Ref": Dictionary(F=elsewhere)},
        "a picture of a printing house": {"OPI": Dictionary()},
    }
    for name, said in streams.items():
        yield name, pdf(_stream_with(**said)), refused.OUTSIDE
    for target in (
        "file:///c:/x", "javascript:alert(1)", "\\\\evil.example\\share", "//evil.example/x",
        " FILE://evil.example/x", "ms-msdt:/id", "search-ms:query=x", "data:text/html,x",
    ):  # fmt: skip
        yield f"with a link to {target}", pdf(_linked(target)), refused.OUTSIDE
    based = Dictionary(Base=String("file://evil.example/"))
    yield "whose links begin elsewhere", pdf(_rooted(URI=based)), refused.OUTSIDE


def _linked(target: str) -> Change:
    return lambda document: _pressing(document, Dictionary(S=Name.URI, URI=String(target)))


def _rooted(**said: Any) -> Change:
    def change(document: Any) -> None:
        for name, value in said.items():
            document.Root[f"/{name}"] = value

    return change


def unread() -> Iterator[tuple[str, bytes, str]]:
    """Pictures packed in a way that is not looked into, so that their notes would stay."""
    box = b"\0\0\0\x0cjP  \r\n\x87\n"
    for name, filters in {"plain": ["JPXDecode"], "packed": ["FlateDecode", "JPXDecode"]}.items():
        held = zlib.compress(box) if "FlateDecode" in filters else box
        yield (
            f"with a picture in JPEG 2000, {name}",
            pdf(_streams_of(held, filters, 1)),
            refused.PICTURE,
        )


def locked() -> Iterator[tuple[str, bytes, str]]:
    """Whatever cannot be read without a password, or not be changed without one."""
    for strength in (2, 3, 4, 6):
        how: Any = {"R": strength, "aes": strength > 3, "metadata": strength > 3}
        for user in ("", "b"):
            lock = pikepdf.Encryption(owner="a", user=user, **how)
            name = "to be opened" if user else "to be changed"
            yield f"{name}, of strength {strength}", pdf(encryption=lock), refused.PASSWORD


def broken() -> Iterator[tuple[str, bytes, str]]:
    """What begins as a PDF and is none, or none that ends."""
    good = pdf()
    yield "header alone", b"%PDF-1.7\n", refused.DAMAGED
    yield "header of no version", b"%PDF-", refused.DAMAGED
    yield "of noughts", b"%PDF-1.7\n" + bytes(5000), refused.DAMAGED
    yield "without its list", good.replace(b"startxref", b"startxxxx"), refused.DAMAGED
    yield "whose list is elsewhere", _listed_at(good, 9), refused.DAMAGED
    yield "whose list is behind its end", _listed_at(good, 10**9), refused.DAMAGED
    yield "whose list is before its beginning", _listed_at(good, -1), refused.DAMAGED
    yield "without a page", raw_pdf(pages=b"/Kids[]/Count 0"), refused.DAMAGED
    yield "whose pages hold themselves", raw_pdf(pages=b"/Kids[2 0 R]/Count 1"), refused.DAMAGED
    yield "whose pages are missing", raw_pdf(pages=b"/Kids[9 0 R]/Count 1"), ""
    yield "of brackets", raw_pdf(b"/Deep" + b"[" * 20_000 + b"]" * 20_000), ""
    yield "of brackets that do not end", raw_pdf(b"/Deep" + b"[" * 50_000), ""
    yield "of dictionaries", raw_pdf(b"/Deep" + b"<</A" * 20_000 + b" 1" + b">>" * 20_000), ""


def swelling() -> Iterator[tuple[str, bytes, str]]:
    """Few bytes that unpack to more than a reader should hold, in one stream or in many."""
    once = zlib.compress(bytes(10_000_000), 9)
    for name, packed, filters, times in (
        ("of many small bombs", once, ["FlateDecode"], 30),
        ("of bombs within bombs", zlib.compress(once), ["FlateDecode", "FlateDecode"], 30),
        ("of bombs in letters", once.hex().encode() + b">", ["ASCIIHexDecode", "FlateDecode"], 30),
        ("of one bomb", _bomb(300), ["FlateDecode"], 1),
    ):
        # Packed as they stand: else whoever writes the file packs them anew, all in one way.
        as_is: Any = {
            "compress_streams": False,
            "stream_decode_level": pikepdf.StreamDecodeLevel.none,
        }
        yield name, pdf(_streams_of(packed, filters, times), **as_is), refused.SWOLLEN


def _bomb(megabytes: int) -> bytes:
    packing = zlib.compressobj(1)
    return b"".join(
        [*(packing.compress(bytes(1_000_000)) for _ in range(megabytes)), packing.flush()]
    )


def _streams_of(packed: bytes, filters: list[str], times: int) -> Change:
    def change(document: Any) -> None:
        held = Array([])
        for _ in range(times):
            one = document.make_stream(b"")
            one.write(packed, filter=Array([Name(f"/{name}") for name in filters]))
            held.append(one)
        document.Root.Held = held

    return change


def _listed_at(content: bytes, at: int) -> bytes:
    head, _, tail = content.rpartition(b"startxref\n")
    return head + b"startxref\n" + str(at).encode() + b"\n" + tail.partition(b"\n")[2]
