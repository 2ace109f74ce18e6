"""The tables of the board as a file: by month and by area, region or duty, as they are shown."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflow.board.asked import LATENESS, Asked
from workflow.board.sheets import Cell, Table, about, guarded, moment_words
from workflow.board.tally import Tally

HEAD = (
    "Kind of lateness",
    "By",
    "Name",
    "Met in time",
    "Met late",
    "Known late by a correction",
    "Late and still open",
    "Passed on late",
    "All",
    "On time, per cent",
    "Median days",
    "As at",
)
# What a row is by, its name, its numbers, and the median as it is shown.
Row = tuple[str, str, Tally, str]


def as_table(
    asked: Asked,
    rows: Iterable[Row],
    figures: Iterable[tuple[str, str, str]],
    *,
    at: datetime,
    compares: bool,
) -> Table:
    """The sheet of these rows; the figures above them, each with what it says, stand beside."""
    beside = about(asked, at=at, compares=compares, of_list=False)
    beside += [[name, guarded(f"{value} ({note})")] for name, value, note in figures]
    return Table("Figures", HEAD, _lines(asked, rows, at), beside)


def _lines(asked: Asked, rows: Iterable[Row], at: datetime) -> Iterator[list[Cell]]:
    for by, name, tally, median in rows:
        yield [
            LATENESS[asked.kind][1],
            by,
            guarded(name),
            tally.on_time,
            tally.met_late,
            tally.known_late,
            tally.still_open,
            tally.passed_on,
            tally.decided,
            "" if tally.percent is None else tally.percent,
            median,
            moment_words(at),
        ]
