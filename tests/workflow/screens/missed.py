"""Missed dates of every make, and how a test reads their list, page by page and from a file."""

import csv
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client
from openpyxl import load_workbook

from tests.story import Cast, Story, a_case, day, moment
from tests.templates.markup import Element, Markup
from workflow import services
from workflow.machine.notification_states import Proposal

Rows = list[list[str]]
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def told(cast: Cast) -> dict[str, Story]:
    """Two areas, three kinds of lateness, two reporting years; and what is counted beside."""
    stories = {
        "in time": a_case(cast, aware="2026-10-01").notified("2026-10-02"),
        "late": a_case(cast, aware="2026-11-02").notified("2026-11-12", late_reason="other"),
        "late review": a_case(cast, aware="2026-09-01").notified("2026-09-02").reviewed(
            "2026-10-20"
        ),
        "last year": a_case(cast, aware="2026-01-05").notified("2026-02-05"),
        "still open": a_case(cast, aware="2026-11-20"),
        "not due": a_case(cast, aware="2026-12-08"),
        "elsewhere": a_case(cast, aware="2026-11-02", by="cara").notified(
            "2026-11-20", by="cara"
        ),
        "leaver": a_case(
            cast, aware="2026-11-02", outcome="died", abuse="neither", care_leaver=True,
            under_18=False,
        ),
        "not notified": a_case(cast, aware="2026-11-02"),
        "not met": a_case(cast, aware="2026-11-02").notified("2026-11-16"),
        "passed on": a_case(cast, aware="2026-11-03"),
        "known late": a_case(cast, aware="2026-10-12").notified("2026-10-14").facts(
            "2026-10-20", aware_on=day("2026-10-01")
        ),
    }  # fmt: skip
    process = stories["not notified"].case.notification
    stories["not notified"].act(
        process, "decide_not_to_notify", "ben", "2026-11-20", reason="No serious harm was found."
    )
    not_met(stories["not met"])
    passed_on(stories["passed on"], to="cara", on="2026-12-09", aware="2026-12-09")
    return stories


def passed_on(story: Story, *, to: str, on: str, aware: str) -> None:
    """Ada's case, known on 3 November and so past its date, is taken over by another authority."""
    taker = story.cast.people[to]
    said: dict[str, Any] = {"on": day(on), "at": moment(on)}
    receiver = taker.memberships_on(day(on))[0].organisation
    services.propose_transfer(
        story.again(), receiver, by=story.cast.ada, reason="It happened there.", **said
    )
    services.accept_transfer(
        story.again(), aware_on=day(aware), giver_reads_until=None, by=taker, **said
    )


def not_met(story: Story) -> None:
    """The authority proposes that the criteria are not met, and the secretariat agrees."""
    services.propose(
        story.again(), Proposal.CRITERIA_NOT_MET, by=story.cast.ada, on=day("2026-11-20"),
        at=moment("2026-11-20"), reason="It was an accident.",
    )  # fmt: skip
    story.act(
        story.again().notification, "confirm_criteria_not_met", "sol", "2026-11-23", reason="Yes."
    )


def page_of(client: Client, address: str) -> Markup:
    """A page that is shown in full."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Markup(answer.content.decode())


def table_of(page: Markup, number: int = 0) -> Rows:
    """The cells of a table's rows as they are read, its heading apart; none where it is not."""
    tables = page.all("table")
    if number >= len(tables):
        return []
    rows = [one for one in tables[number].inside if one.tag == "tr"][1:]
    return [[_cell(one) for one in row.inside if one.tag in {"th", "td"}] for row in rows]


def _cell(cell: Element) -> str:
    labels = [one for one in cell.inside if "app-stack-table__label" in one.classes]
    return cell.text.removeprefix(labels[0].text if labels else "").strip()


def on_screen(client: Client, address: str) -> tuple[str, Rows]:
    """The number in the heading, and the case, the duty and the lateness of each row of a list."""
    rows: Rows = []
    heading = ""
    while address:
        page = page_of(client, address)
        heading = heading or page.one("h1").text
        for cells in table_of(page):
            title, _, _ = cells[2].partition(": the whole story")
            (late,) = re.findall(
                r"(?:Met late|Overdue|Passed on late|By a correction met late) by [\w ]+ days?",
                cells[4],
            )
            rows.append([cells[0], title.strip(), late])
        following = page.all("a", rel="next")
        address = following[0].attrs["href"] if following else ""
    return heading.split()[0], rows


def of_file(client: Client, kind: str, query: str, name: str = "missed-dates") -> tuple[Rows, Rows]:
    """All rows of a file without its heading, and what its second sheet says."""
    answer = client.get(f"/late/{name}.{kind}?{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-2026-12-10.{kind}"'
    content = answer.getvalue()
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:], []
    sheets = of_xlsx(content) if kind == "xlsx" else of_ods(content)
    return sheets[0][1:], sheets[1]


def of_xlsx(content: bytes) -> list[Rows]:
    book = load_workbook(io.BytesIO(content))
    return [
        [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        for sheet in book.worksheets
    ]


def of_ods(content: bytes) -> list[Rows]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist()[0] == "mimetype"
    root = ET.fromstring(archive.read("content.xml"))
    return [
        [[(cell.findtext(f"{TEXT}p") or "") for cell in row] for row in table]
        for table in root.iter(f"{TABLE}table")
    ]


def short(rows: Rows) -> Rows:
    """The case, the duty and the lateness of the rows of a file."""
    return [[row[0], row[4], row[11]] for row in rows]
