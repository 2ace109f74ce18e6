"""What is held is scanned by the worker: clean, harmful, or no answer, and then it stays held."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from notifications.attached import health, scanning, services
from notifications.attached import scanner as asking
from notifications.attached.checking import Cleaned, cleaned
from notifications.attached.scanner import Verdict
from notifications.attached.words import HELD
from notifications.models import AttachedDocument, QuarantinedContent, ScannedContent
from notifications.views import documents
from tests import databases, sight
from tests.notifications.answers import sign_in
from tests.notifications.documents import clamd, files
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import START, listed, scanned, state
from tests.story import Cast, a_case
from workflow import clock
from workflow import services as acts
from workflow.health.words import said
from workflow.models import Case, Look, Outbox
from workflow.outbox.wording import wording
from workflow.sealed import keys

# All of them stand in clamd.py.
SOME_FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"answer": b"stream: O"}, "unsure"),
    ({"takes": 3}, "too_large"),
    ({"slow": 0.2}, "slow"),
)


def test_what_is_clean_is_given_as_a_file_alone_and_each_look_is_kept(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada)
    assert scanned(committing_db) == 1
    assert (state(), QuarantinedContent.objects.count()) == ("clean", 0)
    kept = ScannedContent.objects.select_related("case").get().content
    # What is given is exactly what was scanned.
    assert scanner.got == [kept]
    assert files.MAKER.encode() not in kept
    assert "Download document 1 (PDF)" in listed(case, ada)
    address = reverse("notifications:document", args=[case.token, 1])
    priya = sign_in(everyone.priya)
    answer = priya.get(address)
    assert answer.content == kept
    assert answer["Content-Type"] == "application/pdf"
    name = f"{case.reference}-document-1.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    look = Look.objects.get(page="notifications:document")
    assert (look.case, look.person, look.way, look.fields) == (
        case, everyone.priya, "file", "content",
    )  # fmt: skip
    # As a part of a page it is given to nobody, and to nobody else at all.
    assert priya.get(address, headers={"Sec-Fetch-Dest": "iframe"}).status_code == 404
    assert sign_in(everyone.cara).get(address).status_code == 404
    assert sign_in(everyone.adam).get(address).status_code == 404
    with sight.of(everyone.cara, on=clock.today()):
        assert not ScannedContent.objects.exists()


def test_what_stands_in_a_file_shows_no_other_case(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    other = a_case(everyone, aware="2026-12-02").notified("2026-12-03").case
    attach(case, ada, files.docx(f"<w:p><w:r><w:t>See {other.label}.</w:t></w:r></w:p>"))
    scanned(committing_db)
    assert ada.get(reverse("notifications:document", args=[case.token, 1])).status_code == 200
    looks = Look.objects.filter(page="notifications:document")
    assert [look.case for look in looks] == [case]


def test_no_transaction_is_held_while_a_file_is_read_and_nobody_else_has_one_read(
    case: Case, ada: Client, everyone: Cast, committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = []

    def watched(content: bytes) -> Cleaned:
        within.append(connection.in_atomic_block)
        return cleaned(content)

    monkeypatch.setattr(documents, "cleaned", watched)
    assert attach(case, everyone.cara, b"Minutes.").status_code == 404
    assert attach(case, everyone.sol, b"Minutes.").status_code == 404
    assert attach(case, Client(), b"Minutes.").status_code == 302
    assert attach(case, ada, b"").status_code == 200
    assert within == []
    assert attach(case, ada, b"Minutes.").status_code == 302
    assert within == [False]
    assert AttachedDocument.objects.count() == 1


def test_what_is_harmful_is_destroyed_and_whoever_attached_it_is_told(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes. " + clamd.MARK, name="Wren.txt")
    assert scanned(committing_db) == 1
    assert (state(), QuarantinedContent.objects.count()) == ("refused", 0)
    assert not ScannedContent.objects.exists()
    page = listed(case, ada)
    assert "A harmful program was found in it. Nobody could open it" in page
    assert "Wren.txt" not in page
    told = Outbox.objects.get(kind=scanning.REFUSED)
    assert (told.case, told.person) == (case, everyone.ada)
    words = wording(told.kind)
    assert "was refused" in words.happened
    assert ada.get(reverse("notifications:document", args=[case.token, 1])).status_code == 404


def test_without_an_answer_that_can_be_believed_it_stays_held_and_is_asked_again(
    case: Case,
    ada: Client,
    settings: Settings,
    committing_db: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking.ask, "__kwdefaults__", {"seconds": 1.0})
    attach(case, ada, b"Minutes.")
    hours = 0

    def stays(why: str) -> None:
        assert scanned(committing_db, hours=hours) == 0
        row = AttachedDocument.objects.get()
        assert (row.state, row.fault) == ("held", why)
        assert not ScannedContent.objects.exists()
        assert HELD[why].split(".")[0].replace("'", "’") in listed(case, ada)

    stays("none")
    for wrong, why in SOME_FAULTS:
        hours += 2
        with clamd.running() as fake:
            settings.CLAMD = fake.address
            vars(fake).update(wrong)
            stays(why)
    hours += 2
    # The door of the last one is shut.
    stays("unreachable")
    # Not asked again before its time; well again, it is let through by itself.
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        assert scanned(committing_db, hours=hours) == 0
        assert fake.got == []
        assert scanned(committing_db, hours=hours + 1) == 1
    assert state() == "clean"


def test_a_document_that_cannot_be_read_keeps_no_other_waiting(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    attach(a_case(everyone, aware="2026-12-02").notified("2026-12-03").case, ada, b"Letter.")
    keys.destroy(case.key_id)
    assert scanned(committing_db) == 1
    first, second = AttachedDocument.objects.order_by("pk")
    assert (first.state, first.fault, second.state) == ("held", "unreadable", "clean")


def test_the_status_page_says_that_documents_are_held_and_why(
    case: Case, ada: Client, everyone: Cast, committing_db: str
) -> None:
    well = health.sign(START)
    assert well.well
    assert said(well, at=START).state == (
        "There is no scanner: whatever is attached stays held. Nothing is held."
    )
    attach(case, ada, b"Minutes.")
    scanned(committing_db)
    later = START + timedelta(minutes=11)
    with time_machine.travel(later, tick=False):
        page = sign_in(everyone.sam).get(reverse("status")).content.decode()
    assert "1 document is held, the oldest for 11 minutes. There is no scanner." in page
    assert "Run clamd and set CLAMD to its address." in page


def test_a_worker_that_is_lost_loses_nothing(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    with databases.as_worker(committing_db):
        # It took the document, and was never heard of again.
        assert scanning._claimed(START)
    assert scanned(committing_db) == 0
    assert scanned(committing_db, hours=1) == 1


def test_what_is_removed_while_it_is_looked_at_stays_removed(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    with databases.as_worker(committing_db):
        row = scanning._claimed(START)
        assert row
        held = QuarantinedContent.objects.select_related("case").get()
        assert held.content
    removal = reverse("notifications:document-remove", args=[case.token, 1])
    ben = sign_in(everyone.ben)
    with CaptureQueriesContext(connection) as found:
        assert ben.post(removal, {"reason": "Not needed."}).status_code == 302
    locks = [one["sql"] for one in found.captured_queries if " UPDATE OF " in one["sql"]]
    # The case first, as everybody who acts on one.
    assert [f'FROM "{table}"' in sql for table, sql in zip(
        ("workflow_case", "notifications_attacheddocument"), locks, strict=True
    )] == [True, True]  # fmt: skip
    with databases.as_worker(committing_db):
        scanning._settle(row, held, Verdict.CLEAN, at=START)
        assert scanning._looked_at(row) is None
    assert state() == services.State.REMOVED
    assert not ScannedContent.objects.exists()


def test_the_worker_reads_neither_what_a_document_is_called_nor_what_was_found_clean(
    case: Case, ada: Client, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    scanned(committing_db)
    with databases.as_worker(committing_db):
        for rows, column in (
            (AttachedDocument.objects.all(), "name"),
            (AttachedDocument.objects.all(), "about"),
            (ScannedContent.objects.all(), "content"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(rows.values_list(column))


def test_documents_pass_on_with_their_case(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    scanned(committing_db)
    attach(case, ada, b"Letter.")
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now()}
    asked = {**how, "reason": "It happened there."}
    with sight.of(everyone.ada, on=clock.today()):
        acts.propose_transfer(case, everyone.southfen, by=everyone.ada, **asked)
    with sight.of(everyone.sol, on=clock.today()):
        acts.answer_for_the_secretariat(case, agrees=True, by=everyone.sol, **asked)
    with sight.of(everyone.cara, on=clock.today()):
        acts.accept_transfer(case, aware_on=None, giver_reads_until=None, by=everyone.cara, **how)
    address = reverse("notifications:document", args=[case.token, 1])
    assert sign_in(everyone.cara).get(address).content == b"Minutes."
    assert sign_in(everyone.ada).get(address).status_code == 404
    for model in (AttachedDocument, QuarantinedContent, ScannedContent):
        assert set(model.objects.values_list("authority", flat=True)) == {everyone.southfen.pk}
