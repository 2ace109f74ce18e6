"""Dates typed in three boxes."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from workflow.forms.fields import GovukField
from workflow.forms.typed import NOT_KNOWN, Typed
from workflow.forms.words import is_blank
from workflow.law.words import MONTHS, short_date


def month_number(text: str) -> int | None:
    """The month that ``text`` names, by number, name or first letters (at least three)."""
    plain = text.strip().rstrip(".").casefold()
    if re.fullmatch(r"[0-9]{1,2}", plain):
        return int(plain) if 1 <= int(plain) <= len(MONTHS) else None
    named = [
        n for n, m in enumerate(MONTHS, 1) if len(plain) > 2 and m.casefold().startswith(plain)
    ]
    return named[0] if named else None


def example(on: date | None, *, past: bool) -> str:
    """A day as it may be typed, a month or so away: "18 12 2026". Never at a weekend.

    Its day is above 12, so that nobody takes it for a month.
    """
    month = (on or date(2026, 11, 1)).replace(day=1) + timedelta(days=-1 if past else 31)
    day = month.replace(day=18)
    day += timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
    return f"{day.day} {day.month} {day.year}"


class DateField(GovukField):
    """A date in three boxes. Cleaned: date.

    ``past`` refuses dates after the form's ``on``, ``future`` dates before it. Years outside
    ``first_year`` to ``last_year`` are refused.
    """

    parts = ("day", "month", "year")

    def __init__(
        self,
        label: str,
        *,
        past: bool = False,
        future: bool = False,
        first_year: int = 1900,
        last_year: int = 2100,
        birth: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.past = past
        self.future = future
        self.first_year = first_year
        self.last_year = last_year
        # Only for a person's own birthday: the browser would fill in the user's.
        self.birth = birth

    def hint_on(self, on: date | None) -> str:
        """The hint with an example, where it has one: a day that could be the answer."""
        return str(self.help_text).replace("{example}", example(on, past=self.past))

    def parse(self, typed: Typed) -> date:
        """The date, when all three boxes make a real one within the bounds."""
        boxes = {part: typed.one(part).strip() for part in self.parts}
        absent = [part for part, text in boxes.items() if is_blank(text)]
        if absent:
            raise self.must("include " + " and ".join(f"a {p}" for p in absent), part=absent[0])
        for part, text in boxes.items():
            if any(c.isdigit() and not c.isascii() for c in text):
                raise self.must("use the digits 0 to 9", code="digits", part=part)
        day, month, year = self._day(boxes["day"]), month_number(boxes["month"]), boxes["year"]
        if day is None:
            raise self.must("include a day from 1 to 31", part="day")
        if month is None:
            raise self.must("include a month from 1 to 12, or its name", part="month")
        return self._within(self._real(day, month, self._year(year)))

    def _day(self, text: str) -> int | None:
        found = re.fullmatch(r"(?i)([0-9]{1,2})(?:st|nd|rd|th)?", text)
        return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None

    def _year(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{4}", text):
            raise self.must("include a year with 4 numbers, like 2026", part="year")
        year = int(text)
        if not self.first_year <= year <= self.last_year:
            between = f"have a year from {self.first_year} to {self.last_year}"
            raise self.must(between, part="year")
        return year

    def _real(self, day: int, month: int, year: int) -> date:
        length = monthrange(year, month)[1]
        if day > length:
            why = f"be a real date. {MONTHS[month - 1]} {year} has {length} days"
            raise self.must(why, code="unreal", part="day")
        return date(year, month, day)

    def _within(self, day: date) -> date:
        if (self.past or self.future) and self.on is None:
            raise ValueError("a form with a past or future date needs on=")
        if self.past and day > self.on:
            raise self.must("be today or in the past", code="future", part="day")
        if self.future and day < self.on:
            raise self.must("be today or in the future", code="past", part="day")
        return day

    def typed_from(self, value: Any) -> Typed:
        """The numbers a person would have typed."""
        if value is NOT_KNOWN:
            return super().typed_from(value)
        numbers = (value.day, value.month, value.year)
        return Typed({p: [str(n)] for p, n in zip(self.parts, numbers, strict=True)})

    def shown(self, value: Any) -> str:
        """The date as "22 November 2026"."""
        return short_date(value)
