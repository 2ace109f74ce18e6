"""A system of Northmoor that files."""

import pytest

from tests.notifications.api.filed import let_in
from tests.story import Cast
from tests.workflow.api.conftest import token_of
from workflow.api.clients import LetIn


@pytest.fixture
def system(everyone: Cast) -> LetIn:
    """The system."""
    return let_in(everyone)


@pytest.fixture
def token(system: LetIn) -> str:
    """A token of the system's."""
    return token_of(system)
