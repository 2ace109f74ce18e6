"""Every byte of the database, and everything sealed in it opened: where some words stand."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from workflow.models import Case
from workflow.sealed.fields import SealedField


def sealed_columns() -> Iterator[tuple[Any, str]]:
    """Each model with each of its sealed columns, histories and the contents of files too."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SealedField):
                yield model, field.name


def places_with(words: str) -> set[str]:
    """The columns in which the words stand, sealed or in clear; a table's name where in clear."""
    found = {
        f"{model._meta.db_table}.{column}"
        for model, column in sealed_columns()
        for text in opened(model, column)
        if words.casefold() in text.casefold()
    }
    return found | {table for table, text in in_clear() if words.casefold() in text.casefold()}


def opened(model: Any, column: str) -> Iterator[str]:
    """What stands in a sealed column, row by row, as text in its own letters."""
    if not may_read(model._meta.db_table, column):
        return
    cases = {case.pk: case for case in Case.objects.all()}
    for row in model._default_manager.all():
        row.case = cases[row.case_id]
        value = getattr(row, column)
        is_file = isinstance(value, bytes)
        yield value.decode(errors="replace") if is_file else json.dumps(value, ensure_ascii=False)


def may_read(table: str, column: str) -> bool:
    """Whether the application may: what is in quarantine the worker alone reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege(%s, %s, 'SELECT')", [table, column])
        return bool(cursor.fetchone()[0])


def in_clear() -> Iterator[tuple[str, str]]:
    """Each row of each table that the application reads, as the database writes it down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            yield from ((table, text) for (text,) in cursor.fetchall())
