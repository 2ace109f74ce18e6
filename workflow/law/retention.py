"""How long a record is kept, as values: each class with its period and where that was read.

Nothing here destroys anything. No law or guidance that was read sets one period for these records;
what is known are policies that authorities follow. A period is counted from the last act on the
case and says only from which day two people may decide; until they do, a record stays.
"""

import datetime as dt
from dataclasses import dataclass

from workflow.law.citations import (
    KEPT_AS_LONG_AS_NEEDED,
    KEPT_BY_POLICY,
    KEPT_FOR_INQUIRIES,
    own_rule,
)
from workflow.law.instruments import Citation
from workflow.law.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClass:
    """A class of records: which they are, for how many years they are kept, and why."""

    slug: str
    title: str
    of: str
    years: int
    cites: tuple[Citation, ...]

    def ends(self, last_act_on: dt.date) -> dt.date:
        """The first day on which a record whose last act was then may be destroyed."""
        return _years_after(last_act_on, self.years)

    def begun_by(self, on: dt.date) -> dt.date:
        """The last day on which an act may have been for its record to be due on `on`.

        Never a day too late: of 29 February, the day before is taken.
        """
        year = on.year - self.years
        last = dt.date(year, on.month, 28) if (on.month, on.day) == (2, 29) else None
        return last or on.replace(year=year)


def _years_after(day: dt.date, years: int) -> dt.date:
    if (day.month, day.day) == (2, 29):
        # Kept to the end of that day in a year that lacks it, so free on the next one.
        return dt.date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


LOOKED_AFTER = RetentionClass(
    slug="looked-after",
    title="A child who was looked after, or a care leaver",
    of="Cases in which a child was looked after or a care leaver",
    years=75,
    cites=(KEPT_BY_POLICY, KEPT_FOR_INQUIRIES, KEPT_AS_LONG_AS_NEEDED),
)
OTHERS = RetentionClass(
    slug="others",
    title="Any other case",
    of="All other cases, those that were never sent too",
    years=35,
    cites=(KEPT_BY_POLICY, KEPT_AS_LONG_AS_NEEDED),
)
ALL = (LOOKED_AFTER, OTHERS)
SHORTEST = min(ALL, key=lambda one: one.years)

FROM_THE_LAST_ACT = Reading(
    "kept-from-the-last-act",
    "From when do the years count where a policy says from birth, or from when a case was closed?",
    "From the last act on the case. What is done about keeping its record, or about who may see "
    "the case, is none.",
    "Birth dates rest sealed, and a case may concern several children, or be opened again. The "
    "last act comes after the birth of every child but one yet unborn, and after every closing.",
    own_rule("The years that a record is kept count from the last act on its case."),
)


def class_of(*, looked_after: bool | None, care_leaver: bool | None) -> RetentionClass:
    """The class of a case. Where it is not known whether a child was looked after, the longer."""
    known = looked_after is False and care_leaver is not True
    return OTHERS if known else LOOKED_AFTER


def by_slug(slug: str) -> RetentionClass:
    """The class with this slug; KeyError for a word that is none."""
    return {one.slug: one for one in ALL}[slug]
