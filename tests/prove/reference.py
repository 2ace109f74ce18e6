"""The parts of the reference: rows, clocks, acts, and days counted by an oracle of their own."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from tests.law.oracle import loop
from tests.prove.lawful import SHORT
from tests.prove.oracle import HOLIDAYS

OPEN = "open"
# Owed no longer, because the facts changed: where they change back it is owed again.
CHANGED = "facts_changed"
NOTIFYING = ("notify-the-panel", "tell-the-partners", "looked-after-child-death")
LIMITS = {**dict.fromkeys(NOTIFYING, 5), "rapid-review": 15, "panel-response": 15}
# The report before the public has it: D8 is owed by the partners, D9 by the Panel.
COPIES = {"local": "advance-copy", "national": "national-report-to-sos"}
BEFORE, SENT = SHORT["BEFORE"].split(), SHORT["SENT"].split()
WRITING, WITH = [*SHORT["WRITING"].split(), SHORT["RETURNED"]], SHORT["WITH"].split()
# A review whose report is out, or that was given up, takes no further decision.
OVER = {
    "published",
    "not_published_improvements_only",
    "actions_monitored",
    "closed",
    "discontinued",
}


@cache
def after(day: date, count: int) -> date:
    """So many working days later."""
    return loop(day, count, HOLIDAYS)


def months_after(day: date, count: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


@dataclass
class Row:
    """One machine of the case."""

    machine: str
    number: int
    state: str
    last: tuple[str, str, datetime]
    kind: str = "local"
    clock: int | None = None
    copy: int | None = None
    expected: date | None = None


@dataclass
class Clock:
    """A duty's clock: open, met, or why it was cancelled."""

    start: date
    due: date
    stands: str = OPEN


Event = tuple[str, str, int, str, str | None, str | None, str | None]
"""Act, machine, number, capacity, actor, from, to."""


@dataclass(frozen=True)
class Doer:
    """Somebody with one role; the service itself has no name."""

    name: str
    role: str
    home: str = ""


@dataclass
class Act:
    """What is tried, and when."""

    by: Doer
    on: date
    at: datetime
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)
