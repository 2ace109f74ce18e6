"""One function reads the clock, and no message waits in the broker."""

import ast
import textwrap
from collections.abc import Iterator

import pytest

from tests.architecture import tree

CLOCK = "workflow/clock.py"
READS_THE_CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "timezone.localtime",
    "time.time",
    "functions.Now",
    "Now",
}
# A run of the tests crosses midnight: a day that is read while a test is loaded is yesterday then.
READ_IN_TIME = READS_THE_CLOCK | {"clock.today", "clock.now", "working_days_ago"}
# A date far ahead in a broker is out of reach once the broker restarts: a row holds it instead.
WAITS_IN_THE_BROKER = {"apply_async", "eta", "countdown"}


def dotted(node: ast.expr) -> str:
    """The last two parts of a name such as dt.datetime.now."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Attribute):
            return f"{node.value.attr}.{node.attr}"
        if isinstance(node.value, ast.Name):
            return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def clock_readings(code: ast.Module) -> list[str]:
    """The calls that ask for the present."""
    calls = (node for node in ast.walk(code) if isinstance(node, ast.Call))
    return [dotted(call.func) for call in calls if dotted(call.func) in READS_THE_CLOCK]


def loaded(code: ast.AST) -> Iterator[ast.AST]:
    """What is done as soon as a file is loaded: nothing that stands inside a function."""
    for node in ast.iter_child_nodes(code):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from loaded(node)
        elif not isinstance(node, ast.Lambda):
            for part in (*node.decorator_list, *node.args.defaults):
                yield part
                yield from loaded(part)


def read_too_early(code: ast.Module) -> list[str]:
    """The calls that ask for the present before a test begins."""
    calls = (node for node in loaded(code) if isinstance(node, ast.Call))
    return [dotted(call.func) for call in calls if dotted(call.func) in READ_IN_TIME]


def waits(code: ast.Module) -> list[str]:
    """The calls that would make a task wait outside the database."""
    found = []
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute) and node.attr in WAITS_IN_THE_BROKER:
            found.append(node.attr)
        if isinstance(node, ast.keyword) and node.arg in WAITS_IN_THE_BROKER:
            found.append(node.arg)
    return found


def test_only_the_clock_module_reads_the_clock() -> None:
    found = [
        f"{tree.name_of(path)}: {call}"
        for path in tree.python_files("config", "notifications", "reviews", "workflow")
        if tree.name_of(path) != CLOCK
        for call in clock_readings(tree.parsed(path))
    ]
    assert not found, "\n".join(found)


def test_the_clock_module_does_read_the_clock() -> None:
    assert clock_readings(tree.parsed(tree.PROJECT / CLOCK))


@pytest.mark.parametrize(
    "line",
    [
        "dt.datetime.now(dt.UTC)",
        "datetime.now()",
        "timezone.now()",
        "date.today()",
        "time.time()",
        "qs.filter(at=Now())",
    ],
)
def test_a_reading_of_the_clock_is_found(line: str) -> None:
    assert clock_readings(ast.parse(line))


def test_no_test_counts_from_the_day_on_which_it_was_loaded() -> None:
    found = [
        f"{tree.name_of(path)}: {call}"
        for path in tree.python_files("tests")
        for call in read_too_early(tree.parsed(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("TODAY = clock.today()", True),
        ("class A:\n    aware = working_days_ago(2)", True),
        ("@pytest.mark.parametrize('on', [clock.today()])\ndef f(): ...", True),
        ("def f(on=date.today()): ...", True),
        ("def f():\n    return clock.today()", False),
        ("today = lambda: clock.today()", False),
    ],
)
def test_a_day_read_too_early_is_found(line: str, is_found: bool) -> None:
    assert bool(read_too_early(ast.parse(line))) is is_found


def test_no_task_waits_in_the_broker() -> None:
    found = [
        f"{tree.name_of(path)}: {word}"
        for path in tree.python_files("config", "notifications", "reviews", "workflow")
        for word in waits(tree.parsed(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line", ["send.apply_async([1])", "send.s(1).set(countdown=5)", "f(eta=t)"]
)
def test_a_task_that_would_wait_is_found(line: str) -> None:
    assert waits(ast.parse(textwrap.dedent(line)))
