"""Which rows of cases the database shows and takes, whatever a query asks: the second lock.

The rule is written here once, in SQL, from the dated grant alone; a migration puts it on each
table. What a transaction is taken for is said by `context`.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from workflow.access.purposes import OWNERS_PURPOSE, PURPOSES, said
from workflow.access.rights import DatabaseOperation, role


def mine(*, names: bool = True) -> str:
    """The condition that a grant is in force and one's own: every other rule rests on this one.

    Without `names` as it was before a case could be restricted, for the migrations of that time.
    """
    bodies, as_partner = said("bodies", "bigint[]"), said("partner_bodies", "bigint[]")
    seen_by = f"CASE WHEN capacity = {PARTNERS_CAPACITY} THEN {as_partner} ELSE {bodies} END"
    on = said("on", "date")
    # Whoever is named as somebody of a place sees the case while they are that.
    there = f" AND (named_at_id IS NULL OR named_at_id = ANY ({seen_by}))" if names else ""
    return (
        f"(withdrawn_at IS NULL{' AND NOT set_aside' if names else ''}"
        f" AND since <= {on} AND (until IS NULL OR until >= {on})"
        f" AND (expires_at IS NULL OR expires_at > {said('at', 'timestamptz')})"
        f" AND (organisation_id = ANY ({seen_by})"
        f" OR person_id = {said('person', 'bigint')}{there}))"
    )


PARTNERS_CAPACITY = "'partner'"
AT_HAND = said("case", "bigint")


def _no_guess(condition: str) -> str:
    """The same condition, of which the planner supposes that it nearly always holds.

    It can't know how many rows somebody sees. Left to guess, it takes what the Panel sees of all
    cases for a handful, and reads every one of them to find a page's twenty-five.
    """
    return f"((CASE WHEN {condition} THEN true END) IS NOT NULL)"


def in_sight(key: str) -> str:
    """The condition that a case, named by a column, is in sight or at hand.

    In sight is a case of which the table of grants shows one, and that shows one's own; for a
    purpose of the service it shows more, and then nothing is in sight by it. A query that gives
    one row is looked up by the case's index for each row; written with EXISTS the planner may
    read all grants into memory instead.
    """
    # Made of this module's own words and the names of tables.
    given = (
        f"SELECT true FROM workflow_grant g WHERE g.case_id = {key}"  # noqa: S608
        f" AND g.withdrawn_at IS NULL AND {said('purpose', 'text')} IS NULL LIMIT 1"
    )
    return f"(coalesce(CASE WHEN {key} = {AT_HAND} THEN true END, ({given})) IS NOT NULL)"


class CaseRows(DatabaseOperation):
    """Once applied, the table shows and takes only rows of cases in sight, even to its owner.

    `key` is the column that names the case, or with `through` the row of that table by which the
    case is known. `alone` leaves a row without a case to everybody; `of` is a column that must
    name the person besides; `also` a second case, either of which shows the row. `home` shows a row
    only at the case's own authority, and `free` takes rows of whatever case; without a `key`, in a
    table that names no case, rows are shown and taken for a purpose of the service alone. The
    worker has what its rights on the table are; the owner what it asks for by name.
    """

    def __init__(
        self,
        table: str,
        *,
        key: str = "case_id",
        through: str = "",
        alone: bool = False,
        of: str = "",
        also: str = "",
        home: bool = False,
        free: bool = False,
        worker: bool = False,
        again: bool = False,
        named: bool = False,
    ) -> None:
        self.table, self.key, self.through = table, key, through
        self.alone, self.of, self.also, self.worker = alone, of, also, worker
        self.home, self.free, self.again, self.named = home, free, again, named

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        said: dict[str, Any] = {"key": self.key, "through": self.through}
        said |= {"alone": self.alone, "of": self.of}
        said |= {"also": self.also, "home": self.home, "free": self.free}
        said |= {"worker": self.worker, "again": self.again, "named": self.named}
        return "CaseRows", [self.table], said

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """Row security is on and forced, with exactly these policies."""
        # What the table of grants can say of named people is said since it has the columns.
        self._write(schema_editor, names="set_aside" in state.models["workflow", "grant"].fields)
        schema_editor.execute(f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY')

    def _write(self, schema_editor: BaseDatabaseSchemaEditor, *, names: bool) -> None:
        self._drop(schema_editor)
        for name, rest in self.policies(schema_editor, names=names):
            schema_editor.execute(f'CREATE POLICY "{name}" ON "{self.table}" {rest}', params=None)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The table shows every row again to whoever has the right to read it.

        Where it was guarded before (`again`), it stays so, by the rules without named people unless
        these were there before too (`named`).
        """
        if self.again:
            self._write(schema_editor, names=self.named)
            return
        schema_editor.execute(f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY')
        self._drop(schema_editor)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.table}: only rows of cases in sight"

    def policies(
        self, schema_editor: BaseDatabaseSchemaEditor, *, names: bool
    ) -> Iterable[tuple[str, str]]:
        """Each policy's name and the rest of its statement."""
        app = role("app", schema_editor)
        for name, purpose in PURPOSES.items():
            # Named so as to be asked before the costlier question.
            if self.table in purpose.tables and (names or not purpose.only):
                asked = f"{said('purpose', 'text')} = '{name}'"
                if self.table in purpose.only:
                    asked += f" AND ({purpose.only[self.table]})"
                if self.table in purpose.writes:
                    yield f"for_{name}", f"TO {app} USING ({asked}) WITH CHECK ({asked})"
                else:
                    yield f"for_{name}", f"FOR SELECT TO {app} USING ({asked})"
        shown, taken = self.rules(names=names)
        yield "sight", f"TO {app} USING ({shown}) WITH CHECK ({taken})"
        owner = f"{said('purpose', 'text')} = '{OWNERS_PURPOSE}'"
        yield "owner", f"TO {role('owner', schema_editor)} USING ({owner}) WITH CHECK ({owner})"
        if self.worker:
            yield "worker", f"TO {role('worker', schema_editor)} USING (true) WITH CHECK (true)"

    def rules(self, *, names: bool = True) -> tuple[str, str]:
        """The condition on rows that are shown, and on rows that are written."""
        if self.table == "workflow_grant":
            # The basis itself: one's own, and all of the case at hand. Sight is given and ended
            # by an act on a case, never of one's own accord.
            at_hand = f"case_id = {AT_HAND}"
            return _no_guess(f"{at_hand} OR {mine(names=names)}"), at_hand
        if not self.key:
            return "false", "false"
        if self.home:
            # Of the case as it now stands: what happened on it passes on with it.
            key, bodies = f"{self.table}.{self.key}", said("bodies", "bigint[]")
            found = f"SELECT true FROM workflow_case t WHERE t.id = {key}"  # noqa: S608
            shown = f"(({found} AND t.authority_id = ANY ({bodies}::bigint[])) IS NOT NULL)"
            return shown, "true" if self.free else shown
        if self.through:
            key = f"{self.table}.{self.key}"
            found = f"SELECT true FROM {self.through} t WHERE t.id = {key}"  # noqa: S608
            return f"(({found}) IS NOT NULL)", f"(({found}) IS NOT NULL)"
        rule = in_sight(f"{self.table}.{self.key}")
        if self.alone:
            rule = f"({self.key} IS NULL OR {rule})"
        if self.of:
            rule = f"({self.of} = {said('person', 'bigint')} AND {rule})"
        if self.also:
            other = in_sight(f"{self.table}.{self.also}")
            return f"{rule} OR {other}", f"{rule} AND {other}"
        return rule, rule

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for name in ("sight", "owner", "worker", *(f"for_{name}" for name in PURPOSES)):
            schema_editor.execute(f'DROP POLICY IF EXISTS "{name}" ON "{self.table}"')


class WorkerRows(DatabaseOperation):
    """Once applied, the worker is shown the rows of a guarded table for which a condition holds.

    It writes none by it, and of these rows it reads the columns that it has a right to.
    """

    def __init__(self, table: str, condition: str) -> None:
        self.table, self.condition = table, condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes this operation down."""
        return "WorkerRows", [self.table, self.condition], {}

    def apply(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The policy stands."""
        rest = f"FOR SELECT TO {role('worker', schema_editor)} USING ({self.condition})"
        schema_editor.execute(f'CREATE POLICY "worker" ON "{self.table}" {rest}', params=None)

    def undo(self, schema_editor: BaseDatabaseSchemaEditor, state: Any) -> None:
        """The worker is shown none of them again."""
        schema_editor.execute(f'DROP POLICY "worker" ON "{self.table}"')

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"{self.table}: the worker is shown rows where {self.condition}"


def tables_of_cases() -> set[str]:
    """Every table that holds rows of cases: the case's own, and whatever points at one of them."""
    found: set[type[models.Model]] = {apps.get_model("workflow", "Case")}
    known = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    while True:
        more = {
            model
            for model in known
            if model not in found
            and any(field.related_model in found for field in model._meta.fields)
        }
        if not more:
            return {model._meta.db_table for model in found}
        found |= more
