"""What a due date was worked out from: kept with the date, so that it can always be explained."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.law.words import counted, short_date

WORKING_DAYS = "working days"
CALENDAR_MONTHS = "calendar months"
CALENDAR_YEARS = "calendar years"
UNITS = (WORKING_DAYS, CALENDAR_MONTHS, CALENDAR_YEARS)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over and not counted, and why."""

    day: dt.date
    reason: str


# The edition that `law.calendar` names by content; its last part is told in words or not at all.
_EDITION = re.compile(
    r"england-and-wales-(?P<first>\d{4})-(?P<last>\d{4})-[0-9a-f]+"
    r"(?:\+(?P<more>\d+)-proclaimed-[0-9a-f]+)?"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How `due` follows from `start`, which is day zero and is never counted.

    `count` is negative when the days were counted backwards. `counted` and `skipped` hold, in
    the order of counting, every day passed on the way; both are empty for months and years.
    `edition` names the bank holidays used and `horizon` is the last day they are known for.
    """

    start: dt.date
    count: int
    due: dt.date
    skipped: tuple[Skipped, ...]
    counted: tuple[dt.date, ...]
    edition: str
    horizon: dt.date
    unit: str = WORKING_DAYS

    @property
    def clamped(self) -> bool:
        """True when the last month has no such day, so that its last day was taken instead."""
        return self.unit != WORKING_DAYS and self.due.day != self.start.day

    @property
    def words(self) -> str:
        """The count in words: "5 working days after", "7 working days before"."""
        direction = "before" if self.count < 0 else "after"
        return f"{counted(self.count, self.unit.removesuffix('s'))} {direction}"

    @property
    def calendar_words(self) -> str:
        """Which bank holidays were used, in a sentence: no code of an edition is read by people."""
        found = _EDITION.fullmatch(self.edition)
        known = f"known until {short_date(self.horizon)}"
        if found is None:
            return f"Bank holidays: {known}."
        words = f"Bank holidays: England and Wales, {found['first']} to {found['last']}, {known}"
        more = int(found["more"] or 0)
        if more:
            words += f", and {counted(more, 'day')} proclaimed since they were published"
        return f"{words}."

    def day_number(self, day: dt.date) -> int:
        """How many days had been counted by the end of `day`: 0 on the start day itself."""
        if self.count < 0:
            return sum(1 for one in self.counted if one >= day)
        return sum(1 for one in self.counted if one <= day)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, with dates as year-month-day; `from_json` gives back an equal receipt."""
        return {
            "start": self.start.isoformat(),
            "count": self.count,
            "unit": self.unit,
            "due": self.due.isoformat(),
            "counted": [day.isoformat() for day in self.counted],
            "skipped": [{"day": s.day.isoformat(), "reason": s.reason} for s in self.skipped],
            "edition": self.edition,
            "horizon": self.horizon.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Receipt":
        """The receipt as it was kept. KeyError or ValueError when it is not one."""
        if kept["unit"] not in UNITS:
            raise ValueError(f"A receipt counts {', '.join(UNITS)}; not {kept['unit']!r}.")
        return cls(
            start=dt.date.fromisoformat(kept["start"]),
            count=kept["count"],
            due=dt.date.fromisoformat(kept["due"]),
            skipped=tuple(
                Skipped(dt.date.fromisoformat(s["day"]), s["reason"]) for s in kept["skipped"]
            ),
            counted=tuple(dt.date.fromisoformat(day) for day in kept["counted"]),
            edition=kept["edition"],
            horizon=dt.date.fromisoformat(kept["horizon"]),
            unit=kept["unit"],
        )
