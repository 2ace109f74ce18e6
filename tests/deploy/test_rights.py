"""What each database role holds after the migrations, and after one more."""

from collections.abc import Iterator
from functools import lru_cache

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker
from pytest_django import Settings as SettingsWrapper

from tests import databases
from workflow.access import rights
from workflow.access.rights import (
    AddRight,
    DatabaseOperation,
    ReadRight,
    RecordRights,
    Rights,
    TablesTaken,
    Undone,
    UpdateRight,
    WorkerAdds,
)
from workflow.access.rows import CaseRows, WorkerRows
from workflow.retention.redaction_walls import NotForgotten, WhileTakenOut

# The policy by which tests look at rows themselves, in their databases alone.
LOOKS = "a_test_looks"
ALLOWED = """
SELECT oid::regclass::text, privilege_type, grantee::regrole::text, ''
FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT attrelid::regclass::text, privilege_type, grantee::regrole::text, attname
FROM pg_attribute, aclexplode(attacl) WHERE attrelid > 16383
UNION ALL
SELECT oid::regclass::text, 'guarded', '', '' FROM pg_class
WHERE relrowsecurity AND relforcerowsecurity
UNION ALL
SELECT tablename, 'policy', policyname, concat(cmd, roles, qual, with_check) FROM pg_policies
"""
ALL_FOUR = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def held(role: str, table: str) -> set[str]:
    """The rights that a role holds on a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM pg_class, aclexplode(relacl) "
            "WHERE grantee = to_regrole(%s) AND oid = to_regclass(%s)",
            [settings.DATABASE_ROLE_NAMES[role], table],
        )
        return {right for (right,) in cursor.fetchall()}


@pytest.fixture
def as_owner(template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of its own, used as the owner."""
    name = databases.name_for(f"{databases.worker_name()}_rights")
    databases.clone(name, template_database)
    who = databases.owner()
    credentials = {"USER": who["USER"], "PASSWORD": who["PASSWORD"]}
    try:
        with django_db_blocker.unblock(), databases.pointed_at(name, **credentials):
            yield
    finally:
        databases.drop(name)


def apply(operation: Rights, *, backwards: bool = False) -> None:
    """The operation has run as a migration would run it."""
    with connection.schema_editor() as editor:
        act = operation.database_backwards if backwards else operation.database_forwards
        act("workflow", editor, ProjectState(), ProjectState())


def allowed() -> set[tuple[object, ...]]:
    """What every role may do with every table and column, and every rule on rows."""
    with connection.cursor() as cursor:
        cursor.execute(ALLOWED)
        return set(cursor.fetchall())


def steps() -> list[tuple[DatabaseOperation, ProjectState]]:
    """Every step of the migrations about what the database allows, in order, each with its models.

    Only those that go by the models are given any: to work them out takes long.
    """
    loader = MigrationLoader(None)
    plans = [loader.graph.forwards_plan(leaf) for leaf in sorted(loader.graph.leaf_nodes())]
    keys = dict.fromkeys(key for plan in plans for key in plan)
    return [
        (one, models_at(loader, key, isinstance(one, RecordRights | CaseRows)))
        for key in keys
        for one in loader.disk_migrations[key].operations
        if isinstance(one, DatabaseOperation)
    ]


@lru_cache
def models_at(loader: MigrationLoader, key: tuple[str, str], asked: bool) -> ProjectState:
    """The models at the end of a migration, or none where nothing goes by them."""
    return loader.project_state(key) if asked else ProjectState()


def make_table() -> None:
    """A table that no migration knows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE something_new (id bigint GENERATED ALWAYS AS IDENTITY)")


def test_a_new_table_is_open_to_the_application_and_closed_to_the_worker(as_owner: None) -> None:
    make_table()
    assert held("app", "something_new") == ALL_FOUR
    assert held("worker", "something_new") == set()


def test_rights_are_exactly_those_that_were_named(as_owner: None) -> None:
    make_table()
    apply(Rights("something_new", app="SELECT, INSERT", worker="SELECT"))
    assert held("app", "something_new") == {"SELECT", "INSERT"}
    assert held("worker", "something_new") == {"SELECT"}
    apply(Rights("something_new", worker="INSERT"))
    assert held("app", "something_new") == set()
    assert held("worker", "something_new") == {"INSERT"}


def test_rights_that_are_undone_are_those_of_a_new_table(as_owner: None) -> None:
    make_table()
    operation = Rights("something_new", worker="SELECT")
    apply(operation)
    apply(operation, backwards=True)
    assert held("app", "something_new") == ALL_FOUR
    assert held("worker", "something_new") == set()


@pytest.mark.parametrize("right", ["TRUNCATE", "TRIGGER", "REFERENCES", "ALL"])
def test_no_role_can_be_given_the_right_to(right: str) -> None:
    with pytest.raises(ValueError, match=right):
        Rights("workflow_person", app=f"SELECT, {right}")


def test_an_operation_can_be_written_down_and_read_back() -> None:
    name, arguments, options = Rights("a_table", app="SELECT").deconstruct()
    again = getattr(rights, name)(*arguments, **options)
    assert (again.table, again.app, again.worker) == ("a_table", "SELECT", "")
    assert again.describe() == "a_table: application SELECT; worker nothing"


def test_a_migration_without_all_three_addresses_says_so(
    as_owner: None, settings: SettingsWrapper
) -> None:
    settings.DATABASE_ROLE_NAMES = {**settings.DATABASE_ROLE_NAMES, "worker": ""}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_WORKER_URL must all be set"):
        apply(Rights("workflow_person"))


def test_what_is_undone_and_done_again_is_as_it_was(as_owner: None) -> None:
    done = steps()
    assert {type(one) for one, _ in done} == {
        Rights, RecordRights, UpdateRight, ReadRight, AddRight, CaseRows, WorkerRows, WorkerAdds,
        Undone, WhileTakenOut, NotForgotten, TablesTaken,
    }  # fmt: skip
    before = allowed()
    with connection.schema_editor() as editor:
        for one, models in reversed(done):
            one.database_backwards("workflow", editor, models, models)
    undone = allowed()
    assert ("workflow_case", "guarded", "", "") in before - undone
    # Neither a rule on rows nor a right to one column is left but for the tests' own.
    assert not [row for row in undone if row[1] == "guarded" or (row[3] and row[2] != LOOKS)]
    assert held("worker", "workflow_reminder") == set()
    # Of the append-only tables this one's rights are told by its triggers alone.
    assert held("app", "workflow_event") == ALL_FOUR
    with connection.schema_editor() as editor:
        for one, models in done:
            one.database_forwards("workflow", editor, models, models)
    assert allowed() == before


def test_what_was_guarded_before_stays_so_when_newer_rules_are_undone(as_owner: None) -> None:
    newer = [(one, models) for one, models in steps() if isinstance(one, CaseRows) and one.again]
    assert len(newer) >= 6
    guarded = {row for row in allowed() if row[1] == "guarded"}
    with connection.schema_editor() as editor:
        for one, models in reversed(newer):
            one.database_backwards("workflow", editor, models, models)
    left = allowed()
    assert {row for row in left if row[1] == "guarded"} == guarded
    rules = [row for row in left if row[1] == "policy" and row[2] == "sight"]
    assert {one.table for one, _ in newer} <= {row[0] for row in rules}
    # A column that goes with the migration is asked for by no rule that stays.
    asked = {"workflow_grant", "workflow_case", "workflow_deadline"}
    assert not [row for row in rules if "set_aside" in str(row[3]) and row[0] in asked]


def test_rules_on_named_people_that_were_there_before_stay_when_newer_ones_are_undone(
    as_owner: None,
) -> None:
    newer = [(one, models) for one, models in steps() if isinstance(one, CaseRows) and one.named]
    assert {one.table for one, _ in newer} == {"workflow_case", "workflow_disposalstep"}
    before = {row for row in allowed() if row[1] == "policy" and row[2] != "worker"}
    assert ("workflow_case", "for_restricted") in {(row[0], row[2]) for row in before}
    with connection.schema_editor() as editor:
        for one, models in reversed(newer):
            one.database_backwards("workflow", editor, models, models)
    assert {row for row in allowed() if row[1] == "policy" and row[2] != "worker"} == before


@pytest.mark.django_db
def test_nobody_but_the_owner_changes_the_list_of_migrations() -> None:
    assert held("app", "django_migrations") == {"SELECT"}
    assert held("worker", "django_migrations") == {"SELECT"}


@pytest.mark.django_db
def test_sessions_and_cache_are_in_the_database_and_open_to_the_application() -> None:
    assert held("app", "django_session") == ALL_FOUR
    assert held("app", "cache_entry") == ALL_FOUR


@pytest.mark.django_db
def test_no_role_but_the_owner_holds_more_than_the_four_rights_on_any_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT privilege_type FROM pg_class, aclexplode(relacl) "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND grantee <> relowner"
        )
        assert {right for (right,) in cursor.fetchall()} == ALL_FOUR
