"""What the tests of health can ask for."""

import pytest

from tests import databases
from tests.story import Cast, cast


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    """The cast, of whom everybody was known long before: the history is written by the clock."""
    found = cast()
    with databases.as_owner(committing_db) as server:
        server.execute("ALTER TABLE workflow_membershipevent DISABLE TRIGGER USER")
        server.execute("UPDATE workflow_membershipevent SET pgh_created_at = '2018-07-01'")
    return found
