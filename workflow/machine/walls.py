"""Database walls of the machines: legal states and legal edges, from the same transitions."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models

from workflow.audit.walls import StandingTrigger


def edges_of(machine: type[models.Model]) -> list[tuple[str, str]]:
    """Every legal move of a machine as (from, to), sorted."""
    transitions = machine._meta.get_field("state").get_all_transitions(machine)  # type: ignore[union-attr]
    return sorted({(str(move.source), str(move.target)) for move in transitions})


class LegalEdges(StandingTrigger):
    """The state changes only along a declared transition, even from raw SQL."""

    name = "legal_edges"
    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("state")  # type: ignore[no-untyped-call]

    def get_func(self, model: models.Model) -> str:
        """Refuses a move that no transition declares; the message names machine and states only."""
        legal = ", ".join(
            f"('{source}', '{target}')" for source, target in edges_of(type_of(model))
        )
        return (
            f"IF OLD.state = NEW.state OR (OLD.state, NEW.state) IN ({legal}) THEN RETURN NEW; "
            "END IF; "
            f"RAISE EXCEPTION '{model._meta.db_table}: % does not lead to %', OLD.state, NEW.state "
            "USING ERRCODE = '23514';"
        )


class LegalStart(StandingTrigger):
    """A row begins only in a state where its machine begins."""

    name = "legal_start"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model: models.Model) -> str:
        """Refuses any other first state."""
        starts = ", ".join(f"'{state}'" for state in sorted(type_of(model).STARTS))
        return (
            f"IF NEW.state IN ({starts}) THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{model._meta.db_table} does not start at %', NEW.state "
            "USING ERRCODE = '23514';"
        )


def type_of(model: Any) -> Any:
    """The machine itself: migrations hand over a copy without its transitions."""
    return apps.get_model(model._meta.label)


def legal_states(states: type[models.TextChoices], machine: str) -> models.CheckConstraint:
    """A constraint that only the machine's own states are ever stored."""
    return models.CheckConstraint(
        condition=models.Q(state__in=sorted(states.values)), name=f"{machine}_legal_state"
    )
