"""The hostile corpus: files by what is wrong with them, made anew each time, none kept here.

`REFUSED` are those that may not be taken at all, each with the word by which it is refused, "" for
any. `CARRIED` are those that may be taken, each with what of it may not come along.
"""

from collections.abc import Callable, Iterable
from functools import cache

from tests.notifications.documents.hostile import carried, others, pdfs, pictures, polyglots, words

Refused = tuple[str, bytes, str]
Carried = tuple[str, bytes, bytes]

_REFUSED: dict[str, Callable[[], Iterable[Refused]]] = {
    "of no kind": others.of_no_kind,
    "texts": others.texts,
    "cut off": others.cut_off,
    "two things": polyglots.begun_otherwise,
    "pdfs that do something": pdfs.doing,
    "pdfs that hide what they do": pdfs.hiding,
    "pdfs with files": pdfs.holding,
    "pdfs behind a password": pdfs.locked,
    "pdfs that are none": pdfs.broken,
    "pdfs that swell": pdfs.swelling,
    "pdfs with pictures": pdfs.unread,
    "documents with programs": words.programs,
    "documents with files": words.holding,
    "documents that fetch": words.fetching,
    "documents with instructions": words.instructed,
    "documents with changes": words.changed,
    "documents in strict form": words.strict,
    "documents with entities": words.entities,
    "archives": words.packed,
    "pictures": pictures.wrong,
}
_CARRIED: dict[str, Callable[[], Iterable[Carried]]] = {
    "in pictures": carried.in_pictures,
    "in pdfs": carried.in_pdfs,
    "in documents": carried.in_documents,
}
REFUSED, CARRIED = tuple(_REFUSED), tuple(_CARRIED)


@cache
def refused(group: str) -> tuple[Refused, ...]:
    """The files of a group that may not be taken."""
    return tuple(_REFUSED[group]())


@cache
def carrying(group: str) -> tuple[Carried, ...]:
    """The files of a group of which a part may not come along."""
    return tuple(_CARRIED[group]())


def every() -> list[tuple[str, bytes]]:
    """All of them by name, no two of the same."""
    found = [(f"{group}: {one[0]}", one[1]) for group in REFUSED for one in refused(group)]
    found += [(f"{group}: {one[0]}", one[1]) for group in CARRIED for one in carrying(group)]
    assert len({name for name, _ in found}) == len({held for _, held in found}) == len(found)
    return found
