"""What lies in the project, and what never may."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture import tree

ALLOWED = {
    ".ci",
    ".editorconfig",
    ".env.example",
    ".gitattributes",
    ".gitignore",
    ".npmrc",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "config",
    "deploy",
    "docs",
    "manage.py",
    "notifications",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements",
    "reviews",
    "static",
    "templates",
    "tests",
    "workflow",
}
# Written in pieces, so that this file does not hold what it looks for.
HOSTS = [
    "pypi." + "org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
]
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.:/~-])/(?:home|root|Users|work|tmp|mnt|opt)/" + r"[\w.-]+")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|pragma: no " + "cover")
# The kit comes from npm when the service is built, and is never kept here.
FOREIGN = re.compile(
    r"(?:govuk-frontend|bootstrap|jquery|htmx|alpine|chart)[\w.-]*\.(?:css|js)$|\.min\."
)


def texts() -> list[tuple[str, str]]:
    """The name and the words of every file that is text."""
    return [
        (tree.name_of(path), text)
        for path in tree.tracked()
        if not path.is_symlink() and (text := tree.text_of(path)) is not None
    ]


def holding(pattern: re.Pattern[str], files: list[tuple[str, str]]) -> list[str]:
    """Where the pattern occurs, with what was found."""
    return [
        f"{name}: {match[0]}" for name, text in files for match in [pattern.search(text)] if match
    ]


def registry_hosts() -> re.Pattern[str]:
    """Any address of a package registry."""
    return re.compile("|".join(re.escape(host) for host in HOSTS))


def test_the_top_level_holds_only_what_it_may() -> None:
    top = {tree.name_of(path).split("/")[0] for path in tree.tracked()}
    assert top - ALLOWED == set()
    assert {"config", "workflow", "Makefile"} <= top


def test_no_file_names_a_package_registry() -> None:
    assert holding(registry_hosts(), texts()) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert holding(SOMEBODYS_FOLDER, texts()) == []


def test_no_file_is_unfinished_or_hides_from_being_measured() -> None:
    assert holding(UNFINISHED, texts()) == []


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (registry_hosts(), "https://" + HOSTS[0] + "/simple"),
        (SOMEBODYS_FOLDER, 'open("/ho' + 'me/ada/notes")'),
        (UNFINISHED, "# TO" + "DO: later"),
    ],
)
def test_what_no_file_may_hold_would_be_found(pattern: re.Pattern[str], words: str) -> None:
    assert holding(pattern, [("a file", words)])


def test_there_is_no_symbolic_link() -> None:
    assert [tree.name_of(path) for path in tree.tracked() if path.is_symlink()] == []


def test_no_style_sheet_or_script_of_others_is_kept() -> None:
    names = [tree.name_of(path) for path in tree.tracked()]
    assert [name for name in names if FOREIGN.search(name)] == []
    assert FOREIGN.search("static/govuk-frontend-6.3.0.js")


def test_the_npm_lock_file_has_no_addresses() -> None:
    words = (tree.PROJECT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in words
    assert '"integrity"' in words


def locked(name: str) -> dict[str, str]:
    """The packages of a requirements file and their versions."""
    words = (tree.PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", words, re.MULTILINE))


@pytest.mark.parametrize("name", ["base", "local", "test", "node"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    words = (tree.PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", words, flags=re.MULTILINE)
    packages = [entry for entry in entries if "==" in entry]
    assert packages
    assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_lock_files_agree_on_every_version() -> None:
    base, local, everything = locked("base"), locked("local"), locked("test")
    assert base.items() <= local.items()
    assert local.items() <= everything.items()


def asked_for(path: Path) -> set[str]:
    """The packages that a requirements file asks for by name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[\w.-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {name[0].lower() for name in names if name}


def test_what_is_asked_for_is_locked() -> None:
    for name in ("base", "local", "test", "node"):
        wanted = asked_for(tree.PROJECT / "requirements" / f"{name}.in")
        assert wanted
        assert wanted - set(locked(name)) == set()


def test_the_oldest_python_is_the_same_everywhere() -> None:
    settings = tomllib.loads((tree.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["requires-python"] == ">=3.11"
    assert settings["tool"]["ruff"]["target-version"] == "py311"
    assert settings["tool"]["mypy"]["python_version"] == "3.11"
