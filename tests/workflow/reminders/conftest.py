"""A draft whose reminders are swept by the worker, as the database knows it."""

from collections.abc import Iterator

import pytest

from tests import databases
from tests.story import Story, a_case, cast, moment
from workflow import clock


@pytest.fixture
def as_worker(committing_db: str) -> Iterator[Story]:
    """A draft due on Friday 27 November 2026, escalated on 2 December, weekly from 4 December."""
    with clock.told(moment("2026-11-20")):
        story = a_case(cast(), aware="2026-11-20")
    with databases.as_worker(committing_db):
        yield story
