"""The calendar in force: the committed edition and what has been proclaimed since."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from workflow.deadlines.models import ProclaimedHoliday
from workflow.law.calendar import COMMITTED, Calendar, Proclaimed


def edition() -> int:
    """The key of the newest proclaimed row, 0 when there is none: it changes when any is added."""
    newest = ProclaimedHoliday.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def newest_holiday() -> Coalesce:
    """What `edition` reads, as a column of another statement that is sent anyway."""
    newest = ProclaimedHoliday.objects.order_by("-pk").values("pk")[:1]
    return Coalesce(Subquery(newest), Value(0), output_field=IntegerField())


def calendar(at_edition: int | None = None) -> Calendar:
    """The merged calendar. `at_edition`, where a caller has read it already, saves a query."""
    database = str(connection.settings_dict["NAME"])
    return _merged(database, edition() if at_edition is None else at_edition)


def proclaimed_days(at_edition: int | None = None) -> dict[date, ProclaimedHoliday]:
    """The proclaimed rows that stand, by day: those withdrawn later are not among them."""
    rows = ProclaimedHoliday.objects.select_related("added_by").order_by("pk")
    if at_edition is not None:
        rows = rows.filter(pk__lte=at_edition)
    standing: dict[date, ProclaimedHoliday] = {}
    for row in rows:
        standing.pop(row.day, None)
        if not row.withdrawn:
            standing[row.day] = row
    return standing


def merged_with(rows: Iterable[ProclaimedHoliday]) -> Calendar:
    """The committed edition with these rows, whether stored or not."""
    return COMMITTED.with_proclaimed(
        [
            Proclaimed(
                day=row.day, title=row.title, proclaimed_on=row.proclaimed_on, by=row.added_by.name
            )
            for row in rows
        ]
    )


@lru_cache(maxsize=8)
def _merged(database: str, at_edition: int) -> Calendar:
    # Rows are committed one after the other (see `proclaiming`), so a key names what is before it.
    if not at_edition:
        return COMMITTED
    return merged_with(proclaimed_days(at_edition).values())
