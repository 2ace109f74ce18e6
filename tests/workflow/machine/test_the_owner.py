"""The tables' owner, too, only adds to the trail."""

import psycopg
import pytest

from tests.databases import as_owner
from tests.story import a_case, cast
from workflow.models import Event


def test_not_even_the_owner_changes_the_trail(committing_db: str) -> None:
    a_case(cast(), aware="2026-11-19")
    assert Event.objects.exists()
    with as_owner(committing_db) as owner:
        for sql in (
            "UPDATE workflow_event SET act = 'x'",
            "DELETE FROM workflow_event",
            "TRUNCATE workflow_event CASCADE",
            "SET pgtrigger.ignore = '{keep_rows}'; DELETE FROM workflow_caseevent",
        ):
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(sql)
