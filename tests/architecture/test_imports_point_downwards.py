"""config -> reviews -> notifications -> workflow -> workflow.law, and never the other way."""

import ast
import textwrap
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignObject, Model
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from tests.architecture import tree

LAYERS = ("workflow", "notifications", "reviews")

# Who may import whom inside an app: a name may import those to its right, and itself.
ORDER = ("urls", "views", "forms", "services", "models", "law")


FORBIDDEN = """
[tool.importlinter]
root_packages = ["workflow"]

[[tool.importlinter.contracts]]
name = "Nobody imports the law"
type = "forbidden"
source_modules = ["workflow.deadlines"]
forbidden_modules = ["workflow.law"]
"""


def are_kept(contracts: Path) -> bool:
    """Whether the code keeps every contract of a file; what it breaks is printed."""
    configure()
    return bool(lint_imports(str(contracts), cache_dir=None, no_logo=True))


def test_every_contract_in_pyproject_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    kept = are_kept(tree.PROJECT / "pyproject.toml")
    said = capsys.readouterr().out
    assert kept, said
    assert "3 kept, 0 broken" in said


def test_a_contract_that_forbids_what_we_do_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contracts = tmp_path / "contracts.toml"
    contracts.write_text(FORBIDDEN)
    assert not are_kept(contracts)
    assert "Nobody imports the law BROKEN" in capsys.readouterr().out


def upward(model: type[Model], names: dict[str, int]) -> list[str]:
    """The relations of a model that lead to an app above its own."""
    here = names[model._meta.app_label]
    found = []
    for field in model._meta.get_fields():
        if isinstance(field, ForeignObject) or (field.many_to_many and field.concrete):
            target = field.related_model
            label = target._meta.app_label if isinstance(target, type) else ""
            if names.get(label, -1) > here:
                found.append(f"{model._meta.label}.{field.name} -> {label}")
    return found


def test_no_model_relation_points_up_a_layer() -> None:
    names = {label: height for height, label in enumerate(LAYERS)}
    models = [model for label in LAYERS for model in apps.get_app_config(label).get_models()]
    assert models
    assert [relation for model in models for relation in upward(model, names)] == []


def test_a_relation_that_points_up_is_found_when_the_layers_are_turned_round() -> None:
    names = {label: -height for height, label in enumerate(LAYERS)}
    models = [model for label in LAYERS for model in apps.get_app_config(label).get_models()]
    assert [relation for model in models for relation in upward(model, names)] != []


def rank(module: str) -> int | None:
    """Where a module stands in the order inside its app; None when it is in no such room."""
    for part in module.split(".")[1:]:
        if part in ORDER:
            return ORDER.index(part)
    return None


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return tree.name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(code: ast.Module) -> list[str]:
    """The modules that a piece of code imports, and the names it takes from packages."""
    found = []
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def against_the_order(module: str, code: ast.Module) -> list[str]:
    """The imports of a module from a room that stands before its own."""
    here = rank(module)
    app = module.split(".", maxsplit=1)[0]
    return [
        f"{module} imports {name}"
        for name in imported(code)
        if name.split(".")[0] == app
        and here is not None
        and (there := rank(name)) is not None
        and there < here
    ]


def test_inside_an_app_urls_views_forms_services_models_law_import_in_that_order() -> None:
    found = []
    for path in tree.python_files(*LAYERS):
        if "/migrations/" not in tree.name_of(path):
            found += against_the_order(module_of(path), tree.parsed(path))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "line", "is_refused"),
    [
        ("workflow.machine.models", "from workflow.services import advance", True),
        ("reviews.services", "from reviews.views import page", True),
        ("reviews.views.triage", "from reviews.services import decide", False),
        ("workflow.law.duties", "from workflow.models import Case", True),
        ("workflow.views", "from workflow.law import duties", False),
    ],
)
def test_an_import_against_the_order_is_found(module: str, line: str, is_refused: bool) -> None:
    assert bool(against_the_order(module, ast.parse(textwrap.dedent(line)))) is is_refused
