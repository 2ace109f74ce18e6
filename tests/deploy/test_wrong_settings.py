"""What is wrong with the settings is told before anything is installed, or a server started."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from config.environment import Reader
from deploy.local import addresses, checks, commands, demo, install, services
from deploy.local.given import ADDRESSES, gives_a_database, refuse_wrong_settings
from deploy.local.places import StopError

PROJECT = Path(__file__).resolve().parent.parent.parent
OTHER_ENGINE = dict.fromkeys(ADDRESSES, "mysql://a@b/c")
BROKERS = ("redis://broker.example:6379/0", "rediss://broker.example", "unix:///run/valkey?db=0")
NO_BROKERS = ("foo://somewhere", "redis://broker.example:x/0", "redis:///0", "unix://", "broker")


@pytest.mark.parametrize(
    ("command", "wrong", "says"),
    [
        ("demo", OTHER_ENGINE, "DATABASE_URL must be an address like postgres://"),
        ("demo", {"REDIS_URL": "redis://host:x/0"}, "REDIS_URL must be an address like redis://"),
        ("demo", {"DEMO_PORT": "80a"}, "DEMO_PORT must be a port number"),
        ("demo", {"DEMO_RESTART_AFTER": "soon"}, "DEMO_RESTART_AFTER must be a number"),
        ("test", OTHER_ENGINE, "DATABASE_URL must be an address like postgres://"),
        ("check", {"REDIS_URL": "foo://host"}, "REDIS_URL must be an address like redis://"),
        ("bench", {"DATABASE_URL": "postgres://a@b/c"}, "DATABASE_WORKER_URL must be set too"),
    ],
)
def test_a_wrong_address_or_port_is_told_before_anything_is_installed(
    tmp_path: Path, command: str, wrong: dict[str, str], says: str
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "deploy", folder / "deploy")
    run = subprocess.run(
        [sys.executable, "deploy/local", command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **wrong},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    (said,) = run.stderr.strip().splitlines()
    assert says in said
    assert {one.name for one in folder.iterdir()} == {"deploy"}, "something was made"


@pytest.mark.parametrize(
    "start", [checks.check, lambda: checks.test([]), demo.demo, lambda: commands.in_service("-V")]
)
def test_whatever_else_is_wrong_is_told_before_a_server_is_started(
    monkeypatch: pytest.MonkeyPatch, start: Callable[[], int]
) -> None:
    monkeypatch.setattr(install, "everything", lambda **_: None)
    monkeypatch.setattr(services, "running", lambda **_: pytest.fail("A server was started."))
    monkeypatch.setattr(demo, "only_one", nullcontext)
    monkeypatch.setattr(demo, "listening", nullcontext)
    monkeypatch.setenv("EMAIL_URL", "nonsense")
    monkeypatch.setenv("LOG_FORMAT", "invented")
    with pytest.raises(
        StopError, match=r"EMAIL_URL: is not an address like smtp://.*\n.*LOG_FORMAT"
    ):
        start()


def test_settings_that_are_sound_are_not_refused() -> None:
    refuse_wrong_settings({"PATH": os.environ["PATH"], "HTTPS": "0", "REDIS_URL": BROKERS[0]})


def test_a_database_without_its_other_roles_is_refused() -> None:
    with pytest.raises(StopError, match="DATABASE_OWNER_URL and DATABASE_WORKER_URL must be set"):
        gives_a_database({"DATABASE_URL": "postgres://a@b/c"})
    assert not gives_a_database({})
    assert gives_a_database(dict.fromkeys(ADDRESSES, "postgres://a@b/c"))


@pytest.mark.parametrize("address", ["mysql://a@b/c", "postgres://a@b:x/c", "service.sqlite3"])
def test_an_address_of_no_postgresql_is_none(address: str) -> None:
    assert not addresses.is_of_a_database(address)
    assert addresses.is_of_a_database("postgresql://a@b:5432/c")


@pytest.mark.parametrize("address", [*BROKERS, *NO_BROKERS])
def test_launcher_and_settings_take_the_same_brokers(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("REDIS_URL", address)
    read = Reader()
    read.broker("REDIS_URL", None)
    assert addresses.is_of_a_broker(address) == (address in BROKERS) == (not read.problems)
