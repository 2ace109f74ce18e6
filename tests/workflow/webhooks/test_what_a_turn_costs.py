"""A turn reads of the outbox what it tells, however much waits for one that is away."""

import socket
from typing import Any

import pytest
from django.db import connection

from tests import databases
from tests.story import Cast, a_case, cast
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.receiver import Receiver
from tests.workflow.webhooks.test_turns import Worker, came, for_hook, hung, registered, worker
from workflow.models import Outbox, Webhook
from workflow.outbox.delivering import MOST_ATTEMPTS
from workflow.webhooks.delivering import call_all

__all__ = ["hung", "worker"]

STORED = 4000
# Half of it went out by mail long ago, and half waits for the webhook.
STORE = """
INSERT INTO workflow_outbox (dedupe, kind, case_id, authority_id, webhook_id, person_id, payload,
    created_at, next_attempt_at, attempts, claims, fault, receipt_id, sent_at)
SELECT 'stored:' || n, o.kind, o.case_id, o.authority_id, mine, CASE WHEN mine IS NULL THEN %s END,
    o.payload, o.created_at, o.next_attempt_at, 0, 0, '', '',
    CASE WHEN mine IS NULL THEN o.created_at END
FROM generate_series(1, %s) n, workflow_outbox o,
    LATERAL (SELECT CASE WHEN n %% 2 = 0 THEN o.webhook_id END AS mine) whose
WHERE o.id = %s
"""


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


def rows_read() -> int:
    """How many rows of the outbox were read by now, whether the program got to see them or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables"
            " WHERE relname = 'workflow_outbox'"
        )
        return int(cursor.fetchone()[0])


def cost_of_a_call(hook: Webhook, worker: Worker, *, away: int) -> int:
    """What a turn reads in which one that was away so often is away once more."""
    with worker():
        Webhook.objects.filter(pk=hook.pk).update(away=away, called_at=None)
        before = rows_read()
        call_all()
        return rows_read() - before


@pytest.mark.parametrize("away", [0, MOST_ATTEMPTS * 3])
def test_a_call_of_one_that_is_away_reads_no_more_for_what_is_stored(
    everyone: Cast, hung: socket.socket, receiver: Receiver, worker: Worker, committing_db: str,
    away: int,
) -> None:  # fmt: skip
    hook: Any = registered(everyone, hung)
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    few = cost_of_a_call(hook, worker, away=away)
    one = for_hook(hook).latest("pk")
    with databases.as_owner(committing_db) as server:
        server.execute(STORE, [everyone.adam.pk, STORED, one.pk])
        server.execute("VACUUM ANALYZE workflow_outbox")
    many = cost_of_a_call(hook, worker, away=away)
    assert came(hung) > 0
    assert Outbox.objects.count() > STORED
    assert many < few + 40
