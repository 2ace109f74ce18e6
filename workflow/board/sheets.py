"""The list of missed dates as a file: CSV, XLSX or ODS, of exactly the rows that were asked for.

A text that a spreadsheet would take for a formula is led by an apostrophe, and every cell of XLSX
and ODS is typed, text as text. Each is made in a file before any of it is sent, since whose cases
it shows has to be in the log by then, and never all in memory. XLSX and ODS hold at most
`MOST_ROWS`: a longer list is refused as a whole, and nothing of it is left out.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape

from workflow.board.asked import LATENESS, SEEN, STANDINGS, Asked
from workflow.board.listing import Breach
from workflow.board.periods import of_address
from workflow.forms.times import LONDON
from workflow.law import duties

Cell = str | int
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# A request has to end: a sheet of so many rows takes some seconds. CSV has no such end.
MOST_ROWS = 50_000
NOT_A_MEASURE = (
    "This is not a performance measure. Authorities differ in how many incidents they have, in "
    "what they know and when: one list does not compare them."
)
HEAD = (
    "Case",
    "Area",
    "Region",
    "Kind of lateness",
    "Date for",
    "Owed by",
    "Counted from",
    "Due",
    "Met",
    "Due by a correction",
    "Later date agreed",
    "Standing",
    "Working days late",
    "Reason given",
    "Escalated",
    "Acknowledged",
    "Acknowledged by",
    "Counted beside",
    "As at",
)
_KINDS = {words: title for words, title, _ in LATENESS.values()}


class TooManyRows(ValueError):
    """The list is longer than a file of this kind may be."""


def guarded(text: str) -> str:
    """The text, led by an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def line(row: Breach, *, at: datetime) -> list[Cell]:
    """A missed date as the cells of a row, in the order of `HEAD`; dates as 2026-11-22."""
    lateness = duties.by_slug(row.duty).lateness
    cells: list[Cell] = [
        row.case.label,
        row.case.authority.name,
        row.case.authority.region,
        _KINDS[lateness],
        row.title,
        row.owed_by,
        _day(row.start_on),
        _day(row.due_on),
        _day(row.met_on),
        _day(row.corrected_due_on),
        _day(row.agreed_on),
        row.standing.words,
        row.standing.working_days,
        row.reason,
        row.escalated,
        moment_words(row.acknowledged_at),
        row.acknowledged_by,
        row.beside,
        moment_words(at),
    ]
    return [guarded(cell) if isinstance(cell, str) else cell for cell in cells]


def about(asked: Asked, *, at: datetime, compares: bool, of_list: bool = True) -> list[list[Cell]]:
    """What stands beside the rows, but for their number: what was asked, and as at when.

    The standing, and whether somebody has looked, narrow the list alone.
    """
    period = of_address(asked.period)
    told: list[tuple[str, Cell]] = [
        ("Kind of lateness", LATENESS[asked.kind][1]),
        ("Area code", asked.area or "All"),
        ("Region", asked.region or "All"),
        ("Date for", duties.by_slug(asked.duty).title if asked.duty else "All"),
        ("Due in", period.title if period else "All dates"),
        ("As at", moment_words(at)),
    ]
    if of_list:
        told.insert(1, ("Standing", STANDINGS[asked.standing]))
        told.insert(-1, ("Acknowledged", SEEN.get(asked.seen, "All")))
    if compares:
        told.append(("Note", NOT_A_MEASURE))
    return [[guarded(name), value] for name, value in told]


def as_csv(
    rows: Iterable[Sequence[Cell]], *, head: Sequence[str] = HEAD, note: str = ""
) -> Iterator[bytes]:
    """The lines of a CSV file with its heading; a note stands in a last column of every row.

    It has no second sheet to stand in, and a line without cells would be none of the table.
    """
    beside = (note,) if note else ()
    # Without the mark some programs read the bytes in an old alphabet.
    yield b"\xef\xbb\xbf"
    yield _csv_line([*head, *(("Note",) if note else ())])
    for row in rows:
        yield _csv_line([*row, *beside])


@dataclass(frozen=True)
class Table:
    """A sheet of rows: its title, its heading, its rows and what stands beside them."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    beside: list[list[Cell]]


def missed(rows: Iterable[Sequence[Cell]], beside: list[list[Cell]]) -> Table:
    """The list of missed dates."""
    return Table("Missed dates", HEAD, rows, beside)


def as_xlsx(table: Table) -> IO[bytes]:
    """An XLSX file at its beginning, with the rows on one sheet and what was asked on another."""
    # Read only when somebody asks for such a file: most processes never do.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)

    for title, lines in _sheets(table):
        sheet = book.create_sheet(title)
        try:
            for row in lines:
                cells = [WriteOnlyCell(sheet, value=value) for value in row]
                for cell, value in zip(cells, row, strict=True):
                    # A guarded text stays text, whatever it begins with.
                    cell.data_type = "n" if isinstance(value, int) else "s"
                sheet.append(cells)
        finally:
            # Also where the list is refused half way: its sheet lies in a file of its own.
            sheet.close()
    made = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    try:
        book.save(made)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def as_ods(table: Table) -> IO[bytes]:
    """The same as an ODS file; its rows go to the file one by one, however many there are."""
    made = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            # The kind comes first and unpacked: that is how the format is recognised.
            archive.writestr("mimetype", ODS, zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", _MANIFEST)
            with archive.open("content.xml", "w", force_zip64=True) as content:
                for part in _ods_content(table):
                    content.write(part.encode())
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" '
    f'xmlns:manifest="{_NAMES}manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ODS_BEGINS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3" '
    f'xmlns:office="{_NAMES}office:1.0" xmlns:table="{_NAMES}table:1.0" '
    f'xmlns:text="{_NAMES}text:1.0"><office:body><office:spreadsheet>'
)
_ODS_ENDS = "</office:spreadsheet></office:body></office:document-content>"


def _ods_content(table: Table) -> Iterator[str]:
    yield _ODS_BEGINS
    for title, lines in _sheets(table):
        yield f'<table:table table:name="{title}">'
        yield from (_ods_row(row) for row in lines)
        yield "</table:table>"
    yield _ODS_ENDS


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(value) for value in row)}</table:table-row>"


def _ods_cell(value: Cell) -> str:
    words = f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
    if isinstance(value, int):
        head = f'<table:table-cell office:value-type="float" office:value="{value}">'
    else:
        head = '<table:table-cell office:value-type="string">'
    return head + words


def _printable(text: str) -> str:
    """Without the signs that no XML may hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _sheets(table: Table) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
    """The sheets of a file, one after the other: the second says how many rows the first holds."""
    number = 0

    def counted() -> Iterator[Sequence[Cell]]:
        nonlocal number
        yield table.head
        for row in table.rows:
            number += 1
            if number > MOST_ROWS:
                raise TooManyRows
            yield [_printable(cell) if isinstance(cell, str) else cell for cell in row]

    yield table.title, counted()
    yield "About", iter([*table.beside, ["Rows", number]])


def _csv_line(row: Sequence[Cell]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(row)
    return buffer.getvalue().encode()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def moment_words(at: datetime | None) -> str:
    """A moment in London as a cell holds it: 2026-11-22 08:00; "" for none."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}" if at else ""
