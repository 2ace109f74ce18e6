"""The database must be one that can refuse; the service does not start on another."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, WARNING, CheckMessage, Error, Tags, register
from django.db import connection

from workflow.access.purposes import tables_of_purposes
from workflow.access.rows import tables_of_cases

OLDEST = 15
# Functions that run with their owner's rights, and so may look past row security. There are none.
MAY_LOOK_PAST: frozenset[str] = frozenset()

MIGHT = """
SELECT rolsuper OR rolbypassrls, EXISTS (
    SELECT FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND pg_has_role(current_user, relowner, 'USAGE')
)
FROM pg_roles WHERE rolname = current_user
"""
# Through whom each of these roles may make temporary tables: what everybody may, it may too, and
# what was given to a role that it is a member of.
MAKES_TABLES = """
SELECT r.rolname, d.datname, pg_get_userbyid(d.datdba),
    pg_has_role(current_user, d.datdba, 'USAGE'), string_agg(DISTINCT CASE a.grantee
        WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, ', ')
FROM pg_database d, pg_roles r, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
WHERE d.datname = current_database() AND r.rolname = ANY(%s) AND a.privilege_type = 'TEMPORARY'
    AND CASE a.grantee WHEN 0 THEN true ELSE pg_has_role(r.oid, a.grantee, 'MEMBER') END
GROUP BY r.rolname, d.datname, d.datdba
ORDER BY r.rolname
"""

UNGUARDED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)
    AND NOT (relrowsecurity AND relforcerowsecurity)
ORDER BY relname
"""
# A view reads with its owner's rights unless it says otherwise; what a materialised view holds is
# shown to everybody who may read it.
LEAKING_VIEWS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR relkind = 'v' AND NOT EXISTS (
    SELECT FROM unnest(reloptions) o WHERE o IN ('security_invoker=true', 'security_invoker=on')
))
ORDER BY relname
"""
LOOKING_PAST = """
SELECT proname FROM pg_proc
WHERE prosecdef AND pronamespace = 'public'::regnamespace AND proname <> ALL(%s)
ORDER BY proname
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


@register(Tags.database)
def makes_no_tables(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error when a serving process could put a table of its own before one of the service's.

    Whoever migrates is warned of each role that serves, where the migrations can't mend it: the
    database is somebody else's.
    """
    if not databases or connection.vendor != "postgresql":
        return []
    serves, names = settings.DATABASE_ROLE != "owner", settings.DATABASE_ROLE_NAMES
    asked = [connection.settings_dict["USER"]] if serves else [names["app"], names["worker"]]
    with connection.cursor() as cursor:
        cursor.execute(MAKES_TABLES, [asked])
        found = [row for row in cursor.fetchall() if serves or not row[3]]
    level, number = (ERROR, "access.E008") if serves else (WARNING, "access.W008")
    return [
        CheckMessage(
            level,
            f"The role {role} may make temporary tables.",
            hint=f'As {owner}, whose the database is: REVOKE TEMPORARY ON DATABASE "{name}" FROM '
            f"{givers}. What a trigger looks up, as whether a record is under a legal hold, is "
            "looked for among temporary tables first. A database that was put back or copied "
            "needs this again.",
            id=number,
        )
        for role, name, owner, _, givers in found
    ]


@register(Tags.database)
def rows_are_guarded(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each way in which the database would show a row of a case out of sight."""
    if not databases or connection.vendor != "postgresql" or settings.DATABASE_ROLE == "owner":
        return []
    return [
        *_named(
            UNGUARDED,
            sorted(tables_of_cases() | tables_of_purposes()),
            "Row security is not on and forced on {}.",
            "access.E005",
            "Each holds rows of cases. Run manage.py migrate as the owner; a new table of a case "
            "needs CaseRows in the migration that makes it.",
        ),
        *_named(
            LEAKING_VIEWS,
            None,
            "The database has views that read with their owner’s rights: {}.",
            "access.E006",
            "Make each WITH (security_invoker = true), or drop it.",
        ),
        *_named(
            LOOKING_PAST,
            sorted(MAY_LOOK_PAST),
            "The database has functions that run with their owner’s rights: {}.",
            "access.E007",
            "Drop SECURITY DEFINER, or add the function to those that may look past row security.",
        ),
    ]


def _named(
    query: str, values: list[str] | None, words: str, check_id: str, hint: str
) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(query, None if values is None else [values])
        names = [name for (name,) in cursor.fetchall()]
    return [Error(words.format(", ".join(names)), hint=hint, id=check_id)] if names else []
