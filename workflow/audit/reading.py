"""Reading the log with what its entries say, in order and however long it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from workflow.audit.content import EVENT, LOOK, TABLES, content

_LOG = f"""SELECT l.position, l.kind, l.entry, l.case_id, l.commitment, coalesce(e.salt, k.salt),
    CASE WHEN e.id IS NOT NULL THEN {content(EVENT, "e")}
        WHEN k.id IS NOT NULL THEN {content(LOOK, "k")} END
FROM workflow_leaf l
LEFT JOIN workflow_event e ON l.kind = '{EVENT}' AND e.id = l.entry
LEFT JOIN workflow_look k ON l.kind = '{LOOK}' AND k.id = l.entry
WHERE l.position < %s"""  # noqa: S608 - made of this program's own words alone
_ORDER = " ORDER BY l.position"
_OUTSIDE = """SELECT count(*) FROM {table} r WHERE NOT EXISTS (
    SELECT FROM workflow_leaf l WHERE l.kind = %s AND l.entry = r.id
) AND NOT EXISTS (SELECT FROM workflow_arrival a WHERE a.kind = %s AND a.entry = r.id)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log; salt and content are None where its row is no more."""

    position: int
    kind: str
    entry: int
    case: int
    commitment: bytes
    salt: bytes | None
    content: str | None


def entries(size: int, *, case: int | None = None) -> Iterator[Entry]:
    """The entries before a size, of one case or of all, the first first."""
    of_case, values = ("", [size]) if case is None else (" AND l.case_id = %s", [size, case])
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LOG + of_case + _ORDER, values)
        while rows := cursor.fetchmany(2000):
            yield from (_entry(row) for row in rows)


def _entry(row: Any) -> Entry:
    position, kind, entry, case, commitment, salt, text = row
    salted = None if salt is None else salt.bytes
    return Entry(position, kind, entry, case, bytes(commitment), salted, text)


def commitments(size: int) -> Iterator[bytes]:
    """The commitments before a size, the first first."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT commitment FROM workflow_leaf WHERE position < %s ORDER BY position", [size]
        )
        while rows := cursor.fetchmany(10_000):
            yield from (bytes(made) for (made,) in rows)


def outside_the_log() -> int:
    """How many rows of the trail neither stand in the log nor wait for it."""
    found = 0
    with connection.cursor() as cursor:
        for kind, table in TABLES.items():
            cursor.execute(_OUTSIDE.format(table=table), [kind, kind])
            found += cursor.fetchone()[0]
    return found
