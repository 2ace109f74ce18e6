"""Where the stories of the machine begin."""

import pytest

from tests.story import Cast, Story, a_case, cast


@pytest.fixture
def everyone() -> Cast:
    """The cast, in its places."""
    return cast()


@pytest.fixture
def sent(everyone: Cast) -> Story:
    """A notification of Northmoor's, sent in time."""
    return a_case(everyone, aware="2026-11-19").notified("2026-11-20")
