"""How a case may begin that is walked, and what walks of cases saw."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.prove.lawful import DEEDS, STATES
from tests.prove.places import ROLES

PLAIN = {
    "place": "in_area",
    "care_leaver": False,
    "under_18": True,
    "under_25": True,
    "children_count": 1,
}
SHAPES: list[dict[str, object]] = [
    {"outcome": "seriously_harmed", "abuse": "suspected", "looked_after": False},
    {"outcome": "seriously_harmed", "abuse": "suspected", "looked_after": True},
    {"outcome": "died", "abuse": "known", "looked_after": True},
    {"outcome": "died", "abuse": "neither", "looked_after": True},
    {"outcome": "seriously_harmed", "abuse": "neither", "looked_after": False},
    {},
]
WEIGHTS = [8, 3, 3, 4, 1, 1]
# Facts that turn out otherwise before anything is sent.
TURNING: tuple[tuple[str, object], ...] = (
    ("abuse", "neither"),
    ("abuse", "suspected"),
    ("outcome", "died"),
    ("outcome", "seriously_harmed"),
    ("looked_after", True),
    ("looked_after", False),
)


@dataclass
class Found:
    """What one walker saw."""

    steps: int = 0
    moves: int = 0
    cells: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    edges: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    divergences: list[str] = field(default_factory=list)
    stranded: list[str] = field(default_factory=list)


def judged(walks: list[Found], *, seconds: float) -> dict[str, Any]:
    """The figures of all walkers together."""
    cells = set().union(*(one.cells for one in walks))
    edges = sum((one.edges for one in walks), Counter[tuple[str, str, str]]())
    acts = [
        (machine, source, name)
        for machine, deeds in DEEDS.items()
        for name, deed in deeds.items()
        for source in deed.sources
    ]
    steps = sum(one.steps for one in walks)
    divergences = [text for one in walks for text in one.divergences]
    stranded = [text for one in walks for text in one.stranded]
    return {
        "steps": steps,
        "steps_a_second": round(steps / seconds),
        "moves": sum(one.moves for one in walks),
        "cells": len(cells),
        "cells_in_all": sum(len(STATES[m]) * len(d) for m, d in DEEDS.items()) * len(ROLES),
        "acts_from_states": len(acts),
        "acts_done": sum(act in edges for act in acts),
        "act_done_least": min(edges[act] for act in acts),
        "divergences": len(divergences),
        "stranded": len(stranded),
        "seen": [*divergences[:4], *stranded[:4]],
    }
