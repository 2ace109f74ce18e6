"""The lists a person keeps by a name of their own."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from workflow.board.models import SavedFilter
from workflow.machine.refusals import CannotAdvance
from workflow.people.person import Person


def saved_by(person: Person) -> list[SavedFilter]:
    """What a person has saved, by name."""
    return list(SavedFilter.objects.filter(person=person))


def save(person: Person, name: str, query: str, *, at: datetime) -> SavedFilter:
    """The filters, as an address holds them, are kept under a name.

    Raises CannotAdvance when the person uses the name already, or has saved as many as fit.
    """
    if SavedFilter.objects.filter(person=person).count() >= SavedFilter.MOST:
        raise CannotAdvance(f"You have saved {SavedFilter.MOST} filters. Remove one first.")
    row: dict[str, Any] = {"name": name, "query": query, "saved_at": at}
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(person=person, **row)
    except IntegrityError:
        raise CannotAdvance(f"You already have a filter named “{name}”.") from None


def remove(person: Person, key: int) -> None:
    """The filter is gone, if it was this person's."""
    SavedFilter.objects.filter(person=person, pk=key).delete()
