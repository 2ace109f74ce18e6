"""What stands on each page of a PDF that Chromium printed: its words, read from the file itself.

Only as much of the format as Chromium writes: streams that are deflated, and fonts that say which
sign each of their numbers stands for.
"""

import re
import zlib

OBJECT = re.compile(rb"(?ms)^(\d+) 0 obj\s(.*?)\nendobj")
STREAM = re.compile(rb"(?ms)(.*?)stream\r?\n(.*)\nendstream")
FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bET\b")
RANGES = re.compile(rb"(?s)beginbf(char|range)\n(.*?)endbf")
NUMBERS = re.compile(rb"<([0-9A-Fa-f]+)>")


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, in the order in which they are drawn, without any space."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    fonts = {number: _signs(objects, body) for number, body in objects.items()}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return [_words(objects, fonts, page) for page in pages]


def _words(objects: dict[int, bytes], fonts: dict[int, dict[int, str]], page: bytes) -> str:
    named = {name: fonts[int(number)] for name, number in FONT.findall(page)}
    found: list[str] = []
    signs: dict[int, str] = {}
    for reference in _contents(page):
        for name, number in SHOWN.findall(_stream(objects[reference])):
            if name:
                signs = named[name]
            glyphs = [int(number[place : place + 4], 16) for place in range(0, len(number), 4)]
            found += [signs.get(glyph, "") for glyph in glyphs]
    return "".join(found).replace(" ", "").replace("\xa0", "")


def _contents(page: bytes) -> list[int]:
    (found,) = re.findall(rb"/Contents (?:\[([\d R]+)\]|(\d+) 0 R)", page)
    return [int(number) for number in re.findall(rb"(\d+)(?: 0 R)?", found[0] or found[1])]


def _stream(body: bytes) -> bytes:
    found = STREAM.match(body)
    assert found is not None
    return zlib.decompress(found[2]) if b"/FlateDecode" in found[1] else found[2]


def _signs(objects: dict[int, bytes], body: bytes) -> dict[int, str]:
    """What each number of a font stands for."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", body)
    if table is None:
        return {}
    found = {}
    for kind, lines in RANGES.findall(_stream(objects[int(table[1])])):
        numbers = [int(one, 16) for one in NUMBERS.findall(lines)]
        step = 2 if kind == b"char" else 3
        for place in range(0, len(numbers), step):
            first, *last, sign = numbers[place : place + step]
            for number in range(first, (last[0] if last else first) + 1):
                found[number] = chr(sign + number - first)
    return found
