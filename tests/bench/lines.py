"""What every path prints: one line of JSON, in the words that all of them share."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Line = dict[str, Any]


def line(
    bench: str,
    *,
    ours: float,
    unit: str,
    ok: bool,
    goal: Mapping[str, float],
    limit: float | None = None,
    peer: float | None = None,
    **figures: Any,
) -> Line:
    """A path's line; the ratios are ours to the limit and the peer to ours."""
    return {
        "bench": bench,
        "ours": round(ours, 4),
        "limit": None if limit is None else round(limit, 4),
        "peer": None if peer is None else round(peer, 4),
        "unit": unit,
        "ratio_to_limit": None if limit is None else round(ours / limit, 3),
        "ratio_to_peer": None if peer is None else round(peer / ours, 3),
        "goal": dict(goal),
        **figures,
        "ok": ok,
    }


def milliseconds(run: Callable[[], object]) -> float:
    """How long one run took."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def in_turns(paths: Sequence[Callable[[], float]], *, turns: int) -> list[float]:
    """The median of what each path measures of itself, all of them taking turns."""
    measured = [[path() for path in paths] for _ in range(turns)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]
