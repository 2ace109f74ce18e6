"""An authority's own system is told that something was done with documents, and never what."""

import json
from typing import Any

from django.test import Client

from tests import databases
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import START, scanned
from tests.story import Cast
from workflow.models import Case, Outbox
from workflow.outbox.mail import compose
from workflow.webhooks import managing


def test_an_authoritys_webhook_is_told_of_documents_and_of_what_the_scanner_said(
    case: Case, everyone: Cast, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    how: Any = {"by": everyone.adam, "on": START.date(), "at": START}
    hook = managing.register("https://hooks.example/", everyone.northmoor, **how).webhook
    attach(case, ada, b"Minutes.")
    attach(case, ada, b"Letter. " + clamd.MARK)
    assert scanned(committing_db) == 2
    with databases.as_worker(committing_db):
        rows = Outbox.objects.filter(webhook=hook).order_by("pk")
        written = [compose(row, on=START.date()) for row in rows]
    told = [json.loads(one.words.text) for one in written if one]
    attached = ["document_attached"] * 2
    assert [one.kind for one in rows] == [*attached, "document_clean", "document_refused"]
    assert len(told) == len(rows)
    assert {one["reference"] for one in told} == {case.reference}
    assert {tuple(sorted(one)) for one in told} == {("at", "reference")}
