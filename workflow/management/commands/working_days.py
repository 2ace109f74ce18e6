"""`manage.py working_days`: count working days, with the receipt. No database."""

import csv
import datetime as dt
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from workflow.law.calendar import COMMITTED, Calendar, CalendarExhausted
from workflow.law.receipts import Receipt
from workflow.law.words import counted, long_date, short_date
from workflow.management.refusing import Refused, RefusingCommand, parse_day

COLUMNS = ("start_date", "working_days")
EXAMPLES = """\
examples:
  working_days add 2026-12-18 5          the day 5 working days after 18 December 2026
  working_days add 2027-01-08 -7         7 working days before 8 January 2027
  working_days add 2026-12-18 5 --json   the same as JSON, with every day skipped and why
  working_days between 2026-12-18 2026-12-29
  working_days --batch FILE.csv          columns start_date,working_days; - reads standard input

The start day is day zero and is not counted. Bank holidays are those of England and Wales in the
committed table; its edition is printed with each answer, or on standard error where the answer is
a bare number or CSV. A date outside the published years is refused: exit 2 and one sentence, or
`refused: ...` in its row of a batch.
"""


def parse_count(text: str) -> int:
    """A whole number with ordinary digits, negative to count backwards. Refused otherwise."""
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise Refused(f"{text!r} is not a whole number of working days.")
    return int(text)


def read_batch(file: io.StringIO) -> list[tuple[dt.date, int]]:
    """Every row of the batch. Refused, with its line, at the first that cannot be read."""
    reader = csv.DictReader(file)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise Refused(f"The first line of a batch names the columns {','.join(COLUMNS)}.")
    rows: list[tuple[dt.date, int]] = []
    for row in reader:
        start, count = ((row[column] or "").strip() for column in COLUMNS)
        try:
            rows.append((parse_day(start), parse_count(count)))
        except Refused as refusal:
            raise Refused(f"Line {reader.line_num}: {refusal}") from None
    return rows


def answer_batch(rows: list[tuple[dt.date, int]], calendar: Calendar) -> Iterator[tuple[str, ...]]:
    """Each row with its due date, or with why there is none."""
    for start, count in rows:
        try:
            due = calendar.add(start, count).isoformat()
        except CalendarExhausted as refusal:
            due = f"refused: {refusal}"
        yield start.isoformat(), str(count), due


def named(edition: str, horizon: dt.date) -> str:
    """The calendar an answer was counted with."""
    return f"Calendar {edition}, known until {short_date(horizon)}."


def in_words(receipt: Receipt) -> str:
    """The receipt as a person reads it: the answer, then every day in the order of counting."""
    number = counted(receipt.count, "working day")
    direction = "before" if receipt.count < 0 else "after"
    numbers = {day: f"day {number}" for number, day in enumerate(receipt.counted, 1)}
    passed = numbers | {skip.day: f"skipped: {skip.reason}" for skip in receipt.skipped}
    days = sorted(passed, reverse=receipt.count < 0)
    lines = [
        f"{number} {direction} {long_date(receipt.start)}: {long_date(receipt.due)}",
        f"  {long_date(receipt.start)}: day zero, not counted",
        *(f"  {long_date(day)}: {passed[day]}" for day in days),
        named(receipt.edition, receipt.horizon),
    ]
    return "\n".join(lines)


class Command(RefusingCommand):
    """Counts from a start, between two days, or for a file of starts."""

    examples = EXAMPLES
    help = "Count working days in England and Wales, and show every day counted or skipped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One form for each question; a negative count needs no quoting."""
        parser.add_argument("question", nargs="?", metavar="add|between", help="what to ask")
        parser.add_argument("first", nargs="?", metavar="START", help="a date: 2026-12-18")
        parser.add_argument(
            "second", nargs="?", metavar="N", help="how many working days, or for between a date"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument("--batch", metavar="FILE.csv", help="answer every row of a file")

    def handle(self, **options: Any) -> None:
        """The answer was printed; Refused (exit 2) when there is none."""
        question, first, second = (options[name] for name in ("question", "first", "second"))
        try:
            if options["batch"] is not None:
                self._batch(options["batch"], alone=not (first or options["json"]))
            elif question == "add" and second is not None:
                self._add(parse_day(first), parse_count(second), as_json=options["json"])
            elif question == "between" and second is not None:
                self._between(parse_day(first), parse_day(second), as_json=options["json"])
            else:
                raise Refused("Say add START N, between A B, or --batch FILE.csv; see --help.")
        except CalendarExhausted as refusal:
            raise Refused(str(refusal)) from None

    def _add(self, start: dt.date, count: int, *, as_json: bool) -> None:
        receipt = COMMITTED.receipt(start, count)
        if as_json:
            self.stdout.write(json.dumps(receipt.as_json(), indent=2))
        else:
            self.stdout.write(in_words(receipt))

    def _between(self, start: dt.date, end: dt.date, *, as_json: bool) -> None:
        count = COMMITTED.between(start, end)
        if as_json:
            answer = {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "working_days": count,
                "edition": COMMITTED.edition,
                "horizon": COMMITTED.known_until.isoformat(),
            }
            self.stdout.write(json.dumps(answer, indent=2))
        else:
            self.stdout.write(str(count))
            self._name_the_calendar()

    def _batch(self, name: str, *, alone: bool) -> None:
        if not alone:
            raise Refused("A batch takes its dates from the file and answers in CSV.")
        try:
            # Spreadsheets put a byte-order mark before the first column's name.
            kept = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            rows = read_batch(io.StringIO(kept.decode("utf-8-sig"), newline=""))
        except (OSError, UnicodeDecodeError, csv.Error) as wrong:
            reason = wrong.strerror if isinstance(wrong, OSError) else "it is not a CSV text file"
            raise Refused(f"{name} cannot be read: {reason}.") from None
        answers = io.StringIO()
        writer = csv.writer(answers, lineterminator="\n")
        writer.writerow((*COLUMNS, "due_date"))
        writer.writerows(answer_batch(rows, COMMITTED))
        self.stdout.write(answers.getvalue(), ending="")
        self._name_the_calendar()

    def _name_the_calendar(self) -> None:
        # Beside the answer, which is for another program to read as it is.
        self.stderr.write(named(COMMITTED.edition, COMMITTED.known_until))
