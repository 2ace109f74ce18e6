"""Row differences: what each changed row was before, kept by the database itself."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

from workflow.audit.walls import KeepButTakeOut, append_only

Model = TypeVar("Model", bound=type[models.Model])


def keep_history(
    *, until_disposed: bool = False, taken_out: KeepButTakeOut | None = None, **options: Any
) -> Callable[[Model], Model]:
    """A decorator after which every insert and update of the model's rows leaves a history row.

    The history rows are written by triggers, so raw SQL leaves them too, and only ever grow.
    Who did it, and why, is told by the case's events, not here.
    """
    # No context: who acted, and why, is the events' to tell. The stub does not know None.
    no_context: Any = None
    track: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        context_field=no_context,
        obj_field=pghistory.ObjForeignKey(related_name="row_history"),
        meta={"triggers": append_only(until_disposed=until_disposed, taken_out=taken_out)},
        **options,
    )
    return track
