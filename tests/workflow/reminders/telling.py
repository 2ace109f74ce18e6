"""A case whose clocks are swept by the worker at moments that the test names."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.story import moment
from workflow import clock
from workflow.models import Outbox, Reminder
from workflow.outbox.delivering import deliver
from workflow.reminders.sweeping import Swept, sweep


def swept(on: str, hour: str = "08:00") -> Swept:
    """A sweep at a London moment."""
    return sweep(at=moment(on, hour))


@contextmanager
def at(on: str, hour: str = "08:01") -> Iterator[None]:
    """Inside, it is this London moment."""
    with clock.told(moment(on, hour)):
        yield


def delivered(on: str, hour: str = "08:01") -> int:
    """What waits is delivered at a London moment."""
    with at(on, hour):
        return deliver()


def told(rung: str) -> set[str]:
    """Who a rung was recorded for."""
    return set(Reminder.objects.filter(rung=rung).values_list("person__name", flat=True))


def reminders() -> list[tuple[str, str, str]]:
    """Rung, person and why withheld, of everything recorded."""
    rows = Reminder.objects.order_by("planned_at", "rung", "person__name")
    return list(rows.values_list("rung", "person__name", "withheld"))


def messages(kind: str) -> list[Outbox]:
    """The outbox rows of a kind."""
    return list(Outbox.objects.filter(kind=kind).order_by("pk"))
