"""The project's files as the tests of its shape see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("config", "deploy", "notifications", "reviews", "workflow", "tests")
# Generated files, and the law's tables, are as long as what they hold.
# The verifier is carried away by itself, as one file.
CARRIED = "workflow/audit/verify_audit.py"
EXEMPT = ("/migrations/", "workflow/law/data/", "workflow/people/data/", CARRIED)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that the project's history holds or is about to hold."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    paths = (PROJECT / name for name in said.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_symlink() or path.is_file()))


def name_of(path: Path) -> str:
    """The path as the project's folder has it."""
    return path.relative_to(PROJECT).as_posix()


def python_files(*packages: str) -> Iterator[Path]:
    """The Python files of these packages; without packages, of all."""
    for path in tracked():
        if path.suffix == ".py" and name_of(path).split("/")[0] in (packages or PACKAGES):
            yield path


def is_exempt(path: Path) -> bool:
    """Whether a file may be as long as it must."""
    return any(part in name_of(path) for part in EXEMPT)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def text_of(path: Path) -> str | None:
    """What a file says; None for one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
