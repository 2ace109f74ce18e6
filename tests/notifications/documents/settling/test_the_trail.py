"""What the scanner said stands in the trail of the case, and in the log; nothing else is added."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from notifications.attached import digests
from notifications.models import AttachedDocument
from tests import databases
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import START, scanned
from tests.story import Cast
from workflow.audit.models import Arrival
from workflow.models import Case, Event
from workflow.retention.standing import standing_of
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


ADD = """
INSERT INTO workflow_event (case_id, authority_id, sequence, act, machine, number, capacity, "on",
    at, reason_code, reason, payload, recorded_at)
VALUES (%(case)s, %(authority)s, %(sequence)s, %(act)s, %(machine)s, %(number)s, 'system', %(on)s,
    now(), %(code)s, %(reason)s, %(payload)s, now())
"""


def added(said: dict[str, Any]) -> None:
    """As the worker: counted, added, and then as if it had not been."""
    with transaction.atomic():
        Case.objects.filter(pk=said["case"]).update(last_sequence=F("last_sequence") + 1)
        with connection.cursor() as cursor:
            cursor.execute(ADD, said)
        transaction.set_rollback(True)


def test_an_entry_of_the_workers_is_of_a_document_that_is_there_and_in_no_words(
    case: Case, everyone: Cast, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    attach(case, ada, b"Letter.")
    assert scanned(committing_db) == 2
    one, two = AttachedDocument.objects.order_by("number")
    now = Case.objects.get(pk=case.pk)
    honest: dict[str, Any] = {
        "case": case.pk, "authority": now.authority_id, "sequence": now.last_sequence + 1,
        "act": "document_clean", "machine": "notification", "number": 1, "on": START.date(),
        "code": "", "reason": b"v1|" + bytes(28),
    }  # fmt: skip
    document: dict[str, Any] = {"document": 1, "digest": one.digest}
    honest["payload"] = json.dumps(document)
    changes: list[dict[str, Any]] = [
        {"act": "document_refused"}, {"machine": "rapid review"}, {"number": 2}, {"code": "why"},
        {"reason": b"v1|" + bytes(29)}, {"reason": b""}, {"sequence": now.last_sequence + 2},
        {"authority": everyone.southfen.pk},
        *(
            {"payload": json.dumps(said)}
            for said in (
                {}, {"document": 1}, {"digest": one.digest}, document | {"document": 3},
                document | {"digest": two.digest}, document | {"clocks": []},
            )
        ),
    ]  # fmt: skip
    with databases.as_worker(committing_db):
        added(honest)
        for change in changes:
            with pytest.raises(ProgrammingError, match="row-level security"):
                added(honest | change)


@pytest.mark.parametrize("far", [-1, 101])
def test_nobody_counts_the_entries_of_a_trail_down_or_far_ahead(case: Case, far: int) -> None:
    with pytest.raises(IntegrityError, match="counted upwards"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(last_sequence=F("last_sequence") + far)
    assert Case.objects.filter(pk=case.pk).update(last_sequence=F("last_sequence") + 100) == 1


def test_what_a_scanner_says_lengthens_no_period(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    before = standing_of(case).last_act_on
    Event.objects.filter(case=case, act="document_attached").get()
    assert scanned(committing_db, hours=48) == 1
    assert Event.objects.get(case=case, act="document_clean").on > before
    assert standing_of(case).last_act_on == before
