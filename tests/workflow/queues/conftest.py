"""The cast, and shorthand for reading a work list."""

from collections.abc import Callable

import pytest

from tests.story import Cast, cast, day
from workflow.queues import queue_page

Listed = Callable[..., list[str]]


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.fixture
def listed(everyone: Cast) -> Listed:
    """The labels of what a part of somebody's list holds on a day."""

    def labels(name: str, segment: str, *, on: str) -> list[str]:
        person = everyone.people[name]
        person.forget_memberships()
        return [row.case.label for row in queue_page(person, segment, on=day(on)).rows]

    return labels
