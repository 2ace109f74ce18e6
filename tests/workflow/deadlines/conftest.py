"""The cast on Wednesday 2 June 2027, before a bank holiday that nobody expected."""

from collections.abc import Iterator

import pytest

from tests.story import Cast, Story, a_case, cast, moment
from workflow import clock


@pytest.fixture
def everyone(committing_db: str) -> Iterator[Cast]:
    with clock.told(moment("2027-06-02", "12:00")):
        yield cast()


@pytest.fixture
def draft(everyone: Cast) -> Story:
    """Known on Tuesday 1 June 2027: five working days are Tuesday 8 June."""
    return a_case(everyone, aware="2027-06-01")


@pytest.fixture
def sent(everyone: Cast) -> Story:
    """Known on 20 May and sent on the 24th: the rapid review is due on Tuesday 15 June."""
    return a_case(everyone, aware="2027-05-20").notified("2027-05-24")
