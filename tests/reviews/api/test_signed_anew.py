"""Of which words a partner's view is: nothing is sent that each has not seen as it is."""

from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from reviews.filing import AT_SENDING
from reviews.models import SentReview
from reviews.services import signing
from tests import sight
from tests.notifications.answers import sign_in
from tests.notifications.api.filed import let_in, named
from tests.reviews.api.reviewed import PARTNERS, SCOPES, TODAY, all_sign, body, put, send_it, tag
from tests.reviews.telling import Told, given
from tests.story import BEGAN, day, moment, organisation
from tests.workflow.api.conftest import is_problem, token_of
from workflow import services
from workflow.api.clients import LetIn
from workflow.machine.signatures import STATUTORY, waits_to_be_signed_by, yet_to_sign
from workflow.models import Case, Event, Grant, Look, Organisation, Outbox, PartnershipMember
from workflow.webhooks import managing as webhooks

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


def test_a_partner_that_is_not_on_record_has_not_signed(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    police = PartnershipMember.objects.filter(organisation__kind="police")
    police.update(until=day("2026-11-30"))
    (why,) = why_not(send_it(told, token))
    assert "No Police is on record" in why
    assert not SentReview.objects.exists()


def test_the_other_authority_of_a_partnership_signs_and_its_system_has_no_part(
    told: Told, token: str
) -> None:
    eastmere = organisation("authority", "Eastmere", dfe_code="9903")
    place = told.cast.partnership
    PartnershipMember.objects.create(partnership=place, organisation=eastmere, since=BEGAN)
    Grant.objects.create(
        case=told.case, organisation=eastmere, capacity="partner", since=day("2026-11-23")
    )
    there: Any = SimpleNamespace(sam=told.cast.sam, eastmere=eastmere)
    theirs = token_of(let_in(there, "eastmere", *SCOPES))
    seen = tag(told, token)
    is_problem(put(told, theirs, body(), seen=seen), 404)
    is_problem(send_it(told, theirs, seen=seen), 404)
    put(told, token, body())
    all_sign(told)
    assert why_not(send_it(told, token)) == ["Eastmere has given no view yet."]


def test_what_a_person_restricts_is_neither_put_nor_sent(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    seen, ben = tag(told, token), told.cast.ben
    people = [told.cast.people[name].pk for name in ("ada", "ben", "petra")]
    with sight.of(ben, on=day(TODAY)):
        how: Any = {"by": ben, "on": day(TODAY), "at": moment(TODAY), "reason": "Staff."}
        services.restrict(told.again(), people, **how)
    is_problem(put(told, token, body(), seen=seen), 404)
    is_problem(send_it(told, token, seen=seen), 404)
    assert not SentReview.objects.exists()


def test_the_trail_and_the_screens_tell_of_words_that_replaced_signed_ones(
    told: Told, token: str
) -> None:
    put(told, token, body())
    put(told, token, body(summary={"text": "Nobody signed before."}))
    all_sign(told)
    put(told, token, body(summary={"text": "Nobody signed before."}))
    assert not Event.objects.filter(act=REWRITTEN).exists()
    put(told, token, body(summary={"text": "Other words."}))
    assert Event.objects.get(act=REWRITTEN).capacity == "la_filing_system"
    page = sign_in(told.cast.bea).get(f"/cases/{told.case.address}/rapid-review/")
    assert page.content.decode().count("Given of an earlier draft.") == len(PARTNERS)
    sent = told.sent(TODAY)
    assert {mark["earlier_draft"] for mark in sent.signed} == {True}


def waiting(told: Told) -> set[str]:
    """Whose signature the case waits for, as the lists of work say."""
    return {
        row.kind
        for row in Organisation.objects.filter(kind__in=STATUTORY)
        if Case.objects.filter(waits_to_be_signed_by([row.pk]), pk=told.case.pk).exists()
    }


def test_who_signed_what_was_replaced_is_asked_again(told: Told, token: str) -> None:
    put(told, token, body())
    told.signed("ira", "agree", TODAY)
    assert waiting(told) == {"authority", "police"}
    put(told, token, body(summary={"text": "Other words."}))
    assert waiting(told) == set(STATUTORY)
    all_sign(told)
    assert (told.rapid_review.state, waiting(told)) == ("signed", set())
    answer = put(told, token, body(summary={"text": "Still other words."}))
    assert answer.json()["state"] == "partner_signoff"
    assert waiting(told) == set(STATUTORY)
    told.signed("polly", "agree", TODAY)
    assert waiting(told) == {"authority", "icb"}
    assert {row.kind for row in yet_to_sign(told.rapid_review, on=day(TODAY))} == waiting(told)
    all_sign(told)
    assert told.rapid_review.state == "signed"
    assert send_it(told, token).status_code == 200


def test_who_signed_before_anything_was_put_is_asked_again(told: Told, token: str) -> None:
    all_sign(told)
    assert put(told, token, body()).json()["state"] == "partner_signoff"
    assert waiting(told) == set(STATUTORY)


def test_an_authoritys_webhook_is_told_what_a_system_did(told: Told, token: str) -> None:
    how: Any = {"by": told.cast.adam, "on": day(TODAY), "at": moment(TODAY)}
    hook = webhooks.register("https://hooks.example/", told.cast.northmoor, **how).webhook
    before = told.again().last_sequence
    put(told, token, body())
    all_sign(told)
    put(told, token, body(summary={"text": "Other words."}))
    all_sign(told)
    assert send_it(told, token).status_code == 200
    kinds = list(Outbox.objects.filter(webhook=hook).order_by("pk").values_list("kind", flat=True))
    acts = Event.objects.filter(case=told.case, sequence__gt=before).order_by("sequence")
    assert kinds == list(acts.values_list("act", flat=True))
    signed = ["sign_off"] * len(PARTNERS)
    looked_for = {"seek_signatures", "sign_off", REWRITTEN, "submit"}
    found = [one for one in kinds if one in looked_for]
    assert found == ["seek_signatures", *signed, REWRITTEN, *signed, "submit"]


def test_all_that_is_wrong_at_sending_is_told_at_once(
    told: Told, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    put(told, token, body())
    all_sign(told, "dissent")
    today.move_to(moment(LATE_DAY))
    token = token_of(system)
    for said in ({"evil": 1}, {"evil": 1, "confirmed": "yes", "late": {}}):
        answer = send_it(told, token, said)
        is_problem(answer, 422)
        assert sorted(named(answer)) == ["confirmed", "evil", "late.late_reason"]
    # With nothing else wrong, it is not sent either.
    is_problem(send_it(told, token, {"evil": 1, "confirmed": True, "late": REASON}), 422)
    assert not SentReview.objects.exists()


def test_why_it_is_late_is_no_page_that_is_put_or_signed(
    told: Told, system: LetIn, today: time_machine.Traveller
) -> None:
    today.move_to(moment(LATE_DAY))
    token = token_of(system)
    answer = put(told, token, body(late=REASON))
    is_problem(answer, 422)
    assert named(answer) == ["pages.late"]
    assert answer.json()["errors"][0]["detail"] == AT_SENDING
    assert put(told, token, body()).status_code == 200
    all_sign(told, on=LATE_DAY)
    assert send_it(told, token, {"late": REASON}).status_code == 200
    assert {mark["earlier_draft"] for mark in SentReview.objects.get().signed} == {False}


@pytest.mark.parametrize("status", [409, 422])
def test_a_refusal_that_tells_of_the_case_is_in_the_log_of_looks(
    told: Told, system: LetIn, token: str, status: int
) -> None:
    seen = tag(told, token)
    before = Look.objects.count()
    ask: Any = send_it if status == 409 else put
    is_problem(ask(told, token, {}, seen=seen), status)
    look = Look.objects.order_by("pk").last()
    assert Look.objects.count() == before + 1
    assert look is not None
    assert (look.case_id, look.person_id) == (told.case.pk, system.client.account.pk)
    assert (look.way, look.act) == (Look.Way.API, "file.rapid_review")
