"""Taking a lock away on purpose: the program's, the database's, and what tells too much."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.prove.servers import Database


@dataclass(frozen=True)
class Phase:
    """A share of the time, with what is broken in each process and in each database.

    `alone` names the lock that is left; "" is both, or a fault that must be found. On a machine too
    busy for its time, each process of a short run asks for `least` cells all the same.
    """

    share: float
    alone: str = ""
    least: int = 96
    here: tuple[Callable[[], None], ...] = ()
    there: Callable[[Database, str], None] | None = None


def _put(place: Any, name: str, instead: Any) -> None:
    setattr(place, name, instead)


def without_scoping() -> None:
    """In this process the program finds every case, and allows everybody every act on each."""
    from workflow.access import policy, visible  # noqa: PLC0415

    may = policy.may

    def all_of_them(rows: Any, *args: Any, **kwargs: Any) -> Any:
        return rows

    def yes(*args: Any) -> bool:
        return True

    def on_any_case(person: Any, act: str, case: Any = None, on: Any = None) -> bool:
        # What is done on no case is no question of whose a case is.
        if policy.ACTS[act].capacities:
            return case is not None
        return may(person, act, case, on)

    _put(visible.VisibleToQuerySet, "visible_to", all_of_them)
    _put(policy.Rights, "may", yes)
    for module in list(sys.modules.values()):
        if getattr(module, "may", None) is may:
            _put(module, "may", on_any_case)


def without_rows(database: Database, name: str) -> None:
    """In this database row security is off on every table of cases."""
    from workflow.access.rows import tables_of_cases  # noqa: PLC0415

    with database.connected(name) as server:
        for table in sorted(tables_of_cases()):
            server.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'.encode())


def with_grants_standing(database: Database, name: str) -> None:
    """In this database no grant is set aside: what both locks ask of a restricted case is gone."""
    with database.connected(name) as server:
        server.execute("ALTER TABLE workflow_grant DISABLE TRIGGER USER")
        server.execute("UPDATE workflow_grant SET set_aside = false")


def with_a_teller() -> None:
    """In this process the page for what is not there says whether it is there for others."""
    from config import errors  # noqa: PLC0415
    from workflow.access import context  # noqa: PLC0415
    from workflow.models import Case  # noqa: PLC0415

    honest = errors.not_found

    def telling(request: Any, exception: Exception) -> Any:
        answer = honest(request, exception)
        token = request.resolver_match and request.resolver_match.kwargs.get("token")
        with context.serving(context.HEALTH):
            if token and Case.objects.filter(token=token).exists():
                answer.headers["X-There"] = "1"
        return answer

    _put(errors, "not_found", telling)


# By the fault built in on purpose; "" is none, and takes away one lock after the other.
PHASES: dict[str, tuple[Phase, ...]] = {
    "": (
        Phase(0.7),
        Phase(0.15, "rows", least=48, here=(without_scoping,)),
        Phase(0.15, "scoping", least=48, there=without_rows),
    ),
    "no-locks": (Phase(1.0, least=240, here=(without_scoping,), there=without_rows),),
    "restricted": (Phase(1.0, least=240, there=with_grants_standing),),
    "telling": (Phase(1.0, here=(with_a_teller,)),),
}
