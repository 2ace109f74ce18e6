"""Functions, files and templates stay small enough to be read at once."""

import ast
from pathlib import Path

from tests.architecture import tree

FUNCTION, FILE, TEMPLATE = 40, 300, 150


def long_functions(code: ast.Module, most: int) -> list[str]:
    """The functions of a piece of code that have more lines than this."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(code)
        if isinstance(node, functions)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > most
    ]


def lines_in(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_longer_than_40_lines() -> None:
    found = [
        f"{tree.name_of(path)}: {function}"
        for path in tree.python_files()
        if not tree.is_exempt(path)
        for function in long_functions(tree.parsed(path), FUNCTION)
    ]
    assert not found, "\n".join(found)


def test_a_function_of_41_lines_is_found() -> None:
    code = "def f():\n" + "    pass\n" * 40
    assert long_functions(ast.parse(code), FUNCTION) == ["f (41 lines)"]
    assert long_functions(ast.parse(code.removesuffix("    pass\n")), FUNCTION) == []


def test_no_python_file_is_longer_than_300_lines() -> None:
    found = [
        f"{tree.name_of(path)}: {lines_in(path)}"
        for path in tree.python_files()
        if not tree.is_exempt(path) and lines_in(path) > FILE
    ]
    assert not found, "\n".join(found)


def test_no_template_is_longer_than_150_lines() -> None:
    templates = [path for path in tree.tracked() if tree.name_of(path).startswith("templates/")]
    assert templates
    found = [
        f"{tree.name_of(path)}: {lines_in(path)}" for path in templates if lines_in(path) > TEMPLATE
    ]
    assert not found, "\n".join(found)


def test_the_files_that_are_counted_are_the_projects_own() -> None:
    names = {tree.name_of(path) for path in tree.python_files()}
    assert {"config/settings.py", "workflow/clock.py", "tests/conftest.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "node_modules"))]
