"""What a scan is written down as, when the world moved on while the scanner looked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from psycopg import sql

from notifications.attached import scanner as asking
from notifications.attached.scanner import Verdict
from notifications.models import AttachedDocument, QuarantinedContent, ScannedContent
from tests import databases
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import listed, scanned, state
from tests.story import Cast, a_case
from workflow import clock
from workflow.models import Case, Organisation
from workflow.models import Event as Entry
from workflow.sealed import keys


def passes_on(database: str, case: Case, to: Organisation, passing: Event) -> None:
    """As `accept_transfer` does: the case is locked, and then its rows are given away.

    In between it waits until the worker waits for somebody, or seems to wait for nobody.
    """
    with databases.as_owner(database) as owner, owner.transaction():
        owner.execute("SELECT FROM workflow_case WHERE id = %s FOR UPDATE", [case.pk])
        owner.execute("SET LOCAL lock_timeout = '3s'")
        passing.set()
        for _ in range(100):
            if owner.execute("SELECT FROM pg_locks WHERE NOT granted").fetchone() is not None:
                break
            sleep(0.02)
        for table, key in (
            ("workflow_case", "id"),
            ("notifications_attacheddocument", "case_id"),
            ("notifications_quarantinedcontent", "case_id"),
        ):  # fmt: skip
            give = sql.SQL("UPDATE {} SET authority_id = %s WHERE {} = %s")
            named = give.format(sql.Identifier(table), sql.Identifier(key))
            owner.execute(named, [to.pk, case.pk])


def test_a_case_that_passes_on_while_a_document_is_scanned_takes_it_along(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    passing = Event()
    with ThreadPoolExecutor() as pool:
        passed = pool.submit(passes_on, committing_db, case, everyone.southfen, passing)
        assert passing.wait(20)
        scanned(committing_db)
        # It waited for nobody who waits for it.
        passed.result()
    # Nothing was written for the authority that had it before.
    kept = ScannedContent.objects.get()
    assert (state(), kept.authority) == ("clean", everyone.southfen)
    assert Entry.objects.get(act="document_clean").authority == everyone.southfen


def test_a_document_whose_content_was_lost_is_named_and_keeps_no_other_waiting(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    attach(case, ada, b"Letter.")
    with databases.as_worker(committing_db):
        QuarantinedContent.objects.filter(document__number=1).delete()
    assert scanned(committing_db) == 1
    first, second = AttachedDocument.objects.order_by("pk")
    assert (first.state, first.fault, second.state) == ("held", "lost", "clean")
    assert "Its content is not there any more" in listed(case, ada)


def test_a_content_that_cannot_be_sealed_anew_keeps_no_other_waiting(
    case: Case,
    ada: Client,
    everyone: Cast,
    scanner: clamd.Clamd,
    committing_db: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attach(case, ada, b"Minutes.")
    attach(a_case(everyone, aware="2026-12-02").notified("2026-12-03").case, ada, b"Letter.")

    def ends(content: bytes) -> Verdict:
        verdict = ask(content)
        if content == b"Minutes.":
            keys.destroy(case.key_id)
        return verdict

    ask = asking.ask
    monkeypatch.setattr(asking, "ask", ends)
    assert scanned(committing_db) == 1
    first, second = AttachedDocument.objects.order_by("pk")
    assert (first.state, first.fault, second.state) == ("held", "unreadable", "clean")


def test_nothing_is_given_but_what_was_attached(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    how: dict[str, Any] = {
        "document_id": AttachedDocument.objects.get().pk,
        "case": case,
        "authority_id": case.authority_id,
    }
    QuarantinedContent.objects.all().delete()
    QuarantinedContent(**how, content=b"Another.").save(force_insert=True)
    assert scanned(committing_db) == 0
    assert (scanner.got, AttachedDocument.objects.get().fault) == ([], "lost")
    # Nor what was put beside it behind the scanner's back.
    with databases.as_worker(committing_db):
        ScannedContent(**how, content=b"Another.").save(force_insert=True)
        AttachedDocument.objects.filter(case=case).update(state="clean", settled_at=clock.now())
    address = reverse("notifications:document", args=[case.token, 1])
    assert ada.get(address).status_code == 404
