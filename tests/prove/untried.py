"""What walks of cases have not tried yet, and how much is to be found on each way."""

import random
from collections import Counter

from tests.prove.lawful import DEEDS, STATES
from tests.prove.reference import Row

# What is worth going to is worth so much for each step that leads to it.
A_STEP_AWAY = 0.97
Tries = list[tuple[Row, str]]
Edges = Counter[tuple[str, str, str]]


class Untried:
    """By machine, state and role: the acts that a walker is to try there, and did not yet.

    `number` says how many are left.
    """

    def __init__(self, roles: tuple[str, ...], share: slice, dice: random.Random) -> None:
        cells = [
            (machine, state, name, role)
            for machine, deeds in DEEDS.items()
            for state in STATES[machine]
            for name in deeds
            for role in roles
        ]
        own = cells[share]
        dice.shuffle(own)
        self._left: dict[tuple[str, str], dict[str, list[str]]] = {}
        for machine, state, name, role in own:
            self._left.setdefault((machine, state), {}).setdefault(role, []).append(name)
        self.number = len(own)

    def tried(self, row: Row, name: str, role: str) -> None:
        """Of this row as it stands the act is tried by this role."""
        names = self._left.get((row.machine, row.state), {}).get(role, [])
        if name in names:
            names.remove(name)
            self.number -= 1

    def here(self, rows: list[Row]) -> dict[str, Tries]:
        """What was not tried yet of rows as they stand, by role."""
        left: dict[str, Tries] = {}
        for row in rows:
            for role, names in self._left.get((row.machine, row.state), {}).items():
                if names:
                    left.setdefault(role, []).extend((row, name) for name in names)
        return left

    def worth(self, machine: str, edges: Edges) -> dict[str, float]:
        """By state: whether something was not tried there; if not, how near somewhere is."""
        worth = {state: self._open(machine, state) for state in STATES[machine]}
        while True:
            before = dict(worth)
            for name, deed in DEEDS[machine].items():
                for source in deed.sources:
                    gain = A_STEP_AWAY * self.gain(machine, source, name, worth, edges)
                    worth[source] = max(worth[source], gain)
            if worth == before:
                return worth

    def gain(
        self, machine: str, source: str, name: str, worth: dict[str, float], edges: Edges
    ) -> float:
        """How much this act from this state promises, between 0 and 1."""
        undone = 1 / (1 + edges[machine, source, name])
        return max(undone, worth[DEEDS[machine][name].target])

    def _open(self, machine: str, state: str) -> float:
        return float(any(self._left.get((machine, state), {}).values()))
