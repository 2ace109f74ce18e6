"""Northmoor's rapid review is open, and a system of Northmoor may put and send it."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.notifications.api.filed import let_in
from tests.reviews.api.reviewed import SCOPES, TODAY
from tests.reviews.telling import Told, a_rapid_review
from tests.story import moment
from tests.workflow.api.conftest import token_of
from workflow.api.clients import LetIn


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    """It is a day within the fifteen."""
    with time_machine.travel(moment(TODAY), tick=False) as clock:
        yield clock


@pytest.fixture
def told(db: None) -> Told:
    """The story so far."""
    return a_rapid_review()


@pytest.fixture
def system(told: Told) -> LetIn:
    """The system."""
    return let_in(told.cast, "northmoor", *SCOPES)


@pytest.fixture
def token(system: LetIn) -> str:
    """A token of the system's."""
    return token_of(system)
