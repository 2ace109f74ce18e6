"""Reading the log with what its entries say, in order and however long it is."""

from collections.abc import Iterable, Iterator
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
# What the reasons rest as out of which words were taken: not as what the log committed to.
_REWRITTEN = """SELECT e.id::text, encode(sha256(e.reason), 'hex') FROM workflow_event e
WHERE e.reason_was <> ''"""
_ACTS = f"""SELECT {content(EVENT, "e")} FROM workflow_event e
WHERE e.id = ANY(%s)"""  # noqa: S608 - as above
# Entries that the log, of a size, holds not yet.
_WAIT = f"""SELECT {content(EVENT, "e")} FROM workflow_event e WHERE e.act = ANY(%s)
AND NOT EXISTS (SELECT FROM workflow_leaf l
    WHERE l.kind = '{EVENT}' AND l.entry = e.id AND l.position < %s)"""  # noqa: S608 - as above


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


def rewritten(*, case: int | None = None) -> dict[str, str]:
    """Each act, by its key, out of whose reason words were taken: the digest of it as it rests."""
    of_case, values = ("", []) if case is None else (" AND e.case_id = %s", [case])
    with connection.cursor() as cursor:
        cursor.execute(f"{_REWRITTEN}{of_case} ORDER BY e.id", values)
        return dict(cursor.fetchall())


def acts(keys: Iterable[str]) -> list[str]:
    """What the entries of these acts say; of what is no key of one, nothing."""
    known = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, [known])
        return [text for (text,) in cursor.fetchall()]


def not_in_the_log(acts: Iterable[str], size: int, *, case: int | None = None) -> list[str]:
    """What entries of these acts say that do not stand in the log of this size, the first first."""
    of_case, values = ("", []) if case is None else (" AND e.case_id = %s", [case])
    with connection.cursor() as cursor:
        cursor.execute(f"{_WAIT}{of_case} ORDER BY e.id", [list(acts), size, *values])
        return [text for (text,) in cursor.fetchall()]


def outside_the_log() -> int:
    """How many rows of the trail neither stand in the log nor wait for it."""
    found = 0
    with connection.cursor() as cursor:
        for kind, table in TABLES.items():
            cursor.execute(_OUTSIDE.format(table=table), [kind, kind])
            found += cursor.fetchone()[0]
    return found
