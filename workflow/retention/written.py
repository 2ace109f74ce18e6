"""Texts that rest in rows of their own: written down once, and no answer on a page of a document.

Words are taken out of such a row itself, as out of every version of an answer. Each room says which
it has: in which rows and columns, what they are called, who else received them and whose they are.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from workflow.machine.case import Case
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.retention.copies import Copy, Document, FreeText, Page, Place, Whose, whole_text


def _is_the_panel(case: Case, row: Any, held: Membership) -> bool:
    return held.organisation.kind == roles.PANEL


OF_THE_PANEL = Whose(
    "redact.propose_panel",
    "redact.confirm_panel",
    _is_the_panel,
    _is_the_panel,
    "the secretariat or the chair of the Panel",
    is_of_its_own_body=True,
)


@dataclass(frozen=True)
class Written:
    """What a room says of one kind of them.

    `name` is what the trail, the database's own refusal and addresses know it by; `columns` are
    those that hold words, each with its label; `where` says of a row, in nobody's words, which it
    is, and `of` what that is. `typed_at` is what the addresses hold of the pages on which one is
    typed.
    """

    name: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    columns: Mapping[str, str]
    where: Callable[[Any], str]
    readers: Callable[[Any, date], set[int]]
    typed_at: tuple[frozenset[str], ...]
    of: str = field(kw_only=True)
    typed_as: frozenset[str] = frozenset()
    writer: str = "by_id"

    def document(self, whose: Whose | None = None) -> Document:
        """As it stands among all texts out of which words can be taken."""
        table = self.rows().model._meta.db_table
        found = Document(
            self.title,
            lambda rows, earlier, on: [],
            self._names,
            lambda case, place, said: self._copies(case, place),
            lambda case, place, on: self.readers(self._row(case, place), on),
            "",
            holds=frozenset(f"{table}.{column}" for column in self.columns),
            records=lambda case: list(self._texts(case)),
            rows=self._rows,
            typed_at=self.typed_at,
            typed_as=self.typed_as,
            writer=lambda row: getattr(row, self.writer),
            prefix=f"{self.name}-",
            of=self.of,
        )
        return replace(found, whose=whose) if whose else found

    def place(self, row: Any, column: str) -> Place:
        """Of which row and column a text is."""
        return Place(self.name, self.name, self.name, str(row.pk), column)

    def _texts(self, case: Case) -> Iterator[FreeText]:
        for row in self.rows().filter(case=case).order_by("pk"):
            row.case = case
            for column, label in self.columns.items():
                if text := getattr(row, column):
                    yield FreeText(row, self.place(row, column), self.where(row), label, text)

    def _rows(self, case: Case, items: Collection[str]) -> dict[str, Any]:
        found = self.rows().filter(case=case).in_bulk([int(one) for one in items])
        for row in found.values():
            row.case = case
        return {str(key): row for key, row in found.items()}

    def _row(self, case: Case, place: Place) -> Any:
        return self._rows(case, [place.item])[place.item]

    def _copies(self, case: Case, place: Place) -> list[Copy]:
        return [Copy(self._row(case, place), place.field, whole_text)]

    def _names(self, pages: Collection[Page]) -> dict[Page, str]:
        """Which one each is; only what it is where its row is out of sight."""
        rows = self.rows().in_bulk([int(item) for _, item in pages])
        found = {one: rows.get(int(one[1])) for one in pages}
        return {one: self.where(row) if row else self.title for one, row in found.items()}
