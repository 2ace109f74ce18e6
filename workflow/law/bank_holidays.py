"""The committed table of bank holidays in England and Wales, read and checked once."""

import csv
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from workflow.law.words import WEEKDAYS

TABLE = Path(__file__).parent / "data" / "bank_holidays_england_and_wales.csv"
# New Year's Day, Good Friday, Easter Monday, early May, spring, summer, Christmas and Boxing Day.
DAYS_IN_A_PUBLISHED_YEAR = 8


@dataclass(frozen=True, slots=True)
class Holiday:
    """One bank holiday as published; `one_off` says why this year differs from the usual days."""

    day: dt.date
    title: str
    notes: str = ""
    one_off: str = ""

    @property
    def reason(self) -> str:
        """The published title, with the published note after it where there is one."""
        return f"{self.title} ({self.notes.lower()})" if self.notes else self.title


def read(path: Path = TABLE) -> tuple[Holiday, ...]:
    """The table's bank holidays in date order. ValueError when the table contradicts itself."""
    with path.open(encoding="utf-8", newline="") as file:
        holidays = tuple(_holiday(row) for row in csv.DictReader(file))
    days = [holiday.day for holiday in holidays]
    if days != sorted(set(days)):
        raise ValueError(f"{path.name}: the days must be in order and each day must stand once.")
    years = Counter(day.year for day in days)
    for year in range(days[0].year, days[-1].year + 1):
        # A year published in part would make the horizon a guess.
        if years[year] < DAYS_IN_A_PUBLISHED_YEAR:
            raise ValueError(f"{path.name}: {year} has only {years[year]} bank holidays.")
    return holidays


def _holiday(row: dict[str, str]) -> Holiday:
    day = dt.date.fromisoformat(row["date"])
    if WEEKDAYS[day.weekday()] != row["weekday"]:
        raise ValueError(f"{day.isoformat()} is a {WEEKDAYS[day.weekday()]}, not {row['weekday']}.")
    return Holiday(day, row["title"], row["notes"], row["one_off_or_moved"])
