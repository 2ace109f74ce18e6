"""Times of day, and the two hours a year when a London clock is not enough."""

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from workflow.forms.fields import TextField
from workflow.forms.typed import NOT_KNOWN, Typed
from workflow.forms.words import refuse_foreign_digits
from workflow.law.words import short_date

LONDON = ZoneInfo("Europe/London")

_TIME = re.compile(
    r"(?i)(?P<hour>[0-9]{1,2})(?:\s*[:.]\s*|\s?)(?P<minute>[0-9]{2})?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>BST|GMT)?"
)


class NoSingleMomentError(ValueError):
    """The typed time is no single moment on that date; the text says what to do."""


def short_time(at: time) -> str:
    """The time as "9:32am"; the two twelves are "midnight" and "midday"."""
    if (at.minute, at.hour) in ((0, 0), (0, 12)):
        return "midday" if at.hour else "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02}{'pm' if at.hour >= 12 else 'am'}"


def london_instants(on: date, at: time) -> tuple[datetime, ...]:
    """Every UTC instant at which London clocks show ``at`` on ``on``: none, one or two."""
    found: list[datetime] = []
    for fold in (0, 1):
        shown = datetime.combine(on, at.replace(fold=fold), tzinfo=LONDON)
        instant = shown.astimezone(UTC)
        back = instant.astimezone(LONDON)
        if back.replace(tzinfo=None) == shown.replace(tzinfo=None) and instant not in found:
            found.append(instant)
    return tuple(found)


def london_instant(on: date, at: time, *, zone: str = "") -> datetime:
    """The UTC instant of ``at`` on ``on``; ``zone`` is "BST", "GMT" or empty.

    Raises NoSingleMomentError for an hour that was skipped, and for one that came twice when
    no zone tells which.
    """
    instants = london_instants(on, at)
    day = short_date(on)
    if not instants:
        raise NoSingleMomentError(
            f"{short_time(at)} did not happen on {day}: the clocks went forward from 1am to 2am"
        )
    if zone:
        instants = tuple(i for i in instants if i.astimezone(LONDON).tzname() == zone)
        if not instants:
            raise NoSingleMomentError(f"{short_time(at)} on {day} was not {zone}. Leave out {zone}")
    if len(instants) > 1:
        raise NoSingleMomentError(
            f"{short_time(at)} happened twice on {day}, when the clocks went back. "
            f"Add BST for the first or GMT for the second, like {short_time(at)} BST"
        )
    return instants[0]


class TimeField(TextField):
    """A time of day in one box, 12 or 24 hours. Cleaned: time."""

    empty = None
    width = "10"
    spellcheck = False

    def parse(self, typed: Typed) -> time:  # type: ignore[override]
        """The time of day, when the text names one."""
        text = super().parse(typed)
        refuse_foreign_digits(text, called=self.called)
        if text.casefold() in ("midday", "noon"):
            return time(12)
        found = _TIME.fullmatch(text)
        if not found or not (found["minute"] or found["half"]):
            raise self.must("be a time with hours and minutes, like 9:32am or 14:05")
        return self._time(int(found["hour"]), int(found["minute"] or 0), found["half"] or "")

    def _time(self, hour: int, minute: int, half: str) -> time:
        letter = half[:1].casefold()
        if hour == 24:
            raise self.must("be between 0:00 and 23:59. Use 0:00 on the next day for midnight")
        if hour > 23 or minute > 59 or (letter == "a" and hour > 12):
            raise self.must("be a real time, like 9:32am or 14:05")
        if letter and hour <= 12:
            hour = hour % 12 + (12 if letter == "p" else 0)
        return time(hour, minute)

    def zone(self, typed: Typed) -> str:
        """The answer's ending "BST" or "GMT", else an empty string."""
        found = _TIME.fullmatch(typed.one().strip())
        return (found["zone"] or "").upper() if found else ""

    def typed_from(self, value: Any) -> Typed:
        """The time on the 24-hour clock."""
        if value is NOT_KNOWN:
            return super().typed_from(value)
        return Typed({"": [f"{value:%H:%M}"]})

    def shown(self, value: Any) -> str:
        """The time as "9:32am"."""
        return short_time(value)


def london_words(instant: datetime) -> str:
    """The instant as "4 June 2026 at 9:32am" in London."""
    shown = instant.astimezone(LONDON)
    words = f"{short_date(shown.date())} at {short_time(shown.time())}"
    twice = len(london_instants(shown.date(), shown.time())) > 1
    return f"{words} {shown.tzname()}" if twice else words


def when(at: datetime, *, on: date) -> str:
    """Write "at 4:40pm" on the same London day, "on 20 November 2026 at 4:40pm" on another."""
    local = at.astimezone(LONDON)
    time = short_time(local.time())
    return f"at {time}" if local.date() == on else f"on {short_date(local.date())} at {time}"
