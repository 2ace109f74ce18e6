"""Many complete drafts, each under its own key: copies of one that was written as people do."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from notifications import services
from notifications.sections import Lists
from tests.bench import crowd
from tests.bench.patterns import DATES
from tests.notifications.answers import PAGES, as_typed, country, written
from tests.story import Cast, cast
from workflow import clock
from workflow.models import Answers, Case, Organisation, Person
from workflow.sealed import keys
from workflow.sealed.fields import HEADER, NONCE_BYTES


def settle() -> tuple[Cast, Case]:
    """The cast, and a draft of Ada's with every page filled in."""
    everyone = country(cast())
    return everyone, draft(everyone.northmoor, everyone.ada, DATES)


def draft(authority: Organisation, by: Person, dates: dict[str, dict[str, str]]) -> Case:
    """A draft with every page filled in, and these dates; the code lists are there already."""
    at = clock.now()
    on = clock.london_date(at)
    case = services.start(
        authority=authority,
        by=by,
        on=on,
        at=at,
        typed={"basis": as_typed(PAGES["basis"])},
        lists=Lists(on),
    )
    return written(case, by, {**dates, "basis": PAGES["basis"]})


def multiply(server: psycopg.Connection, pattern: Case, *, drafts: int) -> list[str]:
    """So many drafts like the pattern are there, each opening with its own key; their tokens."""
    pages = list(Answers.objects.filter(case=pattern).select_related("case").order_by("pk"))
    crowd.multiply(
        server,
        cases=drafts + 1,
        of=[pattern.pk],
        on=pattern.opened_on,
        leaving={Answers},
        alike=True,
    )
    copies = server.execute(
        "SELECT id, key_id, token FROM workflow_case WHERE id > %s ORDER BY id", [pattern.pk]
    ).fetchall()
    put_back = crowd.lowered(server)
    _write(server, pages, [(case_id, _new_key(key_id)) for case_id, key_id, _ in copies])
    for statement in put_back:
        server.execute(statement)
    server.execute("VACUUM ANALYZE workflow_answers")
    server.execute("CHECKPOINT")
    return [token for _, _, token in copies]


def _new_key(key_id: UUID) -> AESGCM:
    """The key of a copy, kept where its case will look for it; the end of this run is soon."""
    key, held = AESGCM.generate_key(bit_length=256), keys.store()
    path = held._path(str(key_id))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(held._wrap(str(key_id), key))
    return AESGCM(key)


def _write(
    server: psycopg.Connection, pages: Sequence[Answers], cases: Sequence[tuple[int, AESGCM]]
) -> None:
    columns = [str(field.column) for field in Answers._meta.fields if not field.primary_key]
    rows = [_row(page, columns) for page in pages]
    place, own = columns.index("answers"), columns.index("case_id")
    origin: str = Answers._meta.get_field("answers").origin
    into = sql.SQL("COPY workflow_answers ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with server.cursor() as cursor, cursor.copy(into) as copy:
        for case_id, cipher in cases:
            bound = f"{origin}|{case_id}".encode()
            for row in rows:
                nonce = secrets.token_bytes(NONCE_BYTES)
                sealed = HEADER + nonce + cipher.encrypt(nonce, row[place], bound)
                copied = list(row)
                copied[place], copied[own] = sealed, case_id
                copy.write_row(copied)


def _row(page: Answers, columns: Sequence[str]) -> list[Any]:
    """A page's columns, with what was typed opened and ready to be sealed anew."""
    typed = json.dumps(page.answers, separators=(",", ":")).encode("ascii")
    return [typed if name == "answers" else getattr(page, name) for name in columns]


def key_files(folder: Path) -> set[str]:
    """The keys that the store holds."""
    return {name.removesuffix(".key") for _, _, found in os.walk(folder) for name in found}
