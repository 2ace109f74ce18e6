"""What is read of cases while one answer is made: noted where no page can go round it.

A case that is loaded, a page of a case that is asked for, a sealed value that is opened: each notes
itself here. What of it reached the reader is told from the answer (see `workflow.audit.looks`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Shown:
    """What was read so far, by the ids of cases; `kept` once it stands in the log of looks."""

    loaded: dict[str, tuple[int, int]] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    kept: bool = False


_now: ContextVar[Shown | None] = ContextVar("shown", default=None)


@contextmanager
def watching() -> Iterator[Shown]:
    """Inside, what is read of cases is noted for one answer."""
    found = Shown()
    before = _now.set(found)
    try:
        yield found
    finally:
        _now.reset(before)


def so_far() -> Shown:
    """What the answer being made has read; nothing where no answer is being made."""
    return _now.get() or Shown()


def loaded(token: str, case: int, authority: int) -> None:
    """A row of a case was read."""
    so_far().loaded[token] = (case, authority)


def asked(case: int, act: str) -> None:
    """A page of this case was asked for, to do this act of the policy."""
    so_far().asked.setdefault(case, act)


def opened(case: int | None) -> None:
    """A sealed value of this case was opened."""
    if case is not None:
        so_far().opened.add(case)
