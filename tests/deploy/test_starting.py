"""The service starts only with settings and on a database that can hold what it promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from pytest_django import Settings as SettingsWrapper

from config.environment import MisconfiguredError, Reader
from config.start import refuse_an_unsafe_start
from tests import databases
from workflow.access import checks

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What manage.py does with exactly these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def complete(**changes: str) -> dict[str, str]:
    """A complete set of settings for a place that does not exist."""
    address = "postgres://{}:x@127.0.0.1:1/service"
    return {
        "ALLOWED_HOSTS": "service.example",
        "DATABASE_OWNER_URL": address.format("owner"),
        "DATABASE_URL": address.format("app"),
        "DATABASE_WORKER_URL": address.format("worker"),
        "KEY_STORE": "keys",
        "MASTER_KEY": KEY,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "a-secret-for-tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz",
        "SITE_URL": "https://service.example",
        **changes,
    }


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = complete(
        SECRET_KEY="",
        MASTER_KEY="c2hvcnQ=",
        HTTPS="perhaps",
        SESSION_IDLE_MINUTES="0",
        STATUTORY_CHANNEL="pigeon",
        EMAIL_URL="carrier",
        DATABASE_URL="here",
        REDIS_URL="pigeons://loft",
    )
    done = manage("migrate", **wrong)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    named = {line.split(":")[0].strip(" -") for line in done.stderr.splitlines()[1:]}
    assert named == {
        "SECRET_KEY",
        "MASTER_KEY",
        "HTTPS",
        "SESSION_IDLE_MINUTES",
        "STATUTORY_CHANNEL",
        "EMAIL_URL",
        "DATABASE_URL",
        "REDIS_URL",
    }


def test_what_is_missing_is_named_without_its_value_being_guessed() -> None:
    done = manage("shell", "-c", "1", DATABASE_URL="postgres://app:x@127.0.0.1:1/service")
    assert done.returncode == 1
    names = ("SECRET_KEY", "ALLOWED_HOSTS", "REDIS_URL", "MASTER_KEY", "KEY_STORE", "SITE_URL")
    for name in names:
        assert f"- {name}: " in done.stderr
    assert "DATABASE_URL" not in done.stderr


@pytest.mark.parametrize("site", ["", "http://localhost:8000", "http://service.example"])
def test_a_production_whose_links_would_lead_nowhere_does_not_start(site: str) -> None:
    done = manage("shell", "-c", "1", **complete(SITE_URL=site))
    assert done.returncode == 1
    assert "- SITE_URL: must be the https:// address at which people reach" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("said", "held"), [({}, False), ({"SENDING": "on"}, False), ({"SENDING": "held"}, True)]
)
def test_what_is_sent_is_held_only_where_that_is_said(said: dict[str, str], held: bool) -> None:
    asked = "from django.conf import settings; print(settings.SENDING_HELD)"
    done = manage("shell", "--no-imports", "-c", asked, **complete(**said))
    assert done.stdout.split() == [str(held)], done.stderr


def test_a_word_that_neither_holds_nor_sends_is_refused() -> None:
    done = manage("shell", "-c", "1", **complete(SENDING="off"))
    assert done.returncode != 0
    assert 'SENDING: must be one of on, held, not "off".' in done.stderr


def test_a_plain_http_demo_needs_no_public_address() -> None:
    done = manage("shell", "-c", "1", **complete(SITE_URL="", HTTPS="0"))
    assert "SITE_URL" not in done.stderr


def test_production_settings_raise_no_warning() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **complete())
    assert done.returncode == 0, done.stderr


def test_a_plain_http_production_would_raise_warnings() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **complete(HTTPS="0"))
    assert done.returncode == 1
    assert "SECURE_SSL_REDIRECT" in done.stderr


def test_another_database_engine_is_refused_with_the_reason() -> None:
    done = manage("check", **complete(DATABASE_URL="sqlite:///any.db"))
    assert done.returncode == 1
    assert "only PostgreSQL 15 or newer will do" in done.stderr
    assert "silently do nothing" in done.stderr


@pytest.mark.django_db
def test_the_applications_role_passes_the_start() -> None:
    refuse_an_unsafe_start()


def test_a_role_that_owns_the_tables_does_not_serve(committing_db: str) -> None:
    who = databases.owner()
    with (
        databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]),
        pytest.raises(MisconfiguredError, match="owns the tables"),
    ):
        refuse_an_unsafe_start()


def test_the_owner_may_migrate(committing_db: str, settings: SettingsWrapper) -> None:
    who = databases.owner()
    settings.DATABASE_ROLE = "owner"
    with databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]):
        assert run_checks(tags=["database"], databases=["default"]) == []


BROKEN = {
    "ALTER TABLE workflow_answers NO FORCE ROW LEVEL SECURITY": "on workflow_answers",
    "ALTER TABLE reviews_signoff DISABLE ROW LEVEL SECURITY": "on reviews_signoff",
    "ALTER TABLE workflow_event DISABLE ROW LEVEL SECURITY": "on workflow_event",
    "CREATE VIEW all_cases AS SELECT * FROM workflow_case": "owner’s rights: all_cases",
    "CREATE MATERIALIZED VIEW kept_cases AS SELECT * FROM workflow_case": "rights: kept_cases",
    "CREATE FUNCTION any_case() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
    " AS 'SELECT max(id) FROM public.workflow_case'": "owner’s rights: any_case",
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("serves", ["app", "worker"])
def test_a_database_that_would_show_rows_out_of_sight_is_refused(
    committing_db: str, broken: str, serves: str
) -> None:
    with databases.as_owner(committing_db) as server:
        server.execute(broken.encode())
    place = databases.as_worker if serves == "worker" else databases.pointed_at
    with place(committing_db), pytest.raises(MisconfiguredError, match=BROKEN[broken]):
        refuse_an_unsafe_start()


def test_a_view_that_reads_with_its_readers_rights_is_taken(committing_db: str) -> None:
    with databases.as_owner(committing_db) as server:
        server.execute(
            "CREATE VIEW my_cases WITH (security_invoker = true) AS SELECT * FROM workflow_case"
        )
    refuse_an_unsafe_start()


def test_a_role_that_may_ignore_row_security_does_not_serve(
    committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No test may make such a role, so the question is asked about the one the server began with.
    first = "rolname = (SELECT rolname FROM pg_roles WHERE oid = 10)"
    monkeypatch.setattr(checks, "MIGHT", checks.MIGHT.replace("rolname = current_user", first))
    with pytest.raises(MisconfiguredError, match="may bypass row security"):
        refuse_an_unsafe_start()


@pytest.mark.django_db
def test_a_server_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "OLDEST", 99)
    with pytest.raises(MisconfiguredError, match="99 or newer is needed"):
        refuse_an_unsafe_start()


def test_a_key_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY + "\n")
    monkeypatch.delenv("MASTER_KEY", raising=False)
    monkeypatch.setenv("MASTER_KEY_FILE", str(file))
    read = Reader()
    assert read.key("MASTER_KEY", length=32, required=True) == b"01234567890123456789012345678901"
    read.finish()


def test_a_key_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MASTER_KEY", raising=False)
    monkeypatch.setenv("MASTER_KEY_FILE", "nowhere/key")
    read = Reader()
    read.key("MASTER_KEY", length=32, required=True)
    with pytest.raises(MisconfiguredError, match="MASTER_KEY_FILE: cannot be read"):
        read.finish()


def test_every_setting_is_in_the_example_with_its_default() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    code = (settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8")
    quoted = set(re.findall(r'"([A-Z][A-Z_]+)"', code))
    names = {name for name in quoted if re.search(rf'(?:read\.\w+|_secret)\(\s*"{name}"', code)}
    names |= {name for name in quoted if name.startswith("DATABASE") and name.endswith("URL")}
    assert {"SECRET_KEY", "DATABASE_OWNER_URL", "HSTS_SECONDS"} <= names
    listed = {line.split("=")[0] for line in example.splitlines() if "=" in line}
    assert names - listed == set()
    assert all(f"\n{name}=" in example for name in names)


@pytest.mark.parametrize("command", ["working_days", "law", "machine"])
def test_the_law_needs_no_settings(command: str) -> None:
    arguments = ["add", "2026-12-18", "5"] if command == "working_days" else []
    done = manage(command, *arguments)
    assert done.returncode == 0, done.stderr
