"""Rows that hold from one London date to another, both days counted."""

from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import models
from django.db.models import F, Q

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


def holds_on(on: date, *, path: str = "") -> Q:
    """Return the condition "in force on this date": `until` is the last day, not the day after."""
    begun = Q(**{f"{path}since__lte": on})
    return begun & (Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gte": on}))


class DatedQuerySet(models.QuerySet[M_co, M_co]):
    """Rows with a first and, once it is known, a last day."""

    def current(self, on: date) -> Self:
        """Return the rows in force on a London date."""
        return self.filter(holds_on(on))


class DaysCovered(models.Func):
    """The range of days a row covers: two rows of one holder may not share a day."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self) -> None:
        bounds = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
        super().__init__(F("since"), F("until"), bounds)


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Return the constraint that a row ends on or after the day it begins."""
    return models.CheckConstraint(
        condition=Q(until__isnull=True) | Q(until__gte=F("since")),
        name=name,
        violation_error_message="The last day must be the same as or after the first day.",
    )
