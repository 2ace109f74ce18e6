"""What people typed for a text and did not save: copies of it, and what is kept of it later."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from workflow import opaque
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.retention.copies import (
    DOCUMENTS,
    Copy,
    Place,
    Rewrite,
    texts_now,
    typed_under,
    versions_now,
)
from workflow.retention.proposals import place_of
from workflow.retention.redaction import Redaction
from workflow.sealed.models import KeptPage

# In the address of the page on which words are named, and the name they are typed under.
TAKE_OUT, WORDS, TEXT = "take-out", "words", "text"
# A page that was made while words were being taken out may show them still.
MEANWHILE = timedelta(minutes=2)


def kept_copies(case: Case, place: Place) -> list[Copy]:
    """What people typed for that text and did not save, as far as it is in reach.

    For an answer anybody, for a text in a row of its own whoever wrote it. Also on the page on
    which its words were to be named.
    """
    typed_as, found = _typed_as(case, place), []
    for kept in KeptPage.objects.filter(case=case).order_by("pk"):
        kept.case = case
        if names := typed_as(kept.page, kept.person_id):
            found.append(Copy(kept, "kept", _kept_under(names)))
    return found


def without_what_went(
    case: Case,
    person: Person,
    page: str,
    typed: Mapping[str, list[str]],
    *,
    opened_at: datetime | None,
) -> dict[str, list[str]]:
    """What a person typed on a page, as far as it may still be kept for them.

    Where words went from a text since the page was opened, or ever where it is not known when that
    was, nobody knows any more which they were:
    the text stands there as it is now. What was to be written anew, and which words were to be
    taken out, is left out.
    """
    found = dict(typed)
    if case.disposed_on is not None:
        # Nothing can be opened any more, nor is anything kept.
        return found
    rows = Redaction.objects.filter(case=case, state=Redaction.State.CONFIRMED)
    if opened_at is not None:
        rows = rows.filter(answered_at__gte=opened_at - MEANWHILE)
    for one in rows.order_by("pk"):
        place = place_of(one)
        for name in _typed_as(case, place)(page, person.pk) & found.keys():
            is_answer = DOCUMENTS[place.document].row(case, place) is None and name != WORDS
            found[name] = texts_now(case, place)[-1:] if is_answer else []
    return found


def _typed_as(case: Case, place: Place) -> Callable[[str, int], set[str]]:
    """Under which names that text is typed on a page, by its address and its person."""
    document = DOCUMENTS[place.document]
    named = document.prefix + place.field
    row = document.row(case, place)
    rows = [row] if row else versions_now(case, place)
    # What was kept before addresses hid keys stands under an address with the key itself.
    keys = {name for one in rows for name in (opaque.hide(TEXT, one.pk), str(one.pk))}
    own = frozenset({document.address, place.page, *([place.item] if place.item else [])})
    pages = document.typed_at if row else (own,)

    def names(page: str, person: int) -> set[str]:
        parts, found = set(page.strip("/").split("/")), set[str]()
        if any(one <= parts for one in pages) and (row is None or document.writer(row) == person):
            found |= document.typed_as or {place.field}
        if TAKE_OUT in parts and keys & parts and named in parts:
            found.add(WORDS)
        return found

    return names


def _kept_under(names: Collection[str]) -> Callable[[Any, Rewrite], Any]:
    def rewritten(kept: Mapping[str, Any], rewrite: Rewrite) -> dict[str, Any]:
        typed = kept["typed"]
        for name in names:
            typed = typed_under(name)(typed, rewrite)
        return {**kept, "typed": typed}

    return rewritten
