"""The page about ASVS names every demand once, and tests that are there."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import tree

PAGE = tree.PROJECT / "docs" / "asvs.md"
IS_IT = {"Met", "Partly", "Not met", "Does not apply"}
TEST = re.compile(r"`(tests/[^`]+)`")
# What the service measures itself by; in each line what is judged together.
DEMANDS = """\
1.2.4
1.2.10
1.3.6
1.3.7
1.3.11
1.5.1, 1.5.2
2.1.1–2.1.3
2.2.1–2.2.3
2.3.1
2.3.3
2.3.4
2.3.5*
2.4.1
3.2.1
3.3.1–3.3.4
3.4.1–3.4.8
3.5.1, 3.5.3
3.5.8*
3.7.2
4.1.1, 4.1.3, 4.1.4*
4.2.1
5.1.1, 5.2.1–5.2.4*, 5.2.6*
5.3.1, 5.3.2, 5.4.1–5.4.3
6.1.1, 6.3.1
6.2.1–6.2.12
6.3.3
6.3.5, 6.3.7*
6.3.8*
6.4.1–6.4.4
6.5.1
6.8.x
7.1.1, 7.3.1, 7.3.2
7.2.3, 7.2.4
7.4.1–7.4.5
7.5.1–7.5.3*
8.1.1, 8.1.2
8.2.1–8.2.3
8.3.1, 8.3.2*
8.3.3*
8.4.1
8.4.2*
11.1.1, 11.1.2, 11.2.1–11.2.3, 11.3.2–11.3.4*
11.4.2
11.5.1
12.1.1, 12.2.1, 12.3.1–12.3.4
13.1.1, 13.1.3*, 13.2.2, 13.2.3
13.3.1, 13.3.2
13.4.1–13.4.5
14.1.1, 14.1.2
14.2.1
14.2.2, 14.3.2
14.2.4, 14.2.6*–14.2.8*
14.3.1
15.1.1, 15.1.2, 15.2.1, 15.2.4*
15.3.1, 15.3.3
15.3.4
15.3.7
15.4.2*, 15.4.3*
16.1.1, 16.2.1–16.2.5
16.3.1–16.3.4
16.4.1–16.4.3
16.5.1–16.5.4*
"""


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each row."""
    for line in text.splitlines():
        if re.match(r"\| \d", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def wrong(text: str) -> list[str]:
    """What is stale or claims too much; empty when nothing does."""
    found = (
        []
        if [row[0] for row in rows(text)] == DEMANDS.splitlines()
        else ["these are not the demands"]
    )
    for demand, _, is_it, how, shown in rows(text):
        named = TEST.findall(shown)
        found += [f"{demand}: no such test: {one}" for one in named if not _is_there(one)]
        if is_it not in IS_IT or not how:
            found.append(f"{demand}: says neither whether nor how")
        if is_it == "Met" and not named and "`make check`" not in shown:
            found.append(f"{demand}: is met without a test")
        if is_it in {"Not met", "Does not apply"} and named:
            found.append(f"{demand}: has a test and is not met")
    return found


def _is_there(name: str) -> bool:
    path, _, test = name.partition("::")
    file = tree.PROJECT / path
    if not file.is_file():
        return False
    return not test or any(
        isinstance(node, ast.FunctionDef) and node.name == test
        for node in ast.walk(tree.parsed(file))
    )


def test_every_demand_says_whether_it_is_met_and_which_test_shows_it() -> None:
    assert wrong(PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("::test_no_cell_begins_a_formula", "::test_that_was", "no such test"),
        ("tests/prove/test_isolation.py::", "tests/prove/test_gone.py::", "no such test"),
        ("| 3.5.8* |", "| 3.5.9 |", "these are not the demands"),
        ("| Met |", "| Surely |", "neither whether nor how"),
        ("| no test beyond `make check` |", "| |", "met without a test"),
    ],
)
def test_a_stale_row_is_found(before: str, after: str, why: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert before in text
    assert why in " ".join(wrong(text.replace(before, after, 1)))
