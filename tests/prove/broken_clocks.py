"""Faults of clocks, built in on purpose: see `broken`."""

from typing import Any

from tests.prove.servers import Database


def forgotten_clock(database: Database) -> None:
    """What is not notified keeps its clocks running."""
    from workflow.machine.move import Move  # noqa: PLC0415

    honest = Move.cancel

    def forgetful(self: Move, *slugs: str, why: str, cycle: int | None = None) -> None:
        if why != "not_notified":
            honest(self, *slugs, why=why, cycle=cycle)

    Move.cancel = forgetful  # type: ignore[method-assign]


def never_again(database: Database) -> None:
    """A clock that ended because the facts changed stays ended when they change back."""
    from workflow.deadlines.clocks import Clocks  # noqa: PLC0415
    from workflow.models import Deadline  # noqa: PLC0415

    honest = Clocks.start

    def final(self: Clocks, duty: str, *, cycle: int, **how: Any) -> Deadline:
        known = self.rows.get((duty, cycle))
        if known is not None and known.cancelled_why == "facts_changed":
            return known
        return honest(self, duty, cycle=cycle, **how)

    Clocks.start = final  # type: ignore[method-assign]
