"""A database with as many planned rungs as are asked for, and ways to make some of them due."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests import databases
from tests.bench import crowd

RUNGS = 10

CLOCKS = """
INSERT INTO workflow_deadline (case_id, authority_id, duty, cycle, owed_by_id, limit_since,
    start_on, due_on, receipt, calendar_edition, rule_edition, opened_at, late_reason,
    cancelled_why, revision, revised_at, planned_revision)
SELECT d.case_id, d.authority_id, d.duty, 100 + k, d.owed_by_id, d.limit_since, d.start_on,
    '2026-12-10', d.receipt, d.calendar_edition, d.rule_edition, d.opened_at, '', '', 1,
    d.opened_at, 1
FROM workflow_deadline d, generate_series(1, {copies}) k
WHERE d.id = (SELECT min(id) FROM workflow_deadline WHERE duty = 'rapid-review')
RETURNING id
"""
RUNGS_OF = """
INSERT INTO workflow_plannedrung (deadline_id, authority_id, revision, rung, planned_at, nobody)
SELECT d.id, d.authority_id, 1, '1-days-left:' || k, '2030-01-01'::timestamptz, false
FROM workflow_deadline d, generate_series(1, {each}) k WHERE d.cycle >= 100
"""
MAKE_DUE = """
UPDATE workflow_plannedrung SET planned_at = '2026-11-16 08:00Z', rung = 'due-today'
WHERE id IN (
    SELECT min(id) FROM workflow_plannedrung
    GROUP BY deadline_id HAVING bool_and(rung <> 'due-today') LIMIT {due}
)
"""


@contextmanager
def filled(pattern: str, rungs: int) -> Iterator[psycopg.Connection]:
    """Inside, the worker's database holds so many planned rungs, none due; yields the owner's."""
    name = databases.name_for(f"bench_rungs_{rungs}")
    databases.clone(name, pattern)
    with databases.connected({**databases.owner(), "NAME": name}) as owner:
        put_back = crowd.lowered(owner)
        owner.execute(CLOCKS.format(copies=rungs // RUNGS))
        owner.execute(RUNGS_OF.format(each=RUNGS))
        for statement in put_back:
            owner.execute(statement)
        owner.execute("VACUUM ANALYZE")
        with databases.as_worker(name):
            yield owner
    databases.drop(name)


def make_due(owner: psycopg.Connection, due: int) -> None:
    """So many more are due, each of another clock, whose other rungs are far away."""
    owner.execute(MAKE_DUE.format(due=due))
    owner.execute("VACUUM ANALYZE workflow_plannedrung")
