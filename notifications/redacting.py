"""Out of what words can be taken here: a notification's answers, and what is said of documents.

What a notification asks in free text, and what holds a copy of an answer besides the answer.
"""

from collections.abc import Iterator
from datetime import date

from notifications.attached.models import A_DOCUMENT, AttachedDocument
from notifications.document import NOTIFICATION
from notifications.models import Amendment
from notifications.sections.free_text import free_texts, names
from workflow.access.giving import who_received
from workflow.models import Case
from workflow.retention.copies import Copy, Document, Place, typed_under
from workflow.retention.reasons import Repeated
from workflow.retention.written import Written


def copies(case: Case, place: Place, said: frozenset[str]) -> Iterator[Copy]:
    """Each correction of the page holds what it said before and afterwards."""
    rows = Amendment.objects.filter(case=case, page=place.page, item=place.item)
    for row in rows.order_by("pk"):
        row.case = case
        for column in ("before", "after"):
            yield Copy(row, column, typed_under(place.field))


def readers(case: Case, place: Place, on: date) -> set[int]:
    """Whoever received it, once it was sent, and has the case still."""
    return _received(case, on)


def _received(case: Case, on: date) -> set[int]:
    return who_received(case, on=on) if case.notified_on else set()


DOCUMENT = Document(
    NOTIFICATION.title,
    lambda rows, earlier, on: free_texts(NOTIFICATION, rows, earlier, on),
    lambda pages: names(NOTIFICATION, pages),
    copies,
    readers,
    "notification",
    holds=frozenset(
        {
            "workflow_answers.answers",
            "workflow_answersevent.answers",
            "workflow_keptpage.kept",
            "notifications_amendment.before",
            "notifications_amendment.after",
        }
    ),
)

SAID = Written(
    A_DOCUMENT,
    "Documents",
    AttachedDocument.objects.all,
    {"about": "What it is", "name": "Name of the file"},
    lambda row: f"Document {row.number}",
    lambda row, on: _received(row.case, on),
    (frozenset({"documents", "attach"}),),
    of="Document",
)
REPEATED = (Repeated(Amendment, "reason"),)
TEXTS = {"notification": DOCUMENT, A_DOCUMENT: SAID.document()}
