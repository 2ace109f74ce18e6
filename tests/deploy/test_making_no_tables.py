"""No process that serves can put a table of its own in the place of one of the service's."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import ProgrammingError, connection
from pytest_django import Settings as SettingsWrapper

from config.environment import MisconfiguredError
from config.start import refuse_an_unsafe_start
from tests import databases
from workflow.access.rights import TablesTaken

TEMPORARY = "CREATE TEMPORARY TABLE workflow_legalhold (case_id bigint)"


@pytest.mark.parametrize("place", [databases.pointed_at, databases.as_worker])
def test_no_table_is_put_before_one_that_a_trigger_asks(
    committing_db: str, place: Callable[[str], AbstractContextManager[None]]
) -> None:
    with place(committing_db):
        refuse_an_unsafe_start()
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.cursor().execute(TEMPORARY)
    with databases.as_owner() as server:
        server.execute(f'GRANT TEMPORARY ON DATABASE "{committing_db}" TO PUBLIC'.encode())
    with (
        place(committing_db),
        pytest.raises(MisconfiguredError, match=f'REVOKE TEMPORARY ON DATABASE "{committing_db}"'),
    ):
        refuse_an_unsafe_start()


def those_who_serve() -> list[str]:
    return [settings.DATABASE_ROLE_NAMES[one] for one in ("app", "worker")]


def made_by(name: str) -> list[bool]:
    """Whether each role that serves may make temporary tables in this database."""
    asked = "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')"
    with databases.as_owner(name) as server:
        return [server.execute(asked, [one]).fetchone() == (True,) for one in those_who_serve()]


def given(name: str, *givers: str) -> None:
    """Everybody, or a role, may make temporary tables in this database."""
    with databases.as_owner() as server:
        for giver in givers:
            server.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO {giver}'.encode())


@pytest.mark.parametrize("everybody", [True, False])
def test_who_does_what_the_start_says_can_start(committing_db: str, everybody: bool) -> None:
    """As after GRANT ALL ON DATABASE to the role itself: to take it from everybody does nothing."""
    app, _ = those_who_serve()
    given(committing_db, app, *(["PUBLIC"] if everybody else []))
    with pytest.raises(MisconfiguredError, match="may make temporary tables") as refused:
        refuse_an_unsafe_start()
    said = re.search(r"As (\S+), whose the database is: (REVOKE .+?)\. ", str(refused.value))
    assert said is not None
    assert said[1] == databases.owner()["USER"]
    assert ("PUBLIC" in said[2]) is everybody
    with databases.as_owner() as server:
        server.execute(said[2].encode())
    refuse_an_unsafe_start()


def test_who_migrates_the_database_of_somebody_else_is_warned_of_each_role(
    committing_db: str, settings: SettingsWrapper
) -> None:
    app, worker = those_who_serve()
    settings.DATABASE_ROLE = "owner"
    assert run_checks(tags=["database"], databases=["default"]) == []
    given(committing_db, "PUBLIC", worker)
    warned = run_checks(tags=["database"], databases=["default"])
    assert {one.id for one in warned} == {"access.W008"}
    assert not any(one.is_serious() for one in warned), "nobody is kept from migrating"
    named = {one.msg.split()[2]: (one.hint or "").count(worker) for one in warned}
    assert named == {app: 0, worker: 1}
    who = databases.owner()
    with databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        assert run_checks(tags=["database"], databases=["default"]) == [], "the migrations mend it"


def test_the_migrations_take_it_from_roles_that_were_given_it_themselves(
    committing_db: str,
) -> None:
    """And give it back to nobody when they are undone."""
    taken = TablesTaken()
    before = import_module("workflow.migrations.0047_no_tables_of_their_own").Migration.operations
    given(committing_db, "PUBLIC", *those_who_serve())
    with connection.schema_editor() as editor:
        taken.apply(editor, None)
    assert made_by(committing_db) == [True, True], "it is not theirs to take"
    who = databases.owner()
    with databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        with connection.schema_editor() as editor:
            taken.apply(editor, None)
        assert made_by(committing_db) == [False, False]
        with connection.schema_editor() as editor:
            for step in (*before, taken):
                step.database_backwards("workflow", editor, None, None)
    assert made_by(committing_db) == [False, False]


def test_the_migrations_take_the_making_of_tables_from_everybody(template_database: str) -> None:
    with databases.as_owner(template_database) as server:
        found = server.execute(
            "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')",
            [settings.DATABASE_ROLE_NAMES["app"]],
        )
        assert found.fetchone() == (False,)
