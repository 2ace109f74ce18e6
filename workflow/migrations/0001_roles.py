"""Rights for the three database roles, before the first table is made.

A table made later is at once open to the application and closed to the worker; migrations named
`*_rights` narrow or widen that table by table.
"""

from typing import ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow import migrating
from workflow.access.rights import APP_BY_DEFAULT, Rights, role

CACHE_TABLE = """
CREATE TABLE cache_entry (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX cache_entry_expires ON cache_entry (expires);
"""


def refuse_one_role_for_all(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raises unless the owner, the application and the worker are three existing roles."""
    names = {who: role(who, schema_editor).strip('"') for who in ("owner", "app", "worker")}
    if len(set(names.values())) < len(names):
        raise ImproperlyConfigured(
            "DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL must name three different "
            "roles: a role that owns a table can undo every refusal built into it."
        )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(names.values())]
        )
        missing = set(names.values()) - {name for (name,) in cursor.fetchall()}
    if missing:
        raise ImproperlyConfigured(
            f"The database has no role named {', '.join(sorted(missing))}. Create it first."
        )


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the owner makes from now on has the default rights."""
    refuse_one_role_for_all(schema_editor)
    app, worker = role("app", schema_editor), role("worker", schema_editor)
    default = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {app}, {worker}",
        f"{default} GRANT {APP_BY_DEFAULT} ON TABLES TO {app}",
        f"{default} GRANT USAGE, SELECT ON SEQUENCES TO {app}, {worker}",
    ):
        schema_editor.execute(statement)


def revoke(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the owner makes from now on is closed to both roles."""
    app, worker = role("app", schema_editor), role("worker", schema_editor)
    default = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    schema_editor.execute(f"{default} REVOKE ALL ON TABLES FROM {app}")
    schema_editor.execute(f"{default} REVOKE ALL ON SEQUENCES FROM {app}, {worker}")


class Migration(migrating.Migration):
    """Roles first: the tables of Django and its packages are made after this."""

    dependencies: ClassVar[list[tuple[str, str]]] = []
    run_before = [("contenttypes", "0001_initial"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunPython(grant, revoke),
        # Django makes this one for itself before any migration runs.
        Rights("django_migrations", app="SELECT", worker="SELECT"),
        migrations.RunSQL(CACHE_TABLE, "DROP TABLE cache_entry"),
        Rights("cache_entry", app=APP_BY_DEFAULT, worker=APP_BY_DEFAULT),
    ]
