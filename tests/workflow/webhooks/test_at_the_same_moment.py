"""Two workers call at the same moment: what waits is told once, whoever tells it."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from tests import databases
from tests.story import Cast, a_case, cast
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.receiver import Receiver
from workflow.models import Outbox
from workflow.outbox import delivering, turn
from workflow.webhooks import calling
from workflow.webhooks.delivering import call_all
from workflow.webhooks.managing import Registered


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


def test_two_turns_at_once_tell_each_message_once(
    everyone: Cast,
    hook: Registered,
    receiver: Receiver,
    committing_db: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "SECONDS", 5.0)
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    rows = Outbox.objects.filter(webhook=hook.webhook)
    several, told = rows.count(), _both_turns(committing_db, monkeypatch)
    assert several > 2
    assert sum(told) == several
    assert all(told), "one of them had nothing to tell"
    names = [one.headers["Webhook-Id"] for one in receiver.requests]
    assert len(names) == len(set(names)) == several
    assert rows.exclude(sent_at=None).filter(claims=1).count() == several


def _both_turns(name: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many each of two turns told, of which neither claims before the other looks too."""
    both, first, told = threading.Barrier(2), threading.local(), []
    looked = turn.read_reminded

    def meets(rows: Sequence[Outbox], **how: Any) -> set[int]:
        # Inside the transaction of the claim: what each has found it holds, or both hold the same.
        if not getattr(first, "met", False):
            first.met = True
            both.wait(timeout=20)
        return looked(rows, **how)

    def calls() -> None:
        try:
            told.append(call_all())
        finally:
            connection.close()

    monkeypatch.setattr(delivering, "read_reminded", meets)
    threads = [threading.Thread(target=calls) for _ in range(2)]
    with databases.as_worker(name):
        for one in threads:
            one.start()
        for one in threads:
            one.join(timeout=30)
    return told
