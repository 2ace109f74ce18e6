"""Of which words a partner's view is: nothing is sent that each has not seen as it is."""

from typing import Any

from reviews.models import SentReview
from reviews.services import signing
from tests.reviews.api.reviewed import PARTNERS, TODAY, all_sign, body, put, send_it
from tests.reviews.telling import Told, given
from tests.story import day, moment
from tests.workflow.api.conftest import is_problem
from workflow.models import Organisation

LATE_DAY = "2026-12-15"
REASON = {"late_reason": "agency_information"}
REWRITTEN = "rewrite_rapid_review"


def came_back(told: Told, token: str) -> None:
    """It was put, signed and sent, and the Panel returned it."""
    put(told, token, body())
    all_sign(told)
    assert send_it(told, token).status_code == 200
    facts = {"reply_on": day("2026-12-08")}
    told.act(
        told.rapid_review, "return_for_information", "priya", TODAY, reason="More.", facts=facts
    )


def why_not(answer: Any) -> list[str]:
    return [one["detail"] for one in is_problem(answer, 409)["errors"]]


def test_what_came_back_is_signed_again_before_it_is_sent(told: Told, token: str) -> None:
    came_back(told, token)
    for again in (None, body()):
        if again:
            assert put(told, token, again).status_code == 200
        reasons = why_not(send_it(told, token))
        assert len(reasons) == len(PARTNERS)
        assert all("gave its view of an earlier draft" in why for why in reasons)
    all_sign(told)
    assert send_it(told, token).json()["version"] == 2


def test_what_the_partners_decided_since_is_not_turned_back(told: Told, token: str) -> None:
    came_back(told, token)
    all_sign(told)
    told.decided(TODAY, "yes")
    assert len(why_not(send_it(told, token))) == len(PARTNERS)
    assert told.practice_review.state == "decision_yes"
    assert SentReview.objects.count() == 1


def by_letter(told: Told, signed_on: str) -> None:
    """The police's view came by letter, and Bea writes it down today."""
    signing.record_received(
        told.rapid_review,
        Organisation.objects.get(kind="police"),
        given("agree", signed_on),
        by=told.cast.bea,
        on=day(TODAY),
        at=moment(TODAY),
    )


def test_a_letter_of_before_the_words_is_of_an_earlier_draft(told: Told, token: str) -> None:
    put(told, token, body())
    for who in ("lena", "ira"):
        told.signed(who, "agree", TODAY, clock="10:00")
    by_letter(told, "2026-11-30")
    (why,) = why_not(send_it(told, token))
    assert why == "Northmoor Police gave its view of an earlier draft."
    by_letter(told, TODAY)
    assert send_it(told, token).status_code == 200
