"""Keeping what was typed: every save is at once, whole, and never over somebody else's.

What is typed is a mapping from a field's name to the texts typed in it, as a browser sends it.
Each change holds the case before its page: whoever has the case locked reads what nobody else
changes until they are done, and no two wait for each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from workflow.people.person import Person
from workflow.sealed.models import Answers
from workflow.sealed.names import is_notification

if TYPE_CHECKING:
    from workflow.machine.case import Case

Typed = Mapping[str, Sequence[str]]


class Conflict(Exception):  # An answer to the caller, not something gone wrong.
    """Somebody else changed this section since it was shown: `theirs` is what they left."""

    def __init__(self, theirs: Answers) -> None:
        super().__init__("This section was changed since it was shown.")
        self.theirs = theirs


def read(case: "Case", document: str) -> dict[tuple[str, str], Answers]:
    """Every section and item of a document, in one query, by (section, item), in their order."""
    rows = Answers.objects.filter(case=case, document=document, removed_at__isnull=True)
    found: dict[tuple[str, str], Answers] = {}
    for row in rows.order_by("section", "order", "pk"):
        row.case = case
        found[row.section, row.item] = row
    return found


def save(
    case: "Case",
    document: str,
    section: str,
    item: str = "",
    *,
    typed: Typed,
    seen_version: int,
    by: Person | None,
    at: datetime,
    complete: bool = False,
) -> Answers:
    """Keep what was typed as the section's next version, and return it.

    `seen_version` is the version that was shown, 0 for a section never saved. Raises Conflict
    when it moved on, unless what rests there is what was typed: a double click is no conflict.
    """
    kept = {name: list(texts) for name, texts in typed.items()}
    with transaction.atomic():
        _hold(case)
        row = _locked(case, document, section, item)
        if row is None:
            row = _begun(case, document, section, item)
            row.answers, row.complete, row.edited_by, row.edited_at = kept, complete, by, at
            row.save(force_insert=True)
            _note_author(case, document, by)
            return row
        if row.removed_at is not None:
            raise Conflict(row)
        if row.version == seen_version:
            row.answers, row.complete, row.edited_by, row.edited_at = kept, complete, by, at
            row.version += 1
            row.save()
            _note_author(case, document, by)
        elif row.answers != kept:
            raise Conflict(row)
        return row


def add_item(
    case: "Case",
    document: str,
    section: str,
    *,
    typed: Typed,
    by: Person | None,
    at: datetime,
    complete: bool = False,
) -> Answers:
    """Add a child, an adult, an agency to a section, under the next number never given there."""
    with transaction.atomic():
        # Two people adding at once each get a number of their own: one waits for the other.
        _hold(case)
        given = Answers.objects.filter(case=case, document=document, section=section)
        numbers = [int(item) for item in given.values_list("item", flat=True) if item.isdigit()]
        number = max(numbers, default=0) + 1
        row = _begun(case, document, section, str(number), order=number)
        row.answers = {name: list(texts) for name, texts in typed.items()}
        row.complete, row.edited_by, row.edited_at = complete, by, at
        row.save(force_insert=True)
        _note_author(case, document, by)
        return row


def remove_item(
    case: "Case",
    document: str,
    section: str,
    item: str,
    *,
    seen_version: int,
    by: Person | None,
    at: datetime,
) -> Answers:
    """Take an item out of its section; the row stays, with what was typed and who removed it.

    Raises Conflict when somebody changed it since it was shown; removing twice is once.
    """
    with transaction.atomic():
        _hold(case)
        row = _locked(case, document, section, item)
        if row is None:
            raise Answers.DoesNotExist
        if row.removed_at is not None:
            return row
        if row.version != seen_version:
            raise Conflict(row)
        row.version += 1
        row.removed_at, row.edited_at, row.edited_by = at, at, by
        row.save()
        _note_author(case, document, by)
        return row


def _note_author(case: "Case", document: str, by: Person | None) -> None:
    """Who changes a page of a notification is one of its authors, and approves it no more."""
    if is_notification(document):
        case.notification.wrote(document, by)


def _hold(case: "Case") -> None:
    if not case.is_locked:
        type(case).objects.select_for_update().only("pk").get(pk=case.pk)


def _locked(case: "Case", document: str, section: str, item: str) -> Answers | None:
    """The row as it rests, held against others until the transaction ends."""
    rows = Answers.objects.select_for_update(of=("self",))
    row = rows.filter(case=case, document=document, section=section, item=item).first()
    if row is not None:
        row.case = case
    return row


def _begun(case: "Case", document: str, section: str, item: str, *, order: int = 0) -> Answers:
    return Answers(
        case=case,
        authority_id=case.authority_id,
        document=document,
        section=section,
        item=item,
        order=order,
    )
