"""The same work in several processes at once, each with connections of its own."""

import gc
import multiprocessing
from collections.abc import Callable
from typing import Any

from django.db import connections

_WORK: list[Callable[[int], Any]] = []


def together(work: Callable[[int], Any], number: int) -> list[Any]:
    """What `work(0)`, `work(1)` and so on returned; the processes are forks of this one."""
    connections.close_all()
    _WORK[:] = [work]
    # What was loaded so far stays as it is: it is neither looked through again nor copied for that.
    gc.collect()
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(number) as pool:
        # One for each process: work that waits for the others must not wait in one queue.
        return pool.map(_run, range(number), chunksize=1)


def _run(number: int) -> Any:
    try:
        return _WORK[0](number)
    finally:
        connections.close_all()
