"""What the tests of reviews' pages can ask for."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.story import Cast, moment


@pytest.fixture
def on_a_day() -> Any:
    """Makes it a London date and time for the pages: `with on_a_day("2026-12-14", "23:58"):`."""

    def travel(on: str, clock: str = "10:00") -> Any:
        return time_machine.travel(moment(on, clock), tick=False)

    return travel


@pytest.fixture
def as_(client: Client) -> Callable[[Cast, str], Client]:
    """A browser in which somebody of the cast is signed in."""

    def signed_in(cast: Cast, who: str) -> Client:
        client.force_login(cast.people[who])
        return client

    return signed_in
