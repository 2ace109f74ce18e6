"""The calendar in force: the committed edition and what has been proclaimed since."""

from functools import lru_cache

from workflow.deadlines.models import ProclaimedHoliday
from workflow.law.calendar import COMMITTED, Calendar, Proclaimed


def edition() -> int:
    """The key of the newest proclaimed row, 0 when there is none: it changes when any is added."""
    newest = ProclaimedHoliday.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def calendar(at_edition: int | None = None) -> Calendar:
    """The merged calendar. `at_edition`, where a caller has read it already, saves a query."""
    return _merged(edition() if at_edition is None else at_edition)


@lru_cache(maxsize=8)
def _merged(at_edition: int) -> Calendar:
    if not at_edition:
        return COMMITTED
    standing: dict[object, Proclaimed] = {}
    rows = ProclaimedHoliday.objects.filter(pk__lte=at_edition).select_related("added_by")
    for row in rows:
        if row.withdrawn:
            standing.pop(row.day, None)
        else:
            standing[row.day] = Proclaimed(
                day=row.day, title=row.title, proclaimed_on=row.proclaimed_on, by=row.added_by.name
            )
    return COMMITTED.with_proclaimed(list(standing.values()))
