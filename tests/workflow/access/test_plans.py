"""How the planner answers what row security asks of every row."""

import re

from django.db import connection

from tests import databases
from tests.story import a_case, cast


def test_what_is_in_sight_is_answered_from_an_index_alone(committing_db: str) -> None:
    """Whatever row security asks of a grant stands in the index by case."""
    a_case(cast(), aware="2026-10-01").notified("2026-10-05")
    with databases.as_owner(committing_db) as server:
        server.execute("VACUUM ANALYZE workflow_grant")
    with connection.cursor() as cursor:
        # Among so few rows none of the planner's other ways would be any slower.
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        cursor.execute("EXPLAIN SELECT id FROM workflow_deadline")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    asked = re.findall(r"(Index.* Scan) using (\w+) on workflow_grant", plan)
    assert ("Index Only Scan", "grant_in_force") in asked, plan
