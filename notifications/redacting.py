"""What a notification asks in free text, and what holds a copy of an answer besides the answer."""

from collections.abc import Iterator
from datetime import date

from notifications.document import NOTIFICATION
from notifications.models import Amendment
from notifications.sections.free_text import free_texts, named
from workflow.access.giving import who_received
from workflow.models import Case
from workflow.retention.copies import Copy, Document, Place, typed_under


def copies(case: Case, place: Place, said: frozenset[str]) -> Iterator[Copy]:
    """Each correction of the page holds what it said before and afterwards."""
    rows = Amendment.objects.filter(case=case, page=place.page, item=place.item)
    for row in rows.order_by("pk"):
        row.case = case
        for column in ("before", "after"):
            yield Copy(row, column, typed_under(place.field))


def readers(case: Case, on: date) -> set[int]:
    """Whoever received it, once it was sent, and has the case still."""
    return who_received(case, on=on) if case.notified_on else set()


DOCUMENT = Document(
    NOTIFICATION.title,
    lambda rows, earlier, on: free_texts(NOTIFICATION, rows, earlier, on),
    lambda page, item: named(NOTIFICATION, page, item),
    copies,
    readers,
    "notification",
)
