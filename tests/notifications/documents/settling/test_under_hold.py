"""Under a legal hold nothing that was attached is destroyed, whoever asks, and however."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from notifications.attached import services
from notifications.attached.scanning import destroy_refused
from notifications.models import QuarantinedContent, ScannedContent
from tests import databases, sight
from tests.notifications.answers import errors, sign_in
from tests.notifications.documents import clamd
from tests.notifications.documents.conftest import attach
from tests.notifications.documents.turns import listed, scanned, state
from tests.story import Cast
from workflow import clock
from workflow.models import Case, LegalHold
from workflow.retention import holding
from workflow.sealed import keys

FORGOTTEN = "0f0f0f0f-0000-4000-8000-000000000001"
WHY = "A claim against the authority is expected."


def held(case: Case, everyone: Cast) -> LegalHold:
    with sight.of(everyone.ben, on=clock.today()):
        how: dict[str, Any] = {"by": everyone.ben, "on": clock.today(), "at": clock.now()}
        return holding.hold(case, reason=WHY, **how)


def lifted(case: Case, everyone: Cast, hold: LegalHold) -> None:
    with sight.of(everyone.ben, on=clock.today()):
        how: dict[str, Any] = {"by": everyone.ben, "on": clock.today(), "at": clock.now()}
        holding.lift(case, hold.pk, reason="It is settled.", **how)


def test_nothing_is_removed_until_the_hold_is_lifted(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    scanned(committing_db)
    attach(case, ada, b"Letter.")
    hold, ben = held(case, everyone), sign_in(everyone.ben)
    pages = [reverse("notifications:document-remove", args=[case.token, at]) for at in (1, 2)]
    for page in pages:
        assert errors(ben.post(page, {"reason": "Not needed."})) == [services.UNDER_HOLD]
    # Nor does the database itself destroy one, for whoever serves pages.
    for model in (QuarantinedContent, ScannedContent):
        assert model.objects.filter(case=case).values_list("document_id").count() == 1
        with pytest.raises(IntegrityError, match="under a legal hold"), transaction.atomic():
            model.objects.filter(case=case).delete()
    lifted(case, everyone, hold)
    for page in pages:
        assert ben.post(page, {"reason": "Not needed."}).status_code == 302
    for model in (QuarantinedContent, ScannedContent):
        assert not model.objects.filter(case=case).values_list("document_id").exists()


def test_what_is_found_clean_leaves_its_quarantine_all_the_same(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes.")
    held(case, everyone)
    assert scanned(committing_db) == 1
    found = state(), QuarantinedContent.objects.count(), ScannedContent.objects.count()
    assert found == ("clean", 0, 1)


def test_what_is_harmful_stays_in_quarantine_until_the_hold_is_lifted(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes. " + clamd.MARK)
    hold = held(case, everyone)
    assert scanned(committing_db) == 1
    assert (state(), QuarantinedContent.objects.count()) == ("refused", 1)
    assert "is kept, where nobody can open it, while the legal hold stands" in listed(case, ada)
    address = reverse("notifications:document", args=[case.token, 1])
    assert ada.get(address).status_code == 404
    with databases.as_worker(committing_db):
        assert destroy_refused() == 0
    lifted(case, everyone, hold)
    with databases.as_worker(committing_db):
        assert destroy_refused() == 1
    assert "Nobody could open it, and its content was destroyed" in listed(case, ada)


def test_of_a_hold_that_an_older_database_forgot_its_mark_beside_the_key_is_enough(
    case: Case, ada: Client, everyone: Cast, scanner: clamd.Clamd, committing_db: str
) -> None:
    attach(case, ada, b"Minutes. " + clamd.MARK)
    attach(case, ada, b"Letter.")
    keys.store().hold(case.key_id, FORGOTTEN)
    page = reverse("notifications:document-remove", args=[case.token, 2])
    assert errors(sign_in(everyone.ben).post(page, {"reason": "No."})) == [services.UNDER_HOLD]
    assert scanned(committing_db) == 2
    assert QuarantinedContent.objects.count() == 1, "what is harmful is kept"
    with databases.as_worker(committing_db):
        assert destroy_refused() == 0
        keys.store().let_go(case.key_id, FORGOTTEN)
        assert destroy_refused() == 1
