"""What each database role may do with a table, as operations for migrations.

Three roles: the owner makes tables, the application serves pages, the worker sends what is in
the outbox. Their names come from the database addresses in the settings.
"""

from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_BY_DEFAULT = "SELECT, INSERT, UPDATE, DELETE"
ALLOWED = {"SELECT", "INSERT", "UPDATE", "DELETE"}
MINE = """
SELECT datname, pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()
"""


def role(which: str, schema_editor: BaseDatabaseSchemaEditor) -> str:
    """The quoted name of the role `app`, `worker` or `owner`; refuses when it is not given."""
    name = settings.DATABASE_ROLE_NAMES[which]
    if not name:
        raise ImproperlyConfigured(
            "Migrations grant rights to three roles, so DATABASE_URL, DATABASE_OWNER_URL and "
            "DATABASE_WORKER_URL must all be set, each with a user name."
        )
    return str(schema_editor.quote_name(name))


def parsed(rights: str) -> str:
    """The rights as SQL; ValueError for one that no role but the owner may ever hold."""
    names = [part.strip().upper() for part in rights.split(",") if part.strip()]
    if unknown := set(names) - ALLOWED:
        raise ValueError(f"{', '.join(sorted(unknown))} cannot be granted on a table.")
    return ", ".join(names)


def set_rights(schema_editor: BaseDatabaseSchemaEditor, table: str, who: str, rights: str) -> None:
    """The role holds exactly these rights on the table and no others."""
    name, quoted = role(who, schema_editor), schema_editor.quote_name(table)
    schema_editor.execute(f"REVOKE ALL ON TABLE {quoted} FROM {name}")
    if sql := parsed(rights):
        schema_editor.execute(f"GRANT {sql} ON TABLE {quoted} TO {name}")


class DatabaseOperation(Operation):
    """What the database allows, as a step of a migration that changes no model.

    A kind of step says what it does in `apply`, how that is taken back in `undo`, and itself in
    `describe`. `state` is the models as they are once the migration has got so far.
    """

    reversible = True
    reduces_to_sql = True

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The database is as this step says."""
        raise NotImplementedError

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The database is as it was before."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """None of this is part of a model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState | Apps,
        to_state: ProjectState | Apps,
    ) -> None:
        """Django's word for it."""
        self.apply(schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState | Apps,
        to_state: ProjectState | Apps,
    ) -> None:
        """Django's word for taking it back."""
        self.undo(schema_editor, from_state)


class Undone(DatabaseOperation):
    """Once applied, what an earlier step did is taken back; undone, it is there again."""

    def __init__(self, step: DatabaseOperation) -> None:
        self.step = step

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "Undone", [self.step], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Take it back."""
        self.step.undo(schema_editor, state)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Do it again."""
        self.step.apply(schema_editor, state)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"no longer: {self.step.describe()}"


class Rights(DatabaseOperation):
    """Once applied, the application and the worker hold exactly the given rights on a table.

    Each is a list such as "SELECT, INSERT"; an empty text is no right at all. Undone, the
    application holds what it held before, by default what it has on every new table: all four. The
    worker holds none then.
    """

    def __init__(
        self, table: str, app: str = "", worker: str = "", before: str = APP_BY_DEFAULT
    ) -> None:
        for rights in (app, worker, before):
            parsed(rights)
        self.table, self.app, self.worker, self.before = table, app, worker, before

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        how = {"app": self.app, "worker": self.worker, "before": self.before}
        return "Rights", [], {"table": self.table, **how}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Grant exactly these rights."""
        set_rights(schema_editor, self.table, "app", self.app)
        set_rights(schema_editor, self.table, "worker", self.worker)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Grant what was held before."""
        set_rights(schema_editor, self.table, "app", self.before)
        set_rights(schema_editor, self.table, "worker", "")

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return (
            f"{self.table}: application {self.app or 'nothing'}; worker {self.worker or 'nothing'}"
        )


class RecordRights(DatabaseOperation):
    """Once applied, the append-only tables of an app can be read and added to by the application.

    Which they are is told by their own triggers, so that a table and its rights never disagree.
    The worker holds nothing there beyond what it held.
    """

    def __init__(self, app_label: str) -> None:
        self.app_label = app_label

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "RecordRights", [], {"app_label": self.app_label}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Grant reading and adding, nothing else."""
        for table in self._tables(state):
            set_rights(schema_editor, table, "app", "SELECT, INSERT")

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Grant what every new table has."""
        for table in self._tables(state):
            set_rights(schema_editor, table, "app", APP_BY_DEFAULT)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.app_label}: append-only tables can be read and added to, nothing else"

    def _tables(self, state: Any) -> list[str]:
        return sorted(
            f"{self.app_label}_{model.name_lower}"
            for (label, _), model in state.models.items()
            if label == self.app_label
            and any(trigger.name == "keep_rows" for trigger in model.options.get("triggers", []))
        )


class UpdateRight(DatabaseOperation):
    """Once applied, a role may change one column of a table, whatever else it may not."""

    right, words = "UPDATE", "may change"

    def __init__(self, table: str, column: str, who: str) -> None:
        self.table, self.column, self.who = table, column, who

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return type(self).__name__, [self.table, self.column, self.who], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Grant it."""
        schema_editor.execute(self._sql("GRANT", "TO", schema_editor))

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Take it back."""
        schema_editor.execute(self._sql("REVOKE", "FROM", schema_editor))

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.table}: {self.who} {self.words} {self.column}"

    def _sql(self, verb: str, towards: str, schema_editor: BaseDatabaseSchemaEditor) -> str:
        table, column = map(schema_editor.quote_name, (self.table, self.column))
        who = role(self.who, schema_editor)
        return f"{verb} {self.right} ({column}) ON {table} {towards} {who}"


class AddRight(UpdateRight):
    """Once applied, a role may say one column of a row that it adds, whatever else it may not."""

    right, words = "INSERT", "may add rows with"


class ReadRight(UpdateRight):
    """Once applied, a role may read one column of a table, whatever else it may not."""

    right, words = "SELECT", "may read"


class WorkerAdds(DatabaseOperation):
    """Once applied, the worker may add rows to a guarded table for which a condition holds.

    It reads none by it, and of these rows it says the columns that it has a right to.
    """

    def __init__(self, table: str, condition: str) -> None:
        self.table, self.condition = table, condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "WorkerAdds", [self.table, self.condition], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The policy stands."""
        rest = f"FOR INSERT TO {role('worker', schema_editor)} WITH CHECK ({self.condition})"
        schema_editor.execute(f'CREATE POLICY "worker_adds" ON "{self.table}" {rest}', params=None)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The worker may add none of them again."""
        schema_editor.execute(f'DROP POLICY "worker_adds" ON "{self.table}"')

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.table}: the worker may add rows where {self.condition}"


class TablesTaken(DatabaseOperation):
    """Once applied, no role that serves makes temporary tables here, whoever gave it that.

    Where the database is somebody else's, the check that runs before says what they have to do.
    """

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "TablesTaken", [], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Take it from everybody, and from each of the two where it was given it itself."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(MINE)
            name, mine = cursor.fetchone()
        if mine:
            everybody = f"PUBLIC, {role('app', schema_editor)}, {role('worker', schema_editor)}"
            database = schema_editor.quote_name(name)
            schema_editor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM {everybody}")

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Nobody is given it back: no release needs it."""

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "no role that serves makes temporary tables"
