"""Databases for tests: one template built as the owner, and clones of it used as the application.

A clone takes a fraction of a second, so a test that commits gets a database of its own and nothing
is ever emptied: the tables that may only be added to could not be emptied anyway.
"""

import fcntl
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

# Whoever connects as the owner here builds, copies and counts, and says so.
AS_OWNER = "-c sight.purpose=owner"
# A test looks at rows itself, as nobody in the story could: a policy that only the databases of
# tests have shows it every row, while its eyes are open. `tests.sight` shuts them.
EYES_OPEN = "-c tests.eyes=open"
OPEN = "(SELECT current_setting('tests.eyes', true)) = 'open'"
NAME = re.compile(r"test_(?P<pid>\d+)_\w+")
LOCAL = {"", "localhost", "127.0.0.1", "::1"}


def run_id() -> int:
    """The process that the whole run belongs to: with several workers, their parent."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def name_for(part: str) -> str:
    """A database name that no other run on this machine uses."""
    return f"test_{run_id()}_{part}"


def worker_name() -> str:
    """Which of the run's processes this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def new_name() -> str:
    """A database name that this process has not used yet."""
    return name_for(f"{worker_name()}_{uuid.uuid4().hex[:8]}")


def owner() -> dict[str, Any]:
    """How to connect as the owner; a clear error when the address is not set."""
    if not os.environ.get("DATABASE_OWNER_URL"):
        raise RuntimeError("Tests build databases: set DATABASE_OWNER_URL, or run `make test`.")
    return dict(environ.Env().db_url("DATABASE_OWNER_URL"))


def connect(who: dict[str, Any]) -> psycopg.Connection:
    """A connection to this role's own database, outside any transaction."""
    return psycopg.connect(
        host=who["HOST"] or None,
        port=who["PORT"] or None,
        user=who["USER"],
        password=who["PASSWORD"],
        dbname=who["NAME"],
        options=AS_OWNER,
        autocommit=True,
    )


@contextmanager
def connected(who: dict[str, Any]) -> Iterator[psycopg.Connection]:
    """The same inside, and closed after it."""
    with connect(who) as server:
        yield server


@contextmanager
def as_owner(name: str | None = None) -> Iterator[psycopg.Connection]:
    """A connection of the owner to a database (its own by default), outside any transaction."""
    who = owner()
    with connected({**who, "NAME": name or who["NAME"]}) as server:
        yield server


def made_of(template: str, name: str) -> sql.Composed:
    """The statement after which a database with this name is equal to the template."""
    return sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )


def take_tables_from_everybody(server: psycopg.Connection, name: str) -> None:
    """As in the template: what is allowed on a database itself is not copied with it."""
    server.execute(
        sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    )


def clone(name: str, template: str) -> None:
    """A database with this name exists, equal to the template."""
    with as_owner() as server:
        server.execute(made_of(template, name))
        if template != "template0":
            take_tables_from_everybody(server, name)


def disconnect(name: str) -> None:
    """Nobody of the application or the worker is connected to the database any more.

    Each role ends its own connections: the owner is not entitled to, and `WITH (FORCE)` fails
    whenever the server is just tidying the database up.
    """
    for variable in ("DATABASE_URL", "DATABASE_WORKER_URL"):
        if os.environ.get(variable):
            with connected(dict(environ.Env().db_url(variable))) as server:
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = %s AND usename = current_user",
                    [name],
                )


def drop(name: str) -> None:
    """No database has this name, whoever was connected to it."""
    disconnect(name)
    with as_owner() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def names() -> list[str]:
    """The databases that tests have made, of this run and of others."""
    with as_owner() as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        return [str(name) for (name,) in rows if NAME.fullmatch(name)]


def is_running(pid: int) -> bool:
    """Whether a process of this machine has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def drop_left_behind() -> None:
    """Databases of runs on this machine that were killed are gone."""
    if owner()["HOST"] not in LOCAL and not str(owner()["HOST"]).startswith("/"):
        return
    for name in names():
        match = NAME.fullmatch(name)
        if match and not is_running(int(match["pid"])):
            drop(name)


@contextmanager
def pointed_at(name: str, **credentials: str) -> Iterator[None]:
    """Inside, the default connection of every thread goes to this database, with open eyes."""
    settings = connection.settings_dict
    before = dict(settings)
    connections.close_all()
    options = {**settings["OPTIONS"], "options": f"{AS_OWNER} {EYES_OPEN}"}
    settings.update(NAME=name, OPTIONS=options, **credentials)
    try:
        yield
    finally:
        connections.close_all()
        settings.clear()
        settings.update(before)


@contextmanager
def as_worker(name: str) -> Iterator[None]:
    """Inside, the default connection goes to this database as the worker."""
    worker = environ.Env().db_url("DATABASE_WORKER_URL")
    with pointed_at(name, USER=worker["USER"], PASSWORD=worker["PASSWORD"]):
        yield


@contextmanager
def own_copy(template: str) -> Iterator[str]:
    """Inside, the default connection goes to a copy that nobody else uses; yields its name."""
    name = new_name()
    clone(name, template)
    try:
        with pointed_at(name):
            yield name
    finally:
        drop(name)


def lock_file() -> Path:
    """Exists from the moment that the run starts to build its template."""
    return Path(tempfile.gettempdir()) / f"{name_for('template')}.lock"


def build_template() -> str:
    """The migrated database that the run's clones are made of; built by whoever comes first."""

    def migrated(building: str) -> None:
        drop_left_behind()
        clone(building, "template0")
        who = owner()
        with pointed_at(building, USER=who["USER"], PASSWORD=who["PASSWORD"]):
            call_command("migrate", verbosity=0, interactive=False)
        with as_owner(building) as server:
            let_tests_look(server, str(environ.Env().db_url("DATABASE_URL")["USER"]))

    return built_once("template", migrated)


def built_once(part: str, build: Callable[[str], None]) -> str:
    """The name of a database to clone, which whoever comes first in this run builds for all."""
    name = name_for(part)
    with lock_file().open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in names():
            building = f"{name}_unfinished"
            build(building)
            with as_owner() as server:
                server.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(building), sql.Identifier(name)
                    )
                )
    return name


def let_tests_look(server: psycopg.Connection, app: str) -> None:
    """Open eyes of the application's role see every row of this database, and of no other."""
    tables = server.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in tables:
        server.execute(
            sql.SQL(
                "CREATE POLICY a_test_looks ON {} TO {} USING ({open}) WITH CHECK ({open})"
            ).format(sql.Identifier(table), sql.Identifier(app), open=sql.SQL(OPEN))
        )


def demo_keys() -> Path:
    """Where the run keeps the keys of the demo's cases."""
    _demo_keys().mkdir(mode=0o700, exist_ok=True)
    return _demo_keys()


def _demo_keys() -> Path:
    return Path(tempfile.gettempdir()) / f"{name_for('demo')}-keys"


def drop_all_of_this_run() -> None:
    """Nothing that the run has made is left; does nothing when it made no database."""
    shutil.rmtree(_demo_keys(), ignore_errors=True)
    if not lock_file().exists():
        return
    for name in names():
        if name.startswith(f"test_{run_id()}_"):
            drop(name)
    with suppress(FileNotFoundError):
        lock_file().unlink()
