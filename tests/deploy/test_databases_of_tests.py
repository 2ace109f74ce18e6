"""The fixtures give each test what they promise, and leave nothing behind."""

import threading
import urllib.request
from pathlib import Path

import environ
import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, transaction
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from tests import databases, spares
from tests.live import LiveService

pytest_plugins = ["pytester"]


def people() -> int:
    """How many people there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workflow_person")
        return int(cursor.fetchone()[0])


def remember(key: str) -> None:
    """A row that a test can look for: the cache is an ordinary table."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO cache_entry VALUES (%s, '', now())", [key])


def remembered(key: str) -> bool:
    """Whether the row is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM cache_entry WHERE cache_key = %s)", [key])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_test_is_the_application_and_not_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == settings.DATABASE_ROLE_NAMES["app"]
        assert settings.DATABASE_ROLE_NAMES["app"] != databases.owner()["USER"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE anything (id int)",
        "DROP TABLE workflow_person",
        "TRUNCATE workflow_person",
        "ALTER TABLE workflow_person DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_may_not(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_tests_database_is_its_processs_own() -> None:
    assert connection.settings_dict["NAME"] == databases.name_for(databases.worker_name())


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_committing_test_commits_no_other_sees(committing_db: str, turn: str) -> None:
    assert not remembered("left by the other")
    remember("left by the other")
    assert committing_db in databases.names()


def test_another_connection_sees_what_was_committed(committing_db: str) -> None:
    remember("committed")
    seen: list[bool] = []

    def look() -> None:
        seen.append(remembered("committed"))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]


def test_a_clone_is_dropped_even_while_somebody_is_connected(
    django_db_setup: None, template_database: str
) -> None:
    name = databases.name_for("held")
    databases.clone(name, template_database)
    application = {**environ.Env().db_url("DATABASE_URL"), "NAME": name}
    with databases.connected(application) as held:
        databases.drop(name)
        assert name not in databases.names()
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")


def test_a_copy_that_was_made_ahead_is_as_any_other_and_nothing_is_left_of_it(
    template_database: str, django_db_blocker: DjangoDbBlocker
) -> None:
    stock, used = spares.Stock(template_database), []
    for _ in range(2):
        with django_db_blocker.unblock(), stock.own_copy() as name:
            assert not remembered("left by the other")
            remember("left by the other")
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.cursor().execute("CREATE TEMPORARY TABLE anything (id int)")
            used.append(name)
    assert len({*used, stock.spare}) == 3
    stock.close()
    assert not {*used, stock.spare} & set(databases.names())


def test_what_the_server_refuses_ahead_is_not_passed_over(template_database: str) -> None:
    errand = spares.Errand()
    errand.begin(databases.made_of(template_database, template_database))
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        errand.wait()
    errand.server.close()


def test_databases_of_a_killed_run_are_dropped(template_database: str) -> None:
    gone = "test_4194999_main"
    databases.clone(gone, template_database)
    databases.drop_left_behind()
    assert gone not in databases.names()
    assert template_database in databases.names()


REFUSED = """
import pytest

@pytest.mark.django_db(transaction=True)
def test_that_commits():
    pass

@pytest.mark.django_db(reset_sequences=True)
def test_that_counts_anew():
    pass

def test_with_a_fixture_that_empties(transactional_db):
    pass

def test_with_a_server_in_this_process(live_server):
    pass
"""


def test_a_test_that_would_empty_the_database_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Path(settings.BASE_DIR)
    monkeypatch.setenv("PYTHONPATH", str(project))
    pytester.makeconftest((project / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(REFUSED)
    result = pytester.runpytest_subprocess("--ds=config.settings", "-p", "no:randomly")
    result.assert_outcomes(errors=4)
    assert len([line for line in result.outlines if "committing_db" in line]) >= 3
    assert [line for line in result.outlines if "live_service" in line]


@pytest.fixture
def signed_out(live_service: LiveService) -> str:
    """The address of the sign-in page."""
    return f"{live_service.url}/account/login/"


def test_the_live_service_is_as_in_production_and_has_its_own_data(
    live_service: LiveService, signed_out: str
) -> None:
    answer = urllib.request.urlopen(signed_out, timeout=10)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    with live_service.data():
        assert connection.settings_dict["NAME"] == live_service.database
        assert live_service.key_store == settings.KEY_STORE
        assert people() == 0


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["script", "no script"])
def test_a_browser_reads_the_live_service(page: Page, signed_out: str) -> None:
    page.goto(signed_out)
    assert page.locator("h1").count() == 1


def test_the_keys_of_a_test_lie_in_its_own_folder(key_store: Path, tmp_path: Path) -> None:
    assert key_store == settings.KEY_STORE
    assert key_store.is_relative_to(tmp_path)


def test_no_test_reaches_the_database_without_asking() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        people()


@pytest.mark.django_db
def test_an_error_of_the_database_is_one() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM workflow_person")
