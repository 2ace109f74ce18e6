"""What is of no kind that is taken, texts that are more than text, and what is cut off."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Iterator
from io import BytesIO

from notifications.attached.cleaning import refused
from tests.notifications.documents.files import docx, jpeg, pdf, png

_OF_NO_KIND = {
    "program for Windows": b"MZ\x90\x00\x03" + bytes(200),
    "program for Linux": b"\x7fELF\x02\x01\x01" + bytes(200),
    "program for Apple": b"\xcf\xfa\xed\xfe" + bytes(200),
    "program for Java": b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(200),
    "link of Windows": b"L\0\0\0\x01\x14\x02\0" + bytes(200),
    "cabinet": b"MSCF\0\0\0\0" + bytes(100),
    "help with programs": b"ITSF\x03\0\0\0" + bytes(100),
    "old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "disk image": bytes(32_769) + b"CD001",
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(100),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "gzip": gzip.compress(b"a" * 1000),
    "gzip that is a bomb": gzip.compress(bytes(20_000_000)),
    "bzip2": bz2.compress(b"a" * 1000),
    "xz": lzma.compress(b"a" * 1000),
    "tar": b"a" * 100 + bytes(412),
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "bmp": b"BM\x3a\0\0\0\0\0\0\0" + bytes(60),
    "tiff": b"II*\0\x08\0\0\0" + bytes(60),
    "webp": b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(14),
    "heic": b"\0\0\0\x18ftypheic" + bytes(60),
    "film": b"\0\0\0\x18ftypmp42" + bytes(60),
    "flash": b"FWS\x09" + bytes(60),
    "database": b"SQLite format 3\0" + bytes(100),
    "metafile": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "font": b"\0\x01\0\0\0\x0c" + bytes(60),
    "noughts": bytes(5000),
    "noise": bytes(range(256)) * 20,
}


def of_no_kind() -> Iterator[tuple[str, bytes, str]]:
    """Programs, archives, films and the like, by how each begins."""
    for name, content in _OF_NO_KIND.items():
        yield name, content, refused.KIND
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "a")
    yield "an archive of texts", plain.getvalue(), refused.KIND
    java = BytesIO()
    with zipfile.ZipFile(java, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: a")
    yield "an archive of programs", java.getvalue(), refused.KIND


_BEGIN = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after blank lines": b"\n\n\t <HTML><body onload=x>",
    "svg with script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>',
    "svg after an xml declaration": b'<?xml version="1.0"?><svg onload="x"/>',
    "comment that is html": b"<!-- <b> --><a href=javascript:x>",
    "style sheet for xml": b"<?xml-stylesheet href='x'?><a/>",
    "program of Windows": b"<job><script language=VBScript>x</script></job>",
    "shell script": b"#!/bin/sh\nrm -rf ~",
    "python": b"#!/usr/bin/env python3\nimport os",
    "batch file": b"@echo off\r\nformat c:",
    "batch file in capitals": b"@ECHO OFF\r\nformat c:",
    "rich text": b"{\\rtf1\\ansi{\\object}}",
    "postscript": b"%!PS-Adobe-3.0\n(x) run",
    "web archive": b"MIME-Version: 1.0\nContent-Type: multipart/related",
    "null bytes": b"Minutes\0of the meeting",
    "control characters": b"Minutes \x1b[2J of the meeting",
    "bell": b"Minutes \x07 of the meeting",
    "deleted character": b"Minutes \x7f of the meeting",
    "not utf-8 nor windows": b"\x81\x8d\x8f\x90\x9d",
    "utf-16 cut short": b"\xff\xfeA",
    "utf-32": b"\xff\xfe\0\0" + "Minutes".encode("utf-32-le"),
    "private characters": "Minutes \ue000".encode(),
    "characters of nobody": "Minutes \ufffe".encode(),
    "surrogates": b"Minutes \xed\xa0\x80\x81",
}


def texts() -> Iterator[tuple[str, bytes, str]]:
    """What a browser, a shell or a reader would take for more than text."""
    for name, content in _BEGIN.items():
        yield name, content, refused.KIND
    for tag in ("html", "svg onload=x", "script"):
        for encoding in ("utf-16-le", "utf-16-be"):
            mark = b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff"
            yield f"{tag} in {encoding}", mark + f"<{tag}>".encode(encoding), refused.KIND
    for tag in (
        "iframe src=x", "object data=x", "embed", "body onload=x", "!DOCTYPE html", "svg/onload=x",
        "SCRIPT", " script ", "HtMl", "?xml version=1",
    ):  # fmt: skip
        far = "Minutes of Monday.\n" * 500
        yield f"text with {tag}", f"Minutes of Monday. <{tag}>".encode(), refused.KIND
        yield f"text with {tag} far inside", f"{far}<{tag}>{far}".encode(), refused.KIND
    for turned in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
        name = f"text turned by {ord(turned):x}"
        yield name, f"Minutes {turned}fdp.exe".encode(), refused.KIND


def cut_off() -> Iterator[tuple[str, bytes, str]]:
    """Good files cut early, in the middle and just before the end: none passes for whole."""
    whole = {"pdf": pdf(), "docx": docx(), "png": png(), "jpeg": jpeg(600, 400)}
    for kind, content in whole.items():
        for part in (1, 10, 25, 50, 75, 90, 98):
            # From where its kind can be told.
            cut = content[: 8 + (len(content) - 8) * part // 100]
            yield f"{kind} cut at {part} of 100", cut, ""
