"""What the scanner said stands in the trail of the case, and in the log; nothing else is added."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from notifications.attached import digests
from notifications.models import AttachedDocument
from tests import databases
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import START, scanned
from workflow.audit.models import Arrival
from workflow.models import Case, Event
from workflow.services import lock_to_note, note


@transaction.atomic
def noted(case: Case, act: str) -> None:
    locked = lock_to_note(case.pk)
    assert locked
    note(locked, act, {}, at=START)


def test_each_verdict_is_an_entry_that_nobody_made_about_exactly_that_content(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    attach(case, ada, b"Letter. " + clamd.MARK)
    before = Case.objects.get(pk=case.pk).last_sequence
    assert scanned(committing_db) == 2
    entries = list(Event.objects.filter(case=case, sequence__gt=before).order_by("sequence"))
    rows = AttachedDocument.objects.select_related("case").order_by("number")
    assert [one.act for one in entries] == ["document_clean", "document_refused"]
    for entry, row, content in zip(entries, rows, scanner.got, strict=True):
        assert (entry.actor, entry.capacity, entry.reason) == (None, "system", "")
        assert entry.payload == {"document": row.number, "digest": row.digest}
        assert row.digest == digests.digest(row.salt, content)
        assert entry.authority_id == case.authority_id
    # Each waits to be taken into the log.
    waiting = set(Arrival.objects.filter(kind="event").values_list("entry", flat=True))
    assert {one.pk for one in entries} <= waiting
    # The next entry of a person follows in sequence.
    assert attach(case, ada, b"Report.").status_code == 302
    assert Case.objects.get(pk=case.pk).last_sequence == before + 3
    page = ada.get(reverse("timeline", args=[case.token])).content.decode()
    assert "Document scanned and found clean" in page
    assert "Document scanned, and refused as harmful" in page


def test_the_worker_adds_no_other_entry_and_changes_nothing_else_of_a_case(
    case: Case, committing_db: str
) -> None:
    entries = Event.objects.filter(case=case).count()
    with databases.as_worker(committing_db):
        with pytest.raises(ProgrammingError, match="row-level security"):
            noted(case, "sign_off")
        for column in ("actor_id", "organisation_id", "salt", "id"):
            asked = f"INSERT INTO workflow_event (act, {column}) VALUES ('document_clean', NULL)"
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(asked)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(children_count=7)
    assert Event.objects.filter(case=case).count() == entries
