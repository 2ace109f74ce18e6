"""Steps in raw SQL against the tables of the three machines: what leads where is the database's."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from tests.prove.lawful import EDGES, STARTS, STATES
from tests.prove.servers import Database
from tests.story import organisation
from workflow.models import Case

TABLES = {
    "notification": "workflow_notificationprocess",
    "rapid review": "workflow_rapidreview",
    "practice review": "workflow_practicereview",
}
COLUMNS = {
    "notification": "cycle, approval_outstanding, proposal, received_by, channel_reference",
    "rapid review": "number",
    "practice review": "number, kind, decision_code",
}
VALUES = {
    "notification": "numbers[i], false, '', '', ''",
    "rapid review": "numbers[i]",
    "practice review": "numbers[i], 'local', ''",
}
ROWS, CHUNK = 60, 350
# How often a way is taken that is open.
OPEN = 0.75
# What is worth going to from a state is worth so much there for each step that leads to it.
A_STEP_AWAY = 0.95
AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
# A step that was refused comes back with a mark before the state in which the row still stands.
STEPS = """
CREATE FUNCTION prove_{name}(ids bigint[], targets text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    found text[] := '{{}}';
    stands text;
BEGIN
    FOR i IN 1 .. array_length(ids, 1) LOOP
        BEGIN
            UPDATE {table} SET state = targets[i] WHERE id = ids[i] RETURNING state INTO stands;
        EXCEPTION WHEN check_violation THEN
            IF SQLERRM NOT LIKE '%does not lead to%' THEN RAISE; END IF;
            SELECT '!' || state INTO stands FROM {table} WHERE id = ids[i];
        END;
        found[i] := stands;
    END LOOP;
    RETURN found;
END $$
"""
# A row that was refused comes back without a key.
BEGINS = """
CREATE FUNCTION prove_{name}_begins(
    cases bigint[], states text[], numbers smallint[], owner bigint, entered date
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    found bigint[] := '{{}}';
    key bigint;
BEGIN
    FOR i IN 1 .. array_length(cases, 1) LOOP
        BEGIN
            INSERT INTO {table} (case_id, authority_id, state, entered_on, {columns})
            VALUES (cases[i], owner, states[i], entered, {values}) RETURNING id INTO key;
        EXCEPTION WHEN check_violation THEN
            IF SQLERRM NOT LIKE '%does not start at%' THEN RAISE; END IF;
            key := NULL;
        END;
        found[i] := key;
    END LOOP;
    RETURN found;
END $$
"""


@dataclass
class Found:
    """What one walker saw."""

    steps: int = 0
    hits: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    starts: Counter[tuple[str, str]] = field(default_factory=Counter)
    divergences: list[str] = field(default_factory=list)


def prepare(database: Database) -> None:
    """The functions that take many steps in one statement are there; they have no rights of own."""
    for name, table in TABLES.items():
        told = {"name": name.replace(" ", "_"), "table": table}
        database.ask(STEPS.format(**told), database="service")
        begins = BEGINS.format(**told, columns=COLUMNS[name], values=VALUES[name])
        database.ask(begins, database="service")


def walk(walker: int, *, seed: int, steps: int, until: float) -> Found:
    """So many steps by one connection over rows of its own, or as many as time allows."""
    found, dice = Found(), random.Random(f"{seed} {walker}")
    authority = organisation("authority", f"Raw {walker}", dfe_code=f"98{walker:02}")
    machines = [
        _Walk(machine, authority, dice, found, ROWS + number)
        for number, machine in enumerate(TABLES)
    ]
    while found.steps < steps and time.monotonic() < until:
        min(machines, key=_Walk.taken_least).go(CHUNK)
    return found


class _Walk:
    """Rows of one machine, and where the reference says they stand."""

    def __init__(
        self, machine: str, authority: Any, dice: random.Random, found: Found, rows: int
    ) -> None:
        self.machine, self.authority, self.dice, self.found = machine, authority, dice, found
        self.ways: dict[str, list[str]] = {state: [] for state in STATES[machine]}
        for source, target in sorted(EDGES[machine]):
            self.ways[source].append(target)
        self.number, self.rows = 0, rows
        self.cases: list[int] = []
        self.stands: dict[int, str] = {}
        self._begin(rows)

    def taken_least(self) -> int:
        """How often the edge was taken that was taken least."""
        return min(self.found.hits[self.machine, *edge] for edge in EDGES[self.machine])

    def go(self, steps: int) -> None:
        """So many steps in one statement, each compared with the reference."""
        stands, ids, targets = dict(self.stands), [], []
        expected, worth = [], self._worth()
        keys = sorted(stands)
        for _ in range(steps):
            key = self.dice.choice(keys)
            source = stands[key]
            target = self._target(source, worth)
            self.found.hits[self.machine, source, target] += 1
            # A row that is set to where it stands has not moved.
            legal = source == target or (source, target) in EDGES[self.machine]
            stands[key] = target if legal else source
            expected.append(stands[key] if legal else f"!{source}")
            ids.append(key)
            targets.append(target)
        with connection.cursor() as cursor:
            name = self.machine.replace(" ", "_")
            cursor.execute(f"SELECT prove_{name}(%s, %s)", [ids, targets])
            (got,) = cursor.fetchone() or ([],)
        self.found.steps += steps
        self.found.divergences += [
            f"{self.machine} to {target}: {answer} instead of {right}"
            for target, answer, right in zip(targets, got, expected, strict=True)
            if answer != right
        ][:20]
        self.stands = stands
        self._begin_anew(worth)

    def _target(self, source: str, worth: dict[str, float]) -> str:
        """Of the ways that are open the one to what was taken least, however far; or, at times, of
        all states the one that was tried least.
        """
        if self.ways[source] and self.dice.random() < OPEN:
            return max(
                self.dice.sample(self.ways[source], len(self.ways[source])),
                key=lambda target: self._gain(source, target, worth),
            )
        tried = [*STATES[self.machine]]
        self.dice.shuffle(tried)
        return min(tried, key=lambda target: self.found.hits[self.machine, source, target])

    def _gain(self, source: str, target: str, worth: dict[str, float]) -> float:
        taken = self.found.hits[self.machine, source, target]
        return max(1 / (1 + taken), A_STEP_AWAY * worth[target])

    def _worth(self) -> dict[str, float]:
        """By state: the more, the less often an edge was taken that leads on from there."""
        worth = dict.fromkeys(STATES[self.machine], 0.0)
        while True:
            before = dict(worth)
            for state, ways in self.ways.items():
                gains = (self._gain(state, target, worth) for target in ways)
                worth[state] = max(gains, default=0.0)
            if worth == before:
                return worth

    def _begin_anew(self, worth: dict[str, float]) -> None:
        """Rows from whose state nothing leads on make way for new ones; and some others, where
        nothing is worth as much as what leads on from a beginning.
        """
        best = max(worth.values())
        anew = max(worth[state] for state in STARTS[self.machine]) == best
        for key, state in sorted(self.stands.items()):
            if not self.ways[state] or (anew and self.dice.random() < 1 / 3):
                del self.stands[key]
        self._begin(self.rows - len(self.stands))

    def _case(self) -> int:
        """A case of its own for a row: of one machine a case has but one."""
        if not self.cases:
            more = [
                Case(key_id=uuid4(), authority=self.authority, opened_on=AT.date(), opened_at=AT)
                for _ in range(4 * self.rows)
            ]
            self.cases = [case.pk for case in Case.objects.bulk_create(more)]
        return self.cases.pop()

    def _begin(self, rows: int) -> None:
        """So many rows begin where their machine begins, each after it was tried elsewhere."""
        if not rows:
            return
        machine, tried = self.machine, self.found.starts
        begins = sorted(STARTS[machine])
        elsewhere = [state for state in STATES[machine] if state not in STARTS[machine]]
        cases, states = [], []
        for _ in range(rows):
            case = self._case()
            for among in (elsewhere, begins):
                state = min(among, key=lambda one: tried[machine, one])
                tried[machine, state] += 1
                cases.append(case)
                states.append(state)
        self.found.steps += len(cases)
        for key, state in zip(self._inserted(cases, states), states, strict=True):
            if (key is not None) != (state in STARTS[machine]):
                how = "did not start" if key is None else "started"
                self.found.divergences.append(f"{machine} {how} at {state}")
            elif key is not None:
                self.stands[key] = state

    def _inserted(self, cases: list[int], states: list[str]) -> list[int | None]:
        """The keys of the rows; none where the database refused the state as a beginning."""
        numbers = [(self.number + place) % 30_000 + 1 for place in range(len(cases))]
        self.number += len(cases)
        name = self.machine.replace(" ", "_")
        given = [cases, states, numbers, self.authority.pk, AT.date()]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT prove_{name}_begins(%s, %s, %s::smallint[], %s, %s)", given)
            (keys,) = cursor.fetchone() or ([],)
        return list(keys)


def judged(walks: list[Found], *, seconds: float) -> dict[str, Any]:
    """The figures of all walkers together."""
    hits = sum((one.hits for one in walks), Counter[tuple[str, str, str]]())
    starts = sum((one.starts for one in walks), Counter[tuple[str, str]]())
    cells = [(m, a, b) for m, states in STATES.items() for a in states for b in states]
    edges = [(m, a, b) for m, edges in EDGES.items() for a, b in edges]
    steps = sum(one.steps for one in walks)
    divergences = [text for one in walks for text in one.divergences]
    return {
        "raw_steps": steps,
        "raw_steps_a_second": round(steps / seconds),
        "raw_cells": sum(cell in hits for cell in cells) + len(starts),
        "raw_cells_in_all": len(cells) + sum(map(len, STATES.values())),
        "edges": len(edges),
        "edge_hit_least": min(hits[edge] for edge in edges),
        "raw_divergences": len(divergences),
        "raw_seen": divergences[:3],
    }
