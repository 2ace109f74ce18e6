"""Making the tables draws no model for what models do not show."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from workflow import migrating

OURS = {"workflow", "notifications", "reviews"}
FEW = models.CheckConstraint(name="few", condition=models.Q(number__lt=10))
INDEX = models.Index(fields=["number"], name="by_number")


def a_state() -> ProjectState:
    """One model, drawn."""
    state = ProjectState()
    number = models.PositiveIntegerField()
    state.add_model(ModelState("workflow", "Thing", [("id", models.BigAutoField(primary_key=True)),
                                                     ("number", number)]))  # fmt: skip
    assert state.apps.get_model("workflow", "thing")
    return state


def one_of(kind: type[migrations.Migration], *steps: Any) -> migrations.Migration:
    """A migration of this kind with these steps."""
    made = type("Migration", (kind,), {"operations": list(steps)})
    found: migrations.Migration = made("0001_made", "workflow")
    return found


def drawn_anew(kind: type[migrations.Migration], *steps: Any) -> bool:
    """Whether the model is another class once the steps are known."""
    state = a_state()
    before = state.apps.get_model("workflow", "thing")
    for step in one_of(kind, *steps).operations:
        step.state_forwards("workflow", state)
    return state.apps.get_model("workflow", "thing") is not before


def test_every_migration_of_the_project_is_one_of_these() -> None:
    known = MigrationLoader(None).disk_migrations
    ours = [found for (app, _), found in known.items() if app in OURS]
    assert ours
    assert [str(one) for one in ours if not isinstance(one, migrating.Migration)] == []


def test_an_index_and_a_constraint_draw_nothing_and_are_known() -> None:
    steps = (migrations.AddIndex("thing", INDEX), migrations.AddConstraint("thing", FEW))
    assert not drawn_anew(migrating.Migration, *steps)
    assert drawn_anew(migrations.Migration, *steps)
    state = a_state()
    one_of(migrating.Migration, *steps).mutate_state(state, preserve=False)
    assert state.models["workflow", "thing"].options["constraints"] == [FEW]


def test_a_column_draws_the_model_anew() -> None:
    assert drawn_anew(
        migrating.Migration, migrations.AddField("thing", "more", models.TextField(default=""))
    )


@pytest.mark.parametrize("kind", [migrating.Migration, migrations.Migration])
def test_what_alters_a_column_knows_of_the_constraint_before(
    kind: type[migrations.Migration],
) -> None:
    seen: list[list[models.BaseConstraint]] = []

    def alter_field(model: type[models.Model], *fields: Any) -> None:
        seen.append(list(model._meta.constraints))

    editor: Any = SimpleNamespace(
        connection=SimpleNamespace(alias="default"), alter_field=alter_field
    )
    after = a_state()
    constraint, altering = one_of(
        kind,
        migrations.AddConstraint("thing", FEW),
        migrations.AlterField("thing", "number", models.IntegerField()),
    ).operations
    constraint.state_forwards("workflow", after)
    before = after.clone()
    altering.state_forwards("workflow", after)
    altering.database_forwards("workflow", editor, before, after)
    assert [[one.name for one in known] for known in seen] == [["few"]]
