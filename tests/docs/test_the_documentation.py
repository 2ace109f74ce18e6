"""The documentation says what is true: links lead somewhere, commands exist, nothing is stale."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.docs import pages, parts

PROJECT = pages.PROJECT
LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
FENCED = re.compile(r"```.*?```", re.DOTALL)
MAKE = re.compile(r"`make ([a-z-]+)|^make ([a-z-]+)", re.MULTILINE)
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"`([A-Z]+(?:_[A-Z]+)+)`")
FOLDERS = ("config", "deploy", "docs", "notifications", "requirements", "reviews", "static",
           "templates", "tests", "workflow")  # fmt: skip
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*)`")
# Told about the web server, the broker or Django, and no settings of ours.
ELSEWHERE = {"DJANGO_SETTINGS_MODULE", "C_FORCE_ROOT", "ATOMIC_REQUESTS"}

every_page = pytest.mark.parametrize(
    "page", pages.all_pages(), ids=lambda page: str(page.relative_to(PROJECT))
)


def words_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The places in a page that a link can name, as they are made from its headings."""
    found = HEADING.findall(FENCED.sub("", words_of(page)))
    return {re.sub(r"[^\w\- ]", "", text).strip().lower().replace(" ", "-") for text in found}


@every_page
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(FENCED.sub("", words_of(page))):
        to, _, anchor = link["to"].partition("#")
        if to.startswith(("http:", "https:", "mailto:")):
            continue
        target = (page.parent / to).resolve() if to else page
        assert target.exists(), link["to"]
        assert target.is_relative_to(PROJECT), link["to"]
        assert not anchor or anchor in anchors(target), link["to"]


@every_page
def test_every_make_command_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", words_of(PROJECT / "Makefile"), re.MULTILINE))
    named = {one or other for one, other in MAKE.findall(words_of(page))}
    assert named <= targets, named - targets


@every_page
def test_every_manage_command_named_exists(page: Path) -> None:
    named = set(MANAGE.findall(words_of(page)))
    assert named <= set(get_commands()), named - set(get_commands())


@every_page
def test_every_path_named_exists(page: Path) -> None:
    for path in PATH.findall(words_of(page)):
        assert list(PROJECT.glob(path)), path


@every_page
def test_every_setting_named_exists(page: Path) -> None:
    known = variables()
    named = set(VARIABLE.findall(words_of(page))) - ELSEWHERE
    assert named <= known, named - known


def variables() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", words_of(parts.SETTINGS), re.MULTILINE))


@pytest.mark.parametrize(
    "page", pages.with_parts(), ids=lambda page: str(page.relative_to(PROJECT))
)
def test_what_is_made_from_code_is_fresh(page: Path) -> None:
    assert words_of(page) == pages.renewed(page), "run `make docs`"


def test_every_part_made_from_code_stands_on_a_page() -> None:
    shown = {
        found["name"]
        for page in pages.with_parts()
        for found in pages.PART.finditer(words_of(page))
    }
    assert shown == set(parts.ALL)


def test_the_readme_shows_the_two_commands_first() -> None:
    commands = re.findall(r"```sh\n(.*?)```", words_of(PROJECT / "README.md"), re.DOTALL)[0]
    assert [line.split("#")[0].strip() for line in commands.splitlines()] == [
        "make demo",
        "make test",
    ]


def test_the_readme_says_that_the_service_is_not_official() -> None:
    assert "not an official government service" in words_of(PROJECT / "README.md")


def test_every_page_of_the_documentation_is_linked_from_its_table_of_contents() -> None:
    contents = PROJECT / "docs" / "README.md"
    linked = {
        (contents.parent / link["to"].partition("#")[0]).resolve()
        for link in LINK.finditer(words_of(contents))
    }
    assert set((PROJECT / "docs").rglob("*.md")) - linked == {contents}


def test_the_changelog_begins_with_the_law() -> None:
    headings = re.findall(r"^## .*?\n+### (.+)$", words_of(PROJECT / "CHANGELOG.md"), re.MULTILINE)
    assert headings
    assert set(headings) == {"Law"}
