"""How many there are, up to a thousand: beyond that nobody reads the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

COUNTED_TO = 1000


@dataclass(frozen=True)
class Capped:
    """A number, and whether there are more than that."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.more else f"{self.number:,}"

    @property
    def is_one(self) -> bool:
        """Whether it is exactly one."""
        return self.number == 1 and not self.more


def capped(number: int) -> Capped:
    """The number as it is shown."""
    return Capped(min(number, COUNTED_TO), number > COUNTED_TO)


def count_each(
    rows: Mapping[str, list[QuerySet[Any, Any]]], *, along: tuple[str, ...] = ()
) -> dict[str, Capped]:
    """For each name, how many rows its alternatives hold together: one statement for all.

    Where the rows lie far apart among others, `along` names the order of the index to walk.
    """
    parts: list[str] = []
    values: list[Any] = []
    for name, alternatives in rows.items():
        limited = [one.order_by(*along).values("pk")[: COUNTED_TO + 1] for one in alternatives]
        found = [query.query.sql_with_params() for query in limited]
        union = " UNION ".join(f"({sql})" for sql, _ in found)
        # Names and numbers are parameters; the rest is Django's own text.
        parts.append(
            f"SELECT %s, count(*) FROM (SELECT * FROM ({union}) u LIMIT {COUNTED_TO + 1}) c"  # noqa: S608
        )
        values += [name, *(value for _, params in found for value in params)]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {name: capped(number) for name, number in cursor.fetchall()}
