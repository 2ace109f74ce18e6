"""What a model instance holds in place of a sealed value."""

import contextlib
import copy
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from workflow.sealed.errors import SealedError


class Ciphertext(bytes):
    """A sealed value as it rests in its column."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class Slot:
    """One sealed value on one instance: as it rests, and as it reads once it was opened.

    `plain` are the bytes that `ciphertext` opens to for `case_id`: kept so that a value saved
    unchanged keeps its ciphertext, and the row's history shows no change that was none.
    """

    __slots__ = ("case_id", "ciphertext", "opened", "plain", "value")

    def __init__(self, ciphertext: Ciphertext | None = None) -> None:
        self.ciphertext = ciphertext
        self.opened = ciphertext is None
        self.value: Any = None
        self.plain: bytes | None = None
        self.case_id: int | None = None

    def holding(self, value: Any) -> "Slot":
        """A new slot with another value, that still knows what rests in the column."""
        fresh = Slot(self.ciphertext)
        fresh.plain, fresh.case_id = self.plain, self.case_id
        fresh.value, fresh.opened = value, True
        return fresh

    def __repr__(self) -> str:
        return "<sealed>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "Slot":
        twin = self.holding(copy.deepcopy(self.value, memo))
        twin.opened = self.opened
        return twin

    def __reduce__(self) -> Any:
        # An instance that goes to a cache or a session takes the sealed form along, never words.
        if self.ciphertext is None and self.value is not None:
            message = "Save an instance before it is pickled: its sealed value isn’t sealed yet."
            raise SealedError(message)
        return (Slot, (self.ciphertext,))


_as_stored: ContextVar[bool] = ContextVar("sealed_as_stored", default=False)


@contextlib.contextmanager
def as_stored() -> Iterator[None]:
    """Within this, sealed attributes read as they rest, so that rows are copied unopened."""
    token = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(token)


def reading_as_stored() -> bool:
    """Whether sealed attributes now read as they rest."""
    return _as_stored.get()
