"""The database must be one that can refuse; the service does not start on another."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

OLDEST = 15

MIGHT = """
SELECT rolsuper OR rolbypassrls, EXISTS (
    SELECT FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND pg_has_role(current_user, relowner, 'USAGE')
)
FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.compatibility)
def only_postgresql(**kwargs: Any) -> list[CheckMessage]:
    """An error for any other engine."""
    if connection.vendor == "postgresql":
        return []
    return [
        Error(
            f"The database is {connection.vendor}; only PostgreSQL {OLDEST} or newer will do.",
            hint="Row locks that skip, triggers that refuse and rights for each role are what "
            "keeps every clock and record right; elsewhere they silently do nothing.",
            id="access.E001",
        )
    ]


@register(Tags.database)
def new_enough(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for a PostgreSQL that is too old."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        major = int(cursor.fetchone()[0]) // 10_000
    if major >= OLDEST:
        return []
    words = f"The database is PostgreSQL {major}; {OLDEST} or newer is needed."
    return [Error(words, id="access.E002")]


@register(Tags.database)
def not_mighty(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error when a serving process could undo what the database refuses."""
    if not databases or connection.vendor != "postgresql" or settings.DATABASE_ROLE == "owner":
        return []
    with connection.cursor() as cursor:
        cursor.execute(MIGHT)
        may_ignore_rules, owns_tables = cursor.fetchone()
    found = []
    if may_ignore_rules:
        found.append(("is a superuser or may bypass row security", "access.E003"))
    elif owns_tables:
        found.append(("owns the tables", "access.E004"))
    return [
        Error(
            f"The role {connection.settings_dict['USER']} {why}.",
            hint="Give DATABASE_URL and DATABASE_WORKER_URL roles that own nothing: whoever owns "
            "a table can remove its triggers and rewrite its history.",
            id=check_id,
        )
        for why, check_id in found
    ]
