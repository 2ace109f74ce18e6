"""How the project's migrations are applied: Django's way, without drawing models for nothing.

Django draws a model, and all that are related to it, anew after every step that changes what is
known of it. An index, a constraint or a trigger is no part of what is drawn that other steps need:
drawing for them was two thirds of the time that it took to make the tables.
"""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

import pgtrigger.migrations
from django.db import migrations
from django.db.migrations.state import ProjectState

UNDRAWN = (
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    pgtrigger.migrations.AddTrigger,
    pgtrigger.migrations.RemoveTrigger,
)
# What alters a column spares the constraints that the model is known to have by how it was drawn.
LOOKS_BACK = (migrations.AlterField, migrations.RemoveField, migrations.RenameField)


CASES = "LOCK TABLE workflow_case IN ACCESS EXCLUSIVE MODE"


def cases_first(*, undone: bool = False) -> migrations.RunSQL:
    """A step before any that takes several tables from others: nobody acts on a case any more.

    Whoever acts comes to the table of cases first. So all of them are waited for at once, while the
    migration holds nothing that one of them could be waiting for. Lists, the worker and the signs
    of health come to dates and grants first: what takes these takes no other. `undone` is for the
    way back: its last step, which is taken first then.
    """
    nothing = migrations.RunSQL.noop
    return migrations.RunSQL(nothing, CASES) if undone else migrations.RunSQL(CASES, nothing)


class Migration(migrations.Migration):
    """A migration of which no index, constraint or trigger makes a model be drawn anew."""

    def __init__(self, name: str, app_label: str) -> None:
        super().__init__(name, app_label)
        vars(self)["operations"] = [_lighter(operation) for operation in self.operations]


def _lighter(operation: Any) -> Any:
    """The same step, of which the class's own stays as it is."""
    if not isinstance(operation, (*UNDRAWN, *LOOKS_BACK)):
        return operation
    lighter = copy(operation)
    if isinstance(operation, UNDRAWN):
        vars(lighter)["state_forwards"] = partial(_undrawn, operation.state_forwards)
    else:
        vars(lighter)["database_forwards"] = partial(_looking_back, operation)
    return lighter


def _undrawn(forwards: Callable[[str, ProjectState], None], app: str, state: ProjectState) -> None:
    """The step is known; what was drawn stays as it was."""
    drawn = state.__dict__.pop("apps", None)
    forwards(app, state)
    if drawn is not None:
        state.apps = drawn


def _looking_back(
    operation: Any, app: str, editor: Any, before: ProjectState, after: ProjectState
) -> None:
    """The step is done, with the model drawn as it was before, its constraints too."""
    before.reload_model(app, operation.model_name_lower, delay=True)
    operation.database_forwards(app, editor, before, after)
