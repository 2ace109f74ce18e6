"""Faults that are built into the API on purpose, so that it can be seen that they are found."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest

from workflow.api import asking, problems, sent
from workflow.queues import Cursor


def crash() -> None:
    """A position in a list that is none is no refusal, but a fault."""

    def _cursor(self: asking.Asked, name: str, said: str) -> Cursor:
        day, _, mark = said.partition(".")
        return Cursor(date.fromisoformat(day), mark, back=name == "before")

    asking.Asked._cursor = _cursor  # type: ignore[method-assign]


def nameless() -> None:
    """What is no JSON by its header is refused without a word of which header."""

    def refused(request: HttpRequest) -> None:
        raise problems.refuse(415, "Unsupported media type")

    sent._refuse_another_kind = refused


def build_in(names: str) -> None:
    """The API of this process has these faults, named with commas between; "" is none."""
    for name in filter(None, names.split(",")):
        FAULTS[name]()


FAULTS: dict[str, Callable[[], None]] = {"crash": crash, "nameless": nameless}
