"""The matrix: every routed address, by each method, in each role, in each relation to a case."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.prove.sights import World
from tests.templates.routes import Route, routes

SAFE, UNSAFE = ("get", "head", "options"), ("post", "put", "patch", "delete")
OWN, ARCHIVED, ANOTHER, RECUSED, RESTRICTED, SIGNED_OUT = RELATIONS = (
    "own", "archived", "another's", "recused", "restricted", "signed out",
)  # fmt: skip
FULL_VIEW = ("la_approver", "panel_secretariat")
HIDDEN = frozenset({ANOTHER, RECUSED, RESTRICTED, SIGNED_OUT})


@dataclass(frozen=True)
class Cell:
    """One square of the matrix."""

    route: Route
    method: str
    reader: int
    relation: str


@dataclass
class Seen:
    """What one process asked, and what it found wrong; counted by what it was."""

    requests: int = 0
    cells: int = 0
    files: int = 0
    feeds: int = 0
    log_lines: int = 0
    shown: int = 0
    addresses: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    leaks: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)
    server_errors: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


def blocks(world: World, chance: Random, *, size: int) -> list[list[Cell]]:
    """The whole matrix in parts, each of one reader; every reader has one before any has two."""
    signed_out = len(world.readers)
    by_reader: dict[int, list[Cell]] = {}
    for route in routes():
        for reader in range(signed_out + 1):
            for relation in _relations(route, signed_out=reader == signed_out):
                cells = [Cell(route, method, reader, relation) for method in (*SAFE, *UNSAFE)]
                by_reader.setdefault(reader, []).extend(cells)
    parts: list[tuple[int, float, list[Cell]]] = []
    for cells in by_reader.values():
        chance.shuffle(cells)
        for number, start in enumerate(range(0, len(cells), size)):
            parts.append((number, chance.random(), cells[start : start + size]))
    rest = [cells for _, _, cells in sorted(parts, key=lambda part: part[:2])]
    return [*_first(world, by_reader, size), *rest]


def _first(world: World, by_reader: dict[int, list[Cell]], size: int) -> list[list[Cell]]:
    """Before all else who reads most opens pages: of their own, and of what is hidden.

    Where nothing is shown, nothing is proved; and a short run has asked for what matters most.
    """
    known = [one.role for one in world.readers]
    return [
        [one for one in by_reader[known.index(role)] if (one.method, one.relation) == asked][:size]
        for asked in (("get", OWN), ("get", RESTRICTED), ("get", ANOTHER))
        for role in FULL_VIEW
    ]


def _relations(route: Route, *, signed_out: bool) -> tuple[str, ...]:
    if signed_out:
        return (SIGNED_OUT,)
    of_a_case = (OWN, ARCHIVED, ANOTHER, RECUSED, RESTRICTED)
    return of_a_case if route.of_a_case else (OWN, ANOTHER)
