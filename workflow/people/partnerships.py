"""Loading safeguarding partnerships from a table a person keeps in a spreadsheet.

Columns: `name`, `since`, `until`, `authorities` (DfE codes), `icbs` (ODS codes, or the key of a
board without one), `police` (police force area codes), and if wanted `education` (names). Several
in one cell are separated by `|`. Either every row is loaded, or none and every problem is told.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from workflow.people import roles
from workflow.people.organisations import (
    Organisation,
    OrganisationCode,
    Partnership,
    PartnershipMember,
)

NEEDED = ("name", "since", "until", "authorities", "icbs", "police")
ALLOWED = (*NEEDED, "education")


class BadRowsError(Exception):
    """What is wrong with a table, line by line; nothing of it was loaded."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Row:
    """One partnership as the table has it."""

    line: int
    name: str
    since: date
    until: date | None
    members: list[Organisation] = field(default_factory=list)
    education: list[str] = field(default_factory=list)


def load(content: bytes, *, dry_run: bool = False) -> list[Row]:
    """Load every partnership of a table, and return the rows; a dry run only checks them.

    A partnership already there (same name, same first day) gets its last day and the members it
    lacks; a member is in it for the days on which both exist. Raises BadRowsError with every
    problem and its line number; then nothing is loaded.
    """
    rows, problems = _read(content)
    problems += _clashes(rows)
    if problems:
        raise BadRowsError(problems)
    if not dry_run:
        with transaction.atomic():
            for row in rows:
                _keep(row)
    return rows


def _read(content: bytes) -> tuple[list[Row], list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], ["The file is not UTF-8: save it as CSV UTF-8."]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text), delimiter=";" if ";" in header else ",", strict=True)
    names = [name.strip().lower() for name in next(table, [])]
    wrong = [f"Line 1: the column {name} is missing." for name in NEEDED if name not in names]
    wrong += [f"Line 1: the column {name} is not known." for name in names if name not in ALLOWED]
    wrong += ["Line 1: a column is there twice."] if len(set(names)) < len(names) else []
    if wrong:
        return [], wrong
    reader = _Reader(names)
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                reader.take(table.line_num, cells)
    except csv.Error as error:
        reader.problems.append(f"Line {table.line_num}: can’t be read as CSV ({error}).")
    if not reader.rows and not reader.problems:
        reader.problems.append("The file has no rows.")
    return reader.rows, reader.problems


class _Reader:
    """Reads rows against the organisations that exist, gathering what is wrong."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.rows: list[Row] = []
        self.problems: list[str] = []
        self.known = _known()

    def take(self, line: int, cells: list[str]) -> None:
        """Add one row, or its problems."""
        wrong: list[str] = []
        if len(cells) != len(self.names):
            self.problems.append(f"Line {line}: {len(cells)} cells, not {len(self.names)}.")
            return
        cell = dict(zip(self.names, (text.strip() for text in cells), strict=True))
        if not cell["name"]:
            wrong.append("the name is missing")
        since, until = _day(cell, "since", wrong), _day(cell, "until", wrong)
        if since is None and not cell["since"]:
            wrong.append("the first day (since) is missing")
        if since and until and until < since:
            wrong.append("the last day is before the first day")
            until = None
        members = []
        for column, kind in (
            ("authorities", roles.AUTHORITY),
            ("icbs", roles.ICB),
            ("police", roles.POLICE),
        ):
            members += self._members(cell[column], column, kind, (since, until), wrong)
        education = _parts(cell.get("education", ""))
        self.problems += [f"Line {line}: {problem}." for problem in wrong]
        if since and not wrong:
            self.rows.append(Row(line, cell["name"], since, until, members, education))

    def _members(
        self,
        text: str,
        column: str,
        kind: str,
        days: tuple[date | None, date | None],
        wrong: list[str],
    ) -> list[Organisation]:
        since, until = days
        codes = _parts(text)
        if not codes:
            wrong.append(f"{column} is empty")
        found = []
        for code in codes:
            organisation = self.known.get((kind, code.upper()))
            if organisation is None:
                wrong.append(f"{column}: {code} is not known")
            elif since and not _both(organisation, since, until):
                wrong.append(f"{column}: {code} ({organisation.name}) does not exist then")
            elif organisation not in found:
                found.append(organisation)
        return found


def _known() -> dict[tuple[str, str], Organisation]:
    """Authorities by DfE code, boards by ODS code or key, forces by area code."""
    known: dict[tuple[str, str], Organisation] = {}
    for organisation in Organisation.objects.exclude(key=None):
        code = organisation.dfe_code or (organisation.key or "").partition(":")[2]
        known[organisation.kind, code.upper()] = organisation
    schemes = (OrganisationCode.ODS, OrganisationCode.PFA)
    for row in OrganisationCode.objects.filter(scheme__in=schemes).select_related("organisation"):
        known[row.organisation.kind, row.code.upper()] = row.organisation
    return known


def _clashes(rows: Iterable[Row]) -> list[str]:
    """An authority is in one partnership at a time: within the table, and with what is there."""
    taken = [
        (
            held.organisation_id,
            held.partnership.name,
            held.partnership.since,
            held.since,
            held.until,
        )
        for held in PartnershipMember.objects.filter(
            organisation__kind=roles.AUTHORITY
        ).select_related("partnership")
    ]
    problems = []
    for row in rows:
        for member in row.members:
            if member.kind != roles.AUTHORITY:
                continue
            for holder, name, founded, since, until in taken:
                same = (name, founded) == (row.name, row.since)
                if holder == member.pk and not same and _overlap(row, since, until):
                    problems.append(f"Line {row.line}: {member.name} is in {name} at that time.")
        taken += [(m.pk, row.name, row.since, row.since, row.until) for m in row.members]
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        first = seen.setdefault((row.name, row.since), row.line)
        if first != row.line:
            problems.append(f"Line {row.line}: {row.name} is also in line {first}.")
    return problems


def _overlap(row: Row, since: date, until: date | None) -> bool:
    return (until is None or row.since <= until) and (row.until is None or since <= row.until)


def _keep(row: Row) -> None:
    partnership, _ = Partnership.objects.update_or_create(
        name=row.name, since=row.since, defaults={"until": row.until}
    )
    schools = [
        Organisation.objects.get_or_create(kind=roles.EDUCATION, name=name)[0]
        for name in row.education
    ]
    for organisation in (*row.members, *schools):
        # A board that came later joins on its first day, one that went leaves on its last.
        since, until = _both(organisation, row.since, row.until) or (row.since, row.until)
        PartnershipMember.objects.update_or_create(
            partnership=partnership,
            organisation=organisation,
            since=since,
            defaults={"until": until},
        )


def _both(
    organisation: Organisation, since: date, until: date | None
) -> tuple[date, date | None] | None:
    """The days from `since` to `until` on which an organisation exists; None if there are none."""
    first = max(since, organisation.since or since)
    ends = [day for day in (until, organisation.until) if day is not None]
    last = min(ends) if ends else None
    return None if last is not None and last < first else (first, last)


def _day(cell: dict[str, str], column: str, wrong: list[str]) -> date | None:
    if not cell[column]:
        return None
    try:
        return date.fromisoformat(cell[column])
    except ValueError:
        wrong.append(f"{column} must be a date like 2026-04-01, not {cell[column]}")
        return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
