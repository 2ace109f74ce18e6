"""Words that people took out of a rapid review are brought back by no system that put them."""

import pytest

from reviews.services.reading import signatures
from tests.notifications.redacted import MARK, NAME, SUMMARY, answered, proposed
from tests.notifications.searching import places_with
from tests.reviews.api.reviewed import PARTNERS, TODAY, all_sign, body, put, send_it
from tests.reviews.api.test_signed_anew import waiting
from tests.reviews.telling import Told
from tests.story import day
from tests.workflow.api.conftest import is_problem
from workflow.machine.signatures import STATUTORY
from workflow.models import Answers, Outbox, Redaction

THEIRS = "Somebody else has written in it"


@pytest.fixture
def taken_out(told: Told, token: str) -> Redaction:
    """Put by a system, signed by all, and then a name is taken out of it by two people."""
    said = body(summary={"text": f"{NAME} was seen at home."})
    assert put(told, token, said).status_code == 200
    all_sign(told)
    found = proposed(told.case, told.cast, place=SUMMARY)
    answered(told.case, found, told.cast)
    return found


def test_they_stand_nowhere_and_each_partner_is_asked_to_read_it_anew(
    told: Told, taken_out: Redaction
) -> None:
    assert places_with(NAME) == set()
    now = Answers.objects.select_related("case").get(section="summary")
    assert now.answers["text"] == [f"{MARK} was seen at home."]
    signed = signatures(told.rapid_review, on=day(TODAY))
    assert len(signed) == len(PARTNERS)
    assert not any(one.of_this_draft for one in signed)
    assert all(one.overtaken for one in signed)
    assert told.rapid_review.state == "partner_signoff"
    assert waiting(told) == set(STATUTORY)
    mail = Outbox.objects.filter(kind="sign_again", cancelled_at=None)
    assert set(mail.values_list("person__name", flat=True)) == {"Lena", "Ira", "Polly"}
    for who in PARTNERS:
        assert waiting(told)
        told.signed(who, "agree", TODAY)
    assert (told.rapid_review.state, waiting(told)) == ("signed", set())
    assert not mail.exists()


def test_once_it_is_sent_nobody_is_asked_by_mail_any_more(told: Told, taken_out: Redaction) -> None:
    mail = Outbox.objects.filter(kind="sign_again", cancelled_at=None)
    assert mail.count() == len(PARTNERS)
    told.sent(TODAY)
    assert not mail.exists()


def test_its_system_neither_puts_them_back_nor_sends_it_any_more(
    told: Told, token: str, taken_out: Redaction
) -> None:
    said = body(summary={"text": f"{NAME} was seen at home."})
    for refused in (put(told, token, said), send_it(told, token)):
        assert THEIRS in is_problem(refused, 409)["errors"][0]["detail"]
    assert places_with(NAME) == set()
