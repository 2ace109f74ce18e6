"""People read one kind of apostrophe and of quotation marks, in whatever the service says."""

import ast
import re

from tests.architecture import tree

# An apostrophe, or what quotes that which follows.
TYPEWRITTEN = re.compile(r"[A-Za-z]'(?=[a-z]|\s)|[a-z] '$")
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|EXCEPTION|ERRCODE)\b")
# Words that the database itself holds: changing them would be a migration.
IN_THE_DATABASE = {
    "This role can't be held in that kind of organisation.",
    "Give the child's date of birth or age, or say unknown.",
    "In this authority's area",
}
DRAWN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def said(module: ast.Module) -> list[str]:
    """Every text of a module but its docstrings."""
    notes = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
    ]


def test_texts_in_the_code_have_typographic_apostrophes() -> None:
    found = [
        f"{tree.name_of(path)}: {text}"
        for path in tree.python_files("config", "notifications", "reviews", "workflow")
        if "/migrations/" not in tree.name_of(path)
        for text in said(tree.parsed(path))
        if TYPEWRITTEN.search(text) and text not in IN_THE_DATABASE and not SQL.search(text)
    ]
    assert found == []


def test_templates_and_code_lists_have_typographic_apostrophes() -> None:
    kept = [path for path in tree.tracked() if tree.name_of(path).startswith("templates/")]
    kept.append(tree.PROJECT / "workflow" / "people" / "data" / "codes.csv")
    found = [
        tree.name_of(path)
        for path in kept
        if TYPEWRITTEN.search(DRAWN.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_what_is_quoted_stands_in_one_kind_of_marks() -> None:
    texts = {
        tree.name_of(path): " ".join(said(tree.parsed(path)))
        for path in tree.python_files("config", "notifications", "reviews", "workflow")
    }
    for path in tree.tracked():
        if tree.name_of(path).startswith("templates/"):
            texts[tree.name_of(path)] = path.read_text(encoding="utf-8")
    # Double ones: a single one that closes could not be told from an apostrophe.
    assert [name for name, text in texts.items() if "‘" in text] == []
