"""What an act on a case is: who may do it, on what basis, and what it asks of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from django_fsm import FSMField, transition

from workflow.law.duties import Duty
from workflow.law.instruments import Citation

SYSTEM = "system"


@dataclass(frozen=True)
class AdministrativeReason:
    """An act that no duty or power asks for, and why the service has it."""

    why: str


Basis = Duty | Citation | AdministrativeReason


@dataclass(frozen=True)
class Act:
    """A transition in words. `roles` are the role slugs that may do it; SYSTEM for consequences.

    Where it asks no reason of everybody, it may of whoever does it from some states.
    """

    title: str
    done: str
    basis: Basis
    roles: tuple[str, ...]
    asks_reason: bool = False
    page: str = ""
    reason_from: tuple[str, ...] = ()

    def needs_reason(self, state: str) -> bool:
        """Whether it is done from a state only for a reason that is given."""
        return self.asks_reason or state in self.reason_from


@dataclass(frozen=True)
class Condition:
    """A rule that must hold before an act, with the sentence a person reads when it does not."""

    holds: Callable[[Any], bool]
    why: str

    def __call__(self, subject: Any) -> bool:
        """Whether the rule holds."""
        return self.holds(subject)


class Stage(Enum):
    """What kind of state a state is."""

    OPEN = "open"
    PASSED_ON = "passed on"
    END = "end"


@dataclass(frozen=True)
class Waiting:
    """Whose turn it is in an open state, and by when.

    `duties` are the legal clocks that may be running; when none is, the case is expected to move
    within `working_days` of entering the state: an internal date, and marked so.
    """

    role: str
    duties: tuple[str, ...] = ()
    working_days: int = 5
    stage: Stage = Stage.OPEN


Body = Callable[..., None]


class StateField(FSMField):
    """Which state a machine is in: moved by transitions alone, a column of text to the database.

    Migrations and history know it as that text. A field of django-fsm listens for each model drawn
    after it, and migrations draw models anew a thousand times.
    """

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """The column alone: nothing moves in a migration, nor in a row of history."""
        name, _, arguments, options = super().deconstruct()
        options.pop("protected", None)
        return name, "django.db.models.CharField", arguments, options


def step(
    state: StateField,
    source: Sequence[str],
    target: str,
    words: tuple[str, str],
    basis: Basis,
    roles: tuple[str, ...],
    *,
    conditions: Sequence[Condition] = (),
    asks_reason: bool = False,
    reason_from: Sequence[str] = (),
    page: str = "",
) -> Callable[[Body], Body]:
    """Declares a transition bound to its act: the only way a state changes.

    `words` are the act as a button says it, and as the trail says it was done.
    """
    title, done = words
    does = Act(
        title,
        done,
        basis,
        roles,
        asks_reason=asks_reason,
        page=page,
        reason_from=tuple(reason_from),
    )
    decorator: Callable[[Body], Body] = transition(
        field=state,
        source=list(source),
        target=target,
        conditions=list(conditions),
        custom={"act": does},
    )
    return decorator


def steps_of(state: StateField) -> "partial[Callable[[Body], Body]]":
    """The decorator that declares the steps of one machine's state."""
    return partial(step, state)
