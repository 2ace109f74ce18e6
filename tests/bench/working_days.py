"""P4: counting working days, against a bare table lookup and the loop most programs use.

All three answer the same questions (any start, any count to 60) in
turns A B C A B C, each after a pass that is not timed, so that no path pays for the memory the
others used; the median of the turns is taken. Only the ratios mean anything.
"""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.law import oracle
from workflow.law.calendar import COMMITTED

TURNS = 101
QUESTIONS = 500
LIMIT_GOAL, PEER_GOAL, FLAT_GOAL = 4.0, 30.0, 1.15

Question = tuple[dt.date, int]


def _questions(number: int, counts: Sequence[int]) -> list[Question]:
    chosen = random.Random(20261118)
    first = dt.date(2012, 6, 1).toordinal()
    last = dt.date(2028, 6, 1).toordinal()
    return [
        (dt.date.fromordinal(chosen.randint(first, last)), chosen.choice(counts))
        for _ in range(number)
    ]


def _each(run: Callable[[list[Question]], None], questions: list[Question]) -> float:
    run(questions)
    started = time.perf_counter()
    run(questions)
    return (time.perf_counter() - started) / len(questions) * 1e6


def _medians(*paths: tuple[Callable[[list[Question]], None], list[Question]]) -> list[float]:
    """Microseconds a question for each path, in turns."""
    turns = [[_each(run, questions) for run, questions in paths] for _ in range(TURNS)]
    return [statistics.median(times) for times in zip(*turns, strict=True)]


def _ours(questions: list[Question]) -> None:
    add = COMMITTED.add
    for start, count in questions:
        add(start, count)


def _lookup_in(table: dict[dt.date, dt.date]) -> Callable[[list[Question]], None]:
    def run(questions: list[Question]) -> None:
        for start, _ in questions:
            table[start]

    return run


def _loop_with(holidays: set[dt.date]) -> Callable[[list[Question]], None]:
    def run(questions: list[Question]) -> None:
        for start, count in questions:
            oracle.loop(start, count, holidays)

    return run


def run() -> list[dict[str, Any]]:
    """One line for the speed of a count, one for its not growing with the count."""
    asked = _questions(QUESTIONS, range(1, 61))
    span = (oracle.LAST - oracle.FIRST).days + 1
    table = {day: day for day in (oracle.FIRST + n * oracle.DAY for n in range(span))}
    ours, limit, peer = _medians(
        (_ours, asked),
        (_lookup_in(table), asked),
        (_loop_with(oracle.committed_holidays()), asked),
    )
    few, many = _medians((_ours, _questions(QUESTIONS, [1])), (_ours, _questions(QUESTIONS, [60])))
    to_limit, to_peer, flat = ours / limit, peer / ours, many / few
    return [
        {
            "bench": "P4-working-days",
            "ours": round(ours, 4),
            "limit": round(limit, 4),
            "peer": round(peer, 4),
            "unit": "us/count",
            "ratio_to_limit": round(to_limit, 2),
            "ratio_to_peer": round(to_peer, 1),
            "goal": {"ratio_to_limit": LIMIT_GOAL, "ratio_to_peer": PEER_GOAL},
            "ok": to_limit <= LIMIT_GOAL and to_peer >= PEER_GOAL,
        },
        {
            "bench": "P4-working-days-flat",
            "ours": round(many, 4),
            "limit": round(few, 4),
            "peer": None,
            "unit": "us/count",
            "ratio_to_limit": round(flat, 2),
            "ratio_to_peer": None,
            "goal": {"ratio_to_limit": FLAT_GOAL},
            "ok": flat <= FLAT_GOAL,
        },
    ]
