"""How many documents there may be: each once, so many of a case, so much of an authority."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.attached import digests, services
from notifications.models import AttachedDocument, QuarantinedContent
from tests.notifications.answers import errors, sign_in
from tests.notifications.documents.conftest import attach
from tests.story import Cast, a_case
from workflow.models import Case, Event
from workflow.sealed.slot import as_stored


def test_a_case_holds_twenty_documents_at_most(
    notified: Case, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_A_CASE", 2)
    for content in (b"Minutes.", b"Letter."):
        assert attach(notified, ada, content).status_code == 302
    assert errors(attach(notified, ada, b"Report.")) == [services.TOO_MANY]
    assert AttachedDocument.objects.count() == 2
    # The last of them sent twice is no third.
    assert attach(notified, ada, b"Letter.").status_code == 302


def test_an_authority_has_so_much_room_for_all_its_cases(
    notified: Case, ada: Client, everyone: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BYTES_OF_A_GB", 20)
    settings.DOCUMENTS_GB = 1
    other = a_case(everyone, aware="2026-11-18").notified("2026-11-19").case
    assert attach(other, ada, b"Minutes of it.").status_code == 302
    (said,) = errors(attach(notified, ada, b"Letter."))
    assert said.startswith(f"The documents of {notified.authority.name} take up 1 GB, which is")
    # What is removed leaves its room.
    removal = reverse("notifications:document-remove", args=[other.token, 1])
    assert sign_in(everyone.ben).post(removal, {"reason": "Not needed."}).status_code == 302
    assert attach(notified, ada, b"Letter.").status_code == 302


def test_a_form_that_is_sent_twice_attaches_its_file_once(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    for _ in range(2):
        assert attach(notified, ada).status_code == 302
    assert AttachedDocument.objects.count() == QuarantinedContent.objects.count() == 1
    assert Event.objects.filter(act="document_attached").count() == 1
    # Whoever says something else of it is told that it is there.
    said = services.THERE_ALREADY.format(number=1)
    assert errors(attach(notified, ada, about="The letter of the school")) == [said]
    assert errors(attach(notified, everyone.ben)) == [said]
    assert AttachedDocument.objects.count() == 1


def test_the_trail_knows_a_content_by_a_digest_that_says_nothing_without_its_salt(
    notified: Case, ada: Client, everyone: Cast
) -> None:
    other = a_case(everyone, aware="2026-11-18").notified("2026-11-19").case
    for case in (notified, other):
        attach(case, ada, b"Minutes.")
    first, second = AttachedDocument.objects.select_related("case").order_by("pk")
    # Known to whoever holds the file and may open the salt; the same file is told nowhere else.
    assert first.digest == digests.digest(first.salt, b"Minutes.")
    assert first.digest not in {second.digest, hashlib.sha256(b"Minutes.").hexdigest()}
    salt = first.salt
    with as_stored():
        assert salt not in bytes(AttachedDocument.objects.get(pk=first.pk).salt)
