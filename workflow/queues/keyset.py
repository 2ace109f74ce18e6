"""Pages by position: the row after which a page begins stands in its address, not a number.

A page costs the same wherever it lies, and what is added or removed before it moves nothing.
The position names a date and, between rows of one date, a public mark. In a trail, which grows at
one end alone, it names the row itself, by a mark that nobody can read or make.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, Expression, F, Func, Lookup, Model, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from workflow import opaque

SIZES = (25, 50)
M = TypeVar("M", bound=Model)


class Row(Func):
    """Several columns as one value, compared as the index sorts them."""

    function = ""
    template = "(%(expressions)s)"
    output_field = BooleanField()


class Written(Expression):
    """A query as a value, written out once however many statements it stands in."""

    output_field = BooleanField()

    def __init__(self, query: QuerySet[Any, Any]) -> None:
        """It stands for the one value that this query finds; NULL where it finds none."""
        super().__init__()
        self.sql, self.params = query.query.sql_with_params()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The query in brackets and its parameters."""
        return f"({self.sql})", self.params


class OneOf(Lookup):
    """A column is one of these keys. They travel as one array, however many they are."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition and its parameters."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, list(self.rhs))


@dataclass(frozen=True)
class Cursor:
    """A position in a list: from it onwards, or back from it."""

    day: date
    mark: str
    back: bool = False

    @classmethod
    def from_address(cls, after: str, before: str) -> "Cursor | None":
        """The position in an address; None for the first page and for what is no position."""
        day, _, mark = (before or after).partition(".")
        try:
            return cls(date.fromisoformat(day), mark, back=bool(before))
        except ValueError:
            return None

    def as_address(self) -> dict[str, str]:
        """As `from_address` reads it."""
        return {"before" if self.back else "after": f"{self.day.isoformat()}.{self.mark}"}


@dataclass(frozen=True)
class Order(Generic[M]):
    """A sort order: by a date, ties by key, both one way.

    `marked` gives a row's public mark; `key` the query for the key of the row so marked.
    """

    slug: str
    title: str
    column: str
    descending: bool
    marked: Callable[[M], str]
    key: Callable[[str], QuerySet[Any, Any]]

    def columns(self, *, back: bool) -> tuple[str, str]:
        """What to order by, or to order by walking backwards."""
        sign = "-" if self.descending != back else ""
        return f"{sign}{self.column}", f"{sign}pk"

    def beyond(self, cursor: Cursor) -> Q:
        """The condition that a row lies beyond a position, the way the position looks.

        A position without a mark lies beyond every row of its date: nothing is looked up for it.
        """
        compare = LessThan if self.descending != cursor.back else GreaterThan
        if not cursor.mark:
            return Q(compare(F(self.column), Value(cursor.day)))
        here = Row(Value(cursor.day), Written(self.key(cursor.mark)))
        return Q(compare(Row(F(self.column), F("pk")), here))

    def cursor_at(self, row: M, *, back: bool) -> Cursor:
        """The position of a row."""
        return Cursor(getattr(row, self.column), self.marked(row), back=back)


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The rows of one page, and the positions of the pages before and after it."""

    rows: list[M]
    previous: Cursor | None
    next: Cursor | None


def sliced(found: list[M], *, order: Order[M], cursor: Cursor | None, size: int) -> Slice[M]:
    """The page in up to `size` + 1 rows read beyond a position, in the way it looks."""
    more = len(found) > size
    rows = found[:size]
    back = cursor is not None and cursor.back
    if back:
        rows.reverse()
    before = more if back else cursor is not None
    after = True if back else more
    return Slice(
        rows,
        order.cursor_at(rows[0], back=True) if rows and before else None,
        order.cursor_at(rows[-1], back=False) if rows and after else None,
    )


@dataclass(frozen=True)
class Page:
    """The rows of one page of a trail, and the positions of the pages after and before it."""

    rows: list[Any]
    after: str = ""
    before: str = ""


def newest_first(rows: QuerySet[Any], position: Mapping[str, str]) -> Page:
    """The page of rows that are only ever added, which begins, or ends, at a position."""
    back = "before" in position
    key = key_at(rows, position.get("before" if back else "after", ""))
    if key is not None:
        rows = rows.filter(**{"pk__gt" if back else "pk__lt": key})
    return marked(rows.order_by("pk" if back else "-pk"), position, mark_of)


def mark_of(row: Model) -> str:
    """The mark of a row where it has no other that is public: its key, which nobody can read."""
    return opaque.hide(row._meta.db_table, row.pk)


def key_at(rows: QuerySet[Any], mark: str) -> int | None:
    """The key of the row of a mark that `mark_of` made; None for what is none of these rows."""
    return opaque.find(rows.model._meta.db_table, mark)


def marked(rows: QuerySet[Any], position: Mapping[str, str], mark: Callable[[Any], str]) -> Page:
    """The page at the head of rows that lie beyond a position, in the way it looks."""
    size, back = SIZES[0], "before" in position
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    has_before = more if back else "after" in position
    has_after = True if back else more
    return Page(
        found,
        after=mark(found[-1]) if found and has_after else "",
        before=mark(found[0]) if found and has_before else "",
    )
