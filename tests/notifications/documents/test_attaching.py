"""Attaching a document by the page: taken or refused in words, held, sealed, never named aloud."""

import re
import tracemalloc

import pytest
from django.conf import global_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.attached import health, services
from notifications.attached.checking import Cleaned
from notifications.attached.limits import KINDS, MOST_BYTES
from notifications.models import AttachedDocument, QuarantinedContent, ScannedContent
from tests.notifications.answers import errors, sign_in
from tests.notifications.documents import files, sending
from tests.notifications.documents.conftest import attach
from tests.story import Cast, day, moment
from tests.workflow.retention.telling import closed, ended
from workflow.models import Case, Event, Look
from workflow.sealed.slot import as_stored

NAME = "Minutes about Wren Fallowfield.pdf"


def pages(case: Case, browser: Client) -> str:
    return browser.get(reverse("notifications:documents", args=[case.token])).content.decode()


def test_what_is_attached_is_held_sealed_and_listed_in_words(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    answer = attach(notified, ada)
    assert answer["Location"] == reverse("notifications:documents", args=[notified.token])
    row = AttachedDocument.objects.get()
    assert (row.number, row.kind, row.state, row.by) == (1, "pdf", "held", everyone.ada)
    assert (row.name, row.about) == (NAME, "Minutes of the strategy meeting")
    assert QuarantinedContent.objects.count() == 1
    assert not ScannedContent.objects.exists()
    for listed in (pages(notified, ada), pages(notified, sign_in(everyone.priya))):
        assert "Held until it is scanned" in listed
        assert "This place has no scanner" in listed
        assert NAME in listed
    event = Event.objects.get(act="document_attached")
    assert event.payload == {"document": 1, "digest": row.digest}
    timeline = ada.get(reverse("timeline", args=[notified.token])).content.decode()
    assert "Document attached" in timeline
    assert "Fallowfield" not in timeline


def test_no_column_holds_its_name_or_content_in_clear(notified: Case, ada: Client) -> None:
    attach(notified, ada, b"Wren was named.", name="Wren.txt")
    with as_stored():
        row = AttachedDocument.objects.get()
        for sealed in (row.name, row.about):
            assert b"Wren" not in bytes(sealed)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        for table in ("notifications_attacheddocument", "workflow_event", "workflow_outbox"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert "Wren" not in (cursor.fetchone()[0] or "")


def test_whatever_serves_pages_can_neither_read_what_is_held_nor_call_it_clean(
    notified: Case, ada: Client
) -> None:
    attach(notified, ada)
    held = {"document_id": AttachedDocument.objects.get().pk, "case": notified}
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        QuarantinedContent.objects.values_list("content").first()
    scanned = ScannedContent(**held, authority_id=notified.authority_id, content=b"unscanned")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        scanned.save(force_insert=True)


def test_a_document_goes_one_way_alone(notified: Case, ada: Client) -> None:
    attach(notified, ada)
    rows = AttachedDocument.objects.all()
    rows.update(state="refused")
    for state in ("held", "clean", "removed"):
        with pytest.raises(IntegrityError, match="one way alone"), transaction.atomic():
            rows.update(state=state)


def test_a_file_is_told_by_its_content_whatever_it_is_called(notified: Case, ada: Client) -> None:
    assert attach(notified, ada, files.jpeg(), name="minutes.exe").status_code == 302
    assert AttachedDocument.objects.get().kind == "jpeg"
    answer = attach(notified, ada, b"<svg><script>x</script></svg>", name="minutes.pdf")
    (said,) = errors(answer)
    assert said.startswith("The file must be a PDF, Word (.docx), PNG, JPEG or plain text file")
    assert AttachedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The selected file is empty. Choose another"),
        (bytes(MOST_BYTES + 1), "The selected file must be 10 MB or smaller. Choose another"),
    ],
    ids=["empty", "too large"],
)
def test_nothing_typed_is_lost_when_a_file_is_refused(
    notified: Case, ada: Client, content: bytes, said: str
) -> None:
    answer = attach(notified, ada, content, about="Letter of the school")
    assert errors(answer) == [said]
    assert 'value="Letter of the school"' in answer.content.decode()
    assert not AttachedDocument.objects.exists()


def test_without_a_file_or_words_each_is_asked_for(notified: Case, ada: Client) -> None:
    answer = ada.post(reverse("notifications:document-attach", args=[notified.token]), {})
    assert errors(answer) == ["Enter what this document is", "Choose a file"]
    assert re.search(r'<input class="govuk-file-upload[^>]* type="file"', answer.content.decode())
    assert 'enctype="multipart/form-data"' in answer.content.decode()


# The rest of them in `make prove-documents`.
@pytest.mark.parametrize("name", sending.NAMES[:9])
def test_a_name_leads_nowhere_and_is_never_given_back_as_a_name(
    notified: Case, ada: Client, name: str
) -> None:
    answer = sending.sent(ada, notified, b"Minutes.", name=name)
    assert answer.status_code in {200, 302}
    if answer.status_code == 200:
        assert errors(answer)
        return
    kept = AttachedDocument.objects.get().name
    assert len(kept) <= 255
    assert not set(kept) & set("/\\\0\u202e\r\n")
    assert "<script>alert" not in pages(notified, ada)


def test_a_file_never_touches_the_disk_of_this_machine(
    notified: Case, ada: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*args: object, **kwargs: object) -> None:
        raise AssertionError("A temporary file was made.")

    # By the names that Django itself calls.
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refuses)
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", refuses)
    assert attach(notified, ada, b"a" * 5_000_000, name="a.txt").status_code == 302
    # With the usual way of taking a file it would be found.
    settings.FILE_UPLOAD_HANDLERS = list(global_settings.FILE_UPLOAD_HANDLERS)
    with pytest.raises(AssertionError, match="temporary file"):
        attach(notified, ada, b"a" * 5_000_000, name="a.txt")


def test_of_what_is_larger_than_memory_no_more_is_kept_than_one_document_may_be(
    notified: Case, ada: Client
) -> None:
    tracemalloc.start()
    try:
        answer = sending.sent(ada, notified, b"a", noughts=20 * MOST_BYTES)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert errors(answer) == ["The selected file must be 10 MB or smaller. Choose another"]
    assert most < 4 * MOST_BYTES


def test_two_files_in_one_request_are_never_more_than_one_may_be(
    notified: Case, ada: Client
) -> None:
    half = b"a" * (MOST_BYTES * 2 // 3)
    said = {
        "about": "Two files",
        "other": SimpleUploadedFile("a.txt", half),
        "file": SimpleUploadedFile("b.txt", half),
    }
    answer = ada.post(reverse("notifications:document-attach", args=[notified.token]), said)
    assert answer.status_code == 200
    assert errors(answer)


@pytest.mark.parametrize(
    ("name", "reads", "attaches", "removes"),
    [
        ("ada", 200, 200, 404), ("ben", 200, 200, 200), ("bea", 200, 200, 200),
        ("cara", 404, 404, 404), ("sol", 200, 404, 404), ("priya", 200, 404, 404),
        ("adam", 404, 404, 404), ("sam", 404, 404, 404), ("otto", 302, 302, 302),
    ],
)  # fmt: skip
def test_who_may(
    notified: Case, ada: Client, everyone: Cast, name: str, reads: int, attaches: int, removes: int
) -> None:
    attach(notified, ada)
    browser = sign_in(everyone.people[name])
    for page, more, status in (
        ("documents", [], reads),
        ("document-attach", [], attaches),
        ("document-remove", [1], removes),
    ):  # fmt: skip
        answer = browser.get(reverse(f"notifications:{page}", args=[notified.token, *more]))
        assert answer.status_code == status, page


def test_what_is_held_is_given_to_nobody(notified: Case, ada: Client, everyone: Cast) -> None:
    attach(notified, ada)
    address = reverse("notifications:document", args=[notified.token, 1])
    for person in (everyone.ada, everyone.ben, everyone.priya, everyone.cara):
        assert sign_in(person).get(address).status_code == 404
    assert not Look.objects.filter(page="notifications:document").exists()


def test_removing_asks_why_and_destroys_the_content(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    attach(notified, ada)
    ben = sign_in(everyone.ben)
    page = reverse("notifications:document-remove", args=[notified.token, 1])
    assert errors(ben.post(page, {"reason": " "})) == ["Enter why the document is removed"]
    assert QuarantinedContent.objects.exists()
    assert ben.post(page, {"reason": "Of another case."}).status_code == 302
    assert not QuarantinedContent.objects.exists()
    row = AttachedDocument.objects.get()
    assert (row.state, row.removed_by) == ("removed", everyone.ben)
    event = Event.objects.select_related("case").get(act="document_removed")
    assert event.reason == "Of another case."
    listed = pages(notified, ada)
    assert "Removed" in listed
    assert NAME not in listed
    assert ben.get(page).status_code == 404
    # Its number is never given again.
    attach(notified, ada)
    assert AttachedDocument.objects.get(state="held").number == 2


def test_a_document_ends_with_the_record_of_its_case(db: None) -> None:
    story, file = closed(), Cleaned(KINDS["text"], b"Minutes.")
    on = day("2026-11-02")
    services.attach(
        story.case, file, name="a.txt", about="Minutes", size=8, by=story.cast.ada, on=on,
        at=moment(on),
    )  # fmt: skip
    later = moment("2062-01-01")
    assert not health.sign(later).well
    story.case.refresh_from_db()
    ended(story)
    assert not QuarantinedContent.objects.exists()
    # Nothing of it waits any more.
    assert health.sign(later).well
