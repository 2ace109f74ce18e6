"""P5: one act with its guards, its trail, its clocks and its message, against one statement.

The act is the secretariat's acknowledgement of a notification, through the real service; beside it
the least that any program could do: one statement that looks, moves, notes and tells.
"""

import statistics
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection

from tests.bench import stage
from tests.bench.counting import statements
from tests.bench.lines import Line, line, milliseconds
from workflow import clock, services
from workflow.access import context
from workflow.models import Case, Person

CASES = 10_000
QUERIES_GOAL, LIMIT_GOAL = 10, 8.0
TURNS = 31
# What the machine does in this act, said once to the database.
ONE_STATEMENT = """
    WITH held AS (
        SELECT c.id, c.authority_id, c.last_sequence
        FROM workflow_case c
        WHERE c.token = %(token)s AND EXISTS (
            SELECT 1 FROM workflow_grant g
            WHERE g.case_id = c.id AND g.organisation_id = %(organisation)s
                AND g.withdrawn_at IS NULL AND g.since <= %(on)s
                AND (g.until IS NULL OR g.until >= %(on)s)
        )
        FOR UPDATE
    ), moved AS (
        UPDATE workflow_notificationprocess p
        SET state = 'acknowledged', entered_on = %(on)s, expected_on = %(on)s
        FROM held WHERE p.case_id = held.id AND p.state = 'submitted'
        RETURNING p.case_id
    ), noted AS (
        INSERT INTO workflow_event (case_id, authority_id, sequence, act, machine, number, actor_id,
            capacity, organisation_id, "on", at, reason_code, reason, payload, recorded_at)
        SELECT held.id, held.authority_id, held.last_sequence + 1, 'acknowledge', 'notification', 1,
            %(by)s, 'panel_secretariat', %(organisation)s, %(on)s, %(at)s, '', %(sealed)s,
            '{"from": "submitted", "to": "acknowledged"}', %(at)s
        FROM held JOIN moved ON moved.case_id = held.id
    ), told AS (
        INSERT INTO workflow_outbox (dedupe, kind, case_id, authority_id, organisation_id, payload,
            created_at, next_attempt_at, attempts, fault, receipt_id)
        SELECT 'bench-' || held.id, 'act', held.id, held.authority_id, held.authority_id, '{}',
            %(at)s, %(at)s, 0, '', ''
        FROM held JOIN moved ON moved.case_id = held.id
    )
    UPDATE workflow_case c SET last_sequence = c.last_sequence + 1, next_due_on = %(on)s
    FROM moved WHERE c.id = moved.case_id
"""


def acknowledge(case: Case, by: Person) -> None:
    """The act through the service, as one transaction."""
    at = clock.now()
    with context.acting(by, on=clock.london_date(at)):
        services.advance(case.notification, "acknowledge", by=by, on=clock.london_date(at), at=at)


def in_one_statement(case: Case, by: Person, sealed: bytes) -> None:
    """The same facts in the database, by hand; `sealed` is an empty reason, sealed."""
    at = clock.now()
    facts: dict[str, Any] = {
        "token": case.token,
        "organisation": by.organisation_ids(clock.today())[0],
        "by": by.pk,
        "on": clock.london_date(at),
        "at": at,
        "sealed": sealed,
    }
    with context.acting(by, on=clock.london_date(at)), connection.cursor() as cursor:
        cursor.execute(ONE_STATEMENT, facts)
        assert cursor.rowcount == 1, "the statement moved nothing"


def an_empty_reason(by: Person) -> bytes:
    """How an event without a reason rests."""
    with context.acting(by, on=clock.today()), connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM workflow_event ORDER BY id LIMIT 1")
        return bytes(cursor.fetchone()[0])


def run() -> Iterator[Line]:
    """One line: statements, and the time against the one statement."""
    # Each half of the sent notifications is for one way; the first of each is a warm-up.
    with (
        stage.prepared(sent=2 * TURNS + 2) as ready,
        stage.stage(CASES, on=ready) as place,
    ):
        place.use()
        sol = Person.objects.get(name="Sol")
        sealed = an_empty_reason(sol)
        times: tuple[list[float], list[float]] = ([], [])
        for number, token in enumerate(ready.sent):
            with context.acting(sol, on=clock.today()):
                case = Case.objects.select_related("notification").get(token=token)
            if number % 2:
                times[1].append(milliseconds(partial(in_one_statement, case, sol, sealed)))
                continue
            with statements() as sent:
                times[0].append(milliseconds(partial(acknowledge, case, sol)))
    ours, limit = (statistics.median(part[1:]) for part in times)
    yield line(
        "P5-transition",
        ours=ours,
        limit=limit,
        unit="ms/act",
        goal={"queries": QUERIES_GOAL, "ratio_to_limit": LIMIT_GOAL},
        queries=len(sent.counted),
        queries_around=len(sent.around),
        ok=len(sent.counted) <= QUERIES_GOAL and ours / limit <= LIMIT_GOAL,
    )
