"""A database with as many planned rungs as are asked for, and ways to make some of them due.

Each case has ten clocks of ten rungs. The cases lie with 150 authorities, as in England, and each
of these has three people who are told of every rung.
"""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests import databases
from tests.bench import crowd
from workflow.models import Case, Deadline, Grant, PlannedRung, Reminder

NOW = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)
AUTHORITIES = 150
CLOCKS, RUNGS = 10, 10
TOLD = 3

PATTERN = """
SELECT case_id FROM workflow_deadline
WHERE duty = 'rapid-review' AND met_on IS NULL AND cancelled_on IS NULL ORDER BY id LIMIT 1
"""
# Two who notify and one of the business unit, as where the pattern was told.
PEOPLE = """
WITH made AS (
    INSERT INTO workflow_person
        (email, name, password, is_active, joined_at, sign_in_edition)
    SELECT 'reader.' || o.id || '.' || k || '@place.example', 'Reader ' || k, '!', true,
        '2026-01-05', 0
    FROM workflow_organisation o, generate_series(1, 3) k WHERE o.name LIKE 'Place %'
    RETURNING id, email
)
INSERT INTO workflow_membership (person_id, organisation_id, role, since)
SELECT id, split_part(email, '.', 2)::bigint,
    CASE WHEN email LIKE '%.3@%' THEN 'business_unit' ELSE 'la_notifier' END, '2026-01-05'
FROM made
"""
PLANNED = "UPDATE workflow_deadline SET planned_revision = revision"
MORE_CLOCKS = f"""
INSERT INTO workflow_deadline (case_id, authority_id, duty, cycle, owed_by_id, limit_since,
    start_on, due_on, receipt, calendar_edition, rule_edition, opened_at, late_reason,
    cancelled_why, revision, revised_at, planned_revision)
SELECT d.case_id, d.authority_id, d.duty, 100 + k, d.owed_by_id, d.limit_since, d.start_on,
    '2026-11-16', d.receipt, d.calendar_edition, d.rule_edition, d.opened_at, '', '', 1,
    d.opened_at, 1
FROM workflow_deadline d, generate_series(1, {CLOCKS}) k
WHERE d.duty = 'rapid-review' AND d.met_on IS NULL AND d.cancelled_on IS NULL
"""
RUNGS_OF = f"""
INSERT INTO workflow_plannedrung (deadline_id, authority_id, revision, rung, planned_at, nobody)
SELECT d.id, d.authority_id, 1, CASE k WHEN 0 THEN 'due-today' ELSE 'overdue-weeks:' || k END,
    '2030-01-01Z', false
FROM workflow_deadline d, generate_series(0, {RUNGS} - 1) k WHERE d.cycle >= 100
"""
MAKE_DUE = """
UPDATE workflow_plannedrung SET planned_at = '2026-11-16 08:00Z'
WHERE deadline_id = ANY(%s) AND revision = 1 AND rung = 'due-today'
"""


@dataclass
class Rungs:
    """The owner's connection, and the clocks of which no rung has been due yet, in no order."""

    owner: psycopg.Connection
    untouched: list[int] = field(default_factory=list)

    def make_due(self, due: int) -> None:
        """So many more are due, each of another clock, whose other rungs are far away."""
        taken, self.untouched = self.untouched[:due], self.untouched[due:]
        if self.owner.execute(MAKE_DUE, [taken]).rowcount != due:
            raise RuntimeError("There are too few clocks.")
        self.tidy()

    def tidy(self) -> None:
        """What went before weighs on nothing that is measured next."""
        self.owner.execute("VACUUM (ANALYZE) workflow_plannedrung, workflow_outbox")
        self.owner.execute("VACUUM (ANALYZE) workflow_reminder")


@contextmanager
def filled(pattern: str, rungs: int) -> Iterator[Rungs]:
    """Inside, the worker's database holds so many planned rungs, none of them due."""
    name = databases.name_for(f"bench_rungs_{rungs}")
    databases.clone(name, pattern)
    with databases.connected({**databases.owner(), "NAME": name}) as owner:
        _fill(owner, rungs)
        found = owner.execute("SELECT id FROM workflow_deadline WHERE cycle >= 100 ORDER BY id")
        clocks = [row[0] for row in found]
        random.Random(1).shuffle(clocks)
        with databases.as_worker(name):
            yield Rungs(owner, clocks)
    databases.drop(name)


def _fill(owner: psycopg.Connection, rungs: int) -> None:
    row = owner.execute(PATTERN).fetchone()
    if row is None:
        raise RuntimeError("No case of the pattern has a rapid review ahead.")
    kept = (Case, Deadline, Grant)
    crowd.multiply(
        owner,
        cases=rungs // (CLOCKS * RUNGS),
        of=[row[0]],
        on=NOW.date(),
        leaving=[model for model in crowd.tables() if model not in kept],
        authorities=AUTHORITIES,
    )
    put_back = crowd.lowered(owner, PlannedRung, Reminder)
    owner.execute(PEOPLE)
    owner.execute(PLANNED)
    owner.execute("DELETE FROM workflow_outbox")
    owner.execute(MORE_CLOCKS)
    owner.execute(RUNGS_OF)
    for statement in put_back:
        owner.execute(statement)
    owner.execute("VACUUM ANALYZE")
