"""Undoing the migration of webhooks leaves nothing that an older release would try."""

from importlib import import_module

import pytest
from django.db import connection, transaction

from tests import databases
from tests.story import Cast, a_case, cast, moment
from tests.workflow.webhooks.conftest import TODAY
from workflow.models import Outbox
from workflow.webhooks.managing import Registered

UNTOLD = import_module("workflow.migrations.0051_tell_the_systems_of_authorities").UNTOLD


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


def test_nothing_waits_for_a_webhook_or_tells_of_one(
    everyone: Cast, hook: Registered, committing_db: str
) -> None:
    a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)
    mails = Outbox.objects.exclude(kind="webhook_changed").filter(webhook=None)
    before = list(mails.order_by("pk").values_list("pk", "cancelled_at"))
    assert before
    assert Outbox.objects.filter(webhook=hook.webhook).exists()
    letters = Outbox.objects.filter(kind="webhook_changed").order_by("pk")
    gone, given_up = letters
    with databases.as_worker(committing_db):
        letters.filter(pk=gone.pk).update(sent_at=moment(TODAY), receipt_id="a1")
        letters.filter(pk=given_up.pk).update(dead_at=moment(TODAY))
    who = databases.owner()
    with (
        databases.pointed_at(committing_db, USER=who["USER"], PASSWORD=who["PASSWORD"]),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for statement in UNTOLD:
            cursor.execute(statement)
    assert not Outbox.objects.filter(webhook__isnull=False).exists()
    # Nobody has one of them tried again, nor asks what became of it.
    found = set(letters.values_list("pk", "receipt_id", "dead_at"))
    assert found == {(gone.pk, "", None), (given_up.pk, "", None)}
    assert Outbox.objects.get(pk=given_up.pk).cancelled_at is not None
    assert list(mails.order_by("pk").values_list("pk", "cancelled_at")) == before
