"""Where a text rests: an answer in its versions, and in whatever else holds a copy of it.

Each room that asks the questions of a document says itself what it asks, and what copies it keeps;
and each that keeps a text in a row of its own, which those are (`written`).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from workflow.machine.case import Case
from workflow.machine.consequences import Acting
from workflow.people.membership import Membership
from workflow.sealed.models import Answers
from workflow.sealed.slot import as_stored

Rewrite = Callable[[str], str]
Typed = Mapping[str, list[str]]
# What the same row of answers held in each of its versions, by the row's key.
Earlier = Mapping[int, list[Typed]]
# A page and its item, by which a text is called.
Page = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """One text: of which document, without its number; how it is kept; which question.

    Of a text in a row of its own `item` is the key of the row and `field` its column.
    """

    document: str
    section: str
    page: str
    item: str
    field: str


@dataclass(frozen=True)
class FreeText:
    """A free text as it stands in a row: `where` and `label` as its page says them.

    `text` is empty where it says nothing now, and did in an earlier version.
    """

    row: Any
    place: Place
    where: str
    label: str
    text: str

    @property
    def is_removed(self) -> bool:
        """Whether what it is of was taken away since."""
        return getattr(self.row, "removed_at", None) is not None

    @property
    def of(self) -> str:
        """What `where` names: a page, or what else the text is of."""
        return DOCUMENTS[self.place.document].of

    @property
    def address(self) -> str:
        """What it is called in the address of the page on which its words are named."""
        return DOCUMENTS[self.place.document].prefix + self.place.field


@dataclass(frozen=True)
class Copy:
    """One sealed value of a case, and how the texts in it that copy an answer are rewritten."""

    row: Any
    column: str
    rewritten: Callable[[Any, Rewrite], Any]

    def texts(self) -> list[str]:
        """The texts in it that copy the answer."""
        found: list[str] = []

        def look(text: str) -> str:
            found.append(text)
            return text

        self.rewritten(getattr(self.row, self.column), look)
        return found

    def write(self, rewrite: Rewrite) -> None:
        """It rests rewritten, and nothing else of its row is changed."""
        before = getattr(self.row, self.column)
        after = self.rewritten(before, rewrite)
        if after == before:
            return
        setattr(self.row, self.column, after)
        with as_stored():
            sealed = getattr(self.row, self.column)
        rows = type(self.row).objects.filter(pk=self.row.pk)
        if rows.update(**{self.column: sealed}) != 1:
            message = f"{type(self.row).__name__} {self.row.pk} is out of reach."
            raise RuntimeError(message)

    def left(self, rewrite: Rewrite) -> dict[str, str]:
        """What the entry that says that words were taken out of it has to say of what is left."""
        return {}


@dataclass(frozen=True)
class Whose:
    """Whose words they are: by which acts of the policy, and of which bodies.

    Of a membership each is asked with the row that a text of its own rests in, None for an answer.
    `who` confirms, in words.
    """

    propose: str
    confirm: str
    proposes: Callable[[Case, Any, Membership], bool]
    confirms: Callable[[Case, Any, Membership], bool]
    who: str
    # Who may only say no, whoever else may confirm.
    declines: Callable[[Case, Any, Membership], bool] | None = None
    # Confirmed at the body that proposed it, and not by the authority that has the case.
    is_of_its_own_body: bool = False


def has_the_case(case: Case, row: Any, held: Membership) -> bool:
    """Whether it is in the authority that has the case."""
    return held.organisation_id == case.authority_id


PROPOSE, CONFIRM = "redact.propose", "redact.confirm"
OF_THE_AUTHORITY = Whose(PROPOSE, CONFIRM, has_the_case, has_the_case, "an approver")


@dataclass(frozen=True)
class Document:
    """What a room says of a document: the free texts in its rows, its pages, and other copies."""

    title: str
    texts: Callable[[list[Answers], Earlier, date], list[FreeText]]
    # What each of these is called: looked up once for all of them.
    names: Callable[[Collection[Page]], Mapping[Page, str]]
    # What of it holds a copy of these texts, which an answer has ever been.
    copies: Callable[[Case, Place, frozenset[str]], Iterable[Copy]]
    # The bodies, by their keys, that received it or signed it, and have the case still; not who
    # wrote it.
    readers: Callable[[Case, Place, date], set[int]]
    # What the addresses of its pages hold, and those of the other document do not.
    address: str
    # Whoever signed these of its documents, by their names, is asked again, as part of an act.
    signed_anew: Callable[[Case, frozenset[str], Acting], None] = lambda case, changed, move: None
    whose: Whose = OF_THE_AUTHORITY
    # The columns, each after its table, in which these texts and their copies rest.
    holds: frozenset[str] = frozenset()
    # Of texts in rows of their own: each that a case has, and the rows of some by their keys.
    records: Callable[[Case], list[FreeText]] = lambda case: []
    rows: Callable[[Case, Collection[str]], Mapping[str, Any]] = lambda case, items: {}
    # What the addresses hold of the pages on which whoever wrote such a text typed it, and under
    # which names, where that is not its column's.
    typed_at: tuple[frozenset[str], ...] = ()
    typed_as: frozenset[str] = frozenset()
    writer: Callable[[Any], int | None] = lambda row: row.by_id
    # Before the name of such a text where it is named in an address.
    prefix: str = ""
    # What one of its texts is of, where it is said which that is.
    of: str = "Page"

    def row(self, case: Case, place: Place) -> Any:
        """The row of its own that a text rests in; None for an answer."""
        return self.rows(case, [place.item]).get(place.item)


# By the name under which its answers are kept, without a number; or its texts are known.
DOCUMENTS: dict[str, Document] = {}


def document_of(row: Answers) -> str:
    """The document of a row of answers, without its number."""
    return re.sub(r"-[0-9]+$", "", row.document)


def free_texts(case: Case, *, on: date, of: Collection[str] | None = None) -> list[FreeText]:
    """Every free text of the case, in order, an answer that was carried over once.

    Of all kinds, or `of` these: no other is opened.
    """
    kinds = DOCUMENTS if of is None else {name: DOCUMENTS[name] for name in of}
    found = _answers(case, kinds, on)
    for document in kinds.values():
        found |= {one.place: one for one in document.records(case)}
    return list(found.values())


def _answers(case: Case, kinds: Mapping[str, Document], on: date) -> dict[Place, FreeText]:
    rows: dict[str, list[Answers]] = {}
    known = Answers.objects.filter(case=case).order_by("document", "section", "order", "pk")
    for row in _of(case, known):
        if document_of(row) in kinds:
            rows.setdefault(row.document, []).append(row)
    found: dict[Place, FreeText] = {}
    earlier = _earlier(case) if rows else {}
    for name in sorted(rows, key=lambda one: (document_of(rows[one][0]), len(one), one)):
        texts = DOCUMENTS[document_of(rows[name][0])].texts(rows[name], earlier, on)
        found |= {one.place: one for one in texts}
    return found


def texts_now(case: Case, place: Place) -> list[str]:
    """What a text says now: an answer once, and again in each that carried it over."""
    own = [one.text for one in DOCUMENTS[place.document].records(case) if one.place == place]
    return own or ["\n".join(row.answers.get(place.field, [])) for row in versions_now(case, place)]


def versions_now(case: Case, place: Place, *, locked: bool = False) -> list[Answers]:
    """The answer as it stands: once, and again in each notification that carried it over.

    `locked` until the transaction ends, so that no version is added meanwhile.
    """
    rows = Answers.objects.filter(**_rows(case, place)).order_by("pk")
    return _of(case, rows.select_for_update(of=("self",)) if locked else rows)


def said_in(case: Case, place: Place) -> frozenset[str]:
    """Every text that the answer is or ever was, in the form in which copies are known by it."""
    rows = [*versions_now(case, place), *_history(case, place)]
    texts = (one_line(text) for row in rows for text in row.answers.get(place.field, []))
    return frozenset(text for text in texts if text)


def copies(case: Case, place: Place, said: frozenset[str]) -> list[Copy]:
    """Everything else in which the answer rests; copies are known by what it was `said` to be."""
    found = [Copy(row, "answers", typed_under(place.field)) for row in _history(case, place)]
    return [*found, *DOCUMENTS[place.document].copies(case, place, said)]


def one_line(text: str) -> str:
    """A text as it is known again, whatever its line ends and however its letters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def typed_under(field: str) -> Callable[[Any, Rewrite], Any]:
    """How the answers of a page are rewritten: what was typed under one name of it."""

    def rewritten(typed: Typed, rewrite: Rewrite) -> dict[str, list[str]]:
        return {
            name: [rewrite(text) for text in texts] if name == field else texts
            for name, texts in typed.items()
        }

    return rewritten


def whole_text(text: str, rewrite: Rewrite) -> str:
    """How a value that is one text is rewritten."""
    return rewrite(text)


def _history(case: Case, place: Place) -> list[Any]:
    rows = apps.get_model("workflow", "AnswersEvent").objects.filter(**_rows(case, place))
    return _of(case, rows.order_by("pk"))


def _earlier(case: Case) -> dict[int, list[Typed]]:
    rows = apps.get_model("workflow", "AnswersEvent").objects.filter(case=case)
    found: dict[int, list[Typed]] = {}
    # The newest first: its form knows best what was asked.
    for row in _of(case, rows.order_by("-pk")):
        found.setdefault(row.pgh_obj_id, []).append(row.answers)
    return found


def _rows(case: Case, place: Place) -> dict[str, Any]:
    named = f"^{re.escape(place.document)}(-[0-9]+)?$"
    where = {"section": place.section, "item": place.item}
    return {"case": case, "document__regex": named, **where}


def _of(case: Case, rows: QuerySet[Any]) -> list[Any]:
    found = list(rows)
    for row in found:
        row.case = case
    return found
