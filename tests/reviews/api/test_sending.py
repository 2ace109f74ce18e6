"""A system puts a rapid review before the partners; people sign; only then it is sent."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from reviews.models import SentReview, SignOff
from reviews.services import signing
from reviews.services.signing import CHANGED
from tests.notifications.answers import fill, hidden, sign_in
from tests.notifications.api.filed import SCOPES as NOTIFYING
from tests.notifications.api.filed import let_in, named, send
from tests.reviews.api.reviewed import (
    PARTNERS,
    TODAY,
    all_sign,
    body,
    here,
    put,
    send_it,
    tag,
)
from tests.reviews.telling import SENTINEL, Told, given, text
from tests.story import a_case, day, moment
from tests.workflow.api.conftest import is_problem, token_of
from workflow.api.clients import LetIn
from workflow.models import Answers, Event, Look, Organisation, RapidReview
from workflow.services import CannotAdvance

LATE_DAY = "2026-12-15"


def state() -> str:
    return str(RapidReview.objects.get().state)


def test_what_is_put_waits_for_the_partners_and_is_read_by_them(told: Told, token: str) -> None:
    answer = put(told, token, body())
    assert answer.status_code == 200, answer.json()
    said = answer.json()
    assert (said["state"], said["version"]) == ("partner_signoff", None)
    assert {one["view"] for one in said["partners"]} == {None}
    assert answer["ETag"] == tag(told, token)
    page = sign_in(told.cast.ira).get(f"/cases/{told.case.address}/rapid-review/sign/")
    assert text("summary") in page.content.decode()


def test_nothing_is_sent_before_each_partner_has_signed(told: Told, token: str) -> None:
    refused = is_problem(send_it(told, token), 409)
    assert refused["errors"][0]["detail"] == "Nothing was put before the partners yet."
    put(told, token, body())
    for signed, who in enumerate(PARTNERS):
        refused = is_problem(send_it(told, token), 409)
        reasons = [one["detail"] for one in refused["errors"]]
        assert len(reasons) == len(PARTNERS) - signed
        assert all(why.endswith(" has given no view yet.") for why in reasons)
        told.signed(who, "agree", TODAY, clock="10:00")
    assert not SentReview.objects.exists()
    answer = send_it(told, token)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["version"]) == ("submitted", 1)
    event = Event.objects.get(act="submit", machine="rapid review")
    assert event.capacity == "la_filing_system"


def test_a_system_signs_for_nobody(told: Told, system: LetIn, token: str) -> None:
    put(told, token, body())
    by, how = system.client.account, {"on": day(TODAY), "at": moment(TODAY)}
    for row in Organisation.objects.filter(kind__in=["authority", "icb", "police"]):
        for act in (signing.sign, signing.record_received):
            with pytest.raises(CannotAdvance):
                act(told.rapid_review, row, given("agree", TODAY), by=by, **how)  # type: ignore[arg-type]


def test_what_changed_after_a_signature_is_signed_again(
    told: Told, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    put(told, token, body())
    all_sign(told)
    today.move_to(moment(TODAY, "11:00"))
    token = token_of(system)
    assert put(told, token, body()).json()["partners"][0]["of_this_draft"] is True
    answer = put(told, token, body(summary={"text": "Other words."}))
    assert {one["of_this_draft"] for one in answer.json()["partners"]} == {False}
    refused = is_problem(send_it(told, token), 409)
    assert "gave its view of an earlier draft" in refused["errors"][0]["detail"]
    for who in PARTNERS:
        told.signed(who, "agree", TODAY, clock="12:00")
    assert send_it(told, token).status_code == 200


def test_nobody_signs_a_draft_that_another_has_replaced_meanwhile(told: Told, token: str) -> None:
    put(told, token, body())
    browser, page = sign_in(told.cast.ira), f"/cases/{told.case.address}/rapid-review/sign/"
    opened = {"version": hidden(browser.get(page).content.decode(), "version")}
    put(told, token, body(summary={"text": "Other words."}))
    typed = {"view": "agree", "position": "Chief nurse", "comment": ""}
    for seen in (opened, {}):
        refused = browser.post(page, {**typed, **seen}).content.decode()
        assert CHANGED in refused
        assert "Other words." in refused
    assert not SignOff.objects.exists()
    shown = {"version": hidden(refused, "version")}
    assert browser.post(page, {**typed, **shown}).status_code == 302
    assert SignOff.objects.get().organisation.kind == "icb"


def test_every_page_that_is_missing_or_wrong_is_named_at_once(told: Told, token: str) -> None:
    said = body(criteria={"criteria_met": "yes"}, commissioned={"decided_on": TODAY}, evil={})
    del said["pages"]["voice"], said["participants"][0]["participant"]["name"]
    said["agencies"] = []
    answer = put(told, token, said)
    is_problem(answer, 422)
    assert set(named(answer)) == {
        "pages.criteria.criteria_met", "pages.commissioned", "pages.evil", "pages.voice.text",
        "participants[0].participant.name", "agencies",
    }  # fmt: skip
    assert not Answers.objects.filter(document="rapid-review-1").exists()
    assert state() == "opened"
    assert SENTINEL not in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({**body(), "pages": []}, "pages"),
        ({**body(), "participants": {}}, "participants"),
        ({**body(), "sign_offs": []}, "sign_offs"),
    ],
)
def test_what_is_of_another_kind_or_not_known_is_refused(
    told: Told, token: str, said: Any, name: str
) -> None:
    answer = put(told, token, said)
    is_problem(answer, 422)
    assert named(answer) == [name]


def test_what_a_person_typed_is_neither_written_over_nor_sent(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    page, words = f"/cases/{told.case.address}/rapid-review/voice/", "Bea's own words."
    typed = {"text": words, "finished": "yes"}
    assert fill(sign_in(told.cast.bea), page, typed).status_code == 302
    for answer in (put(told, token, body()), send_it(told, token)):
        refused = is_problem(answer, 409)
        assert "Somebody else has written" in refused["errors"][0]["detail"]
    row = Answers.objects.get(document="rapid-review-1", section="voice")
    assert row.answers["text"] == [words]
    assert not SentReview.objects.exists()


def test_a_dissent_is_asked_about_and_goes_with_it(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told, "dissent")
    answer = send_it(told, token)
    is_problem(answer, 422)
    assert set(named(answer)) == {"confirmed"}
    assert send_it(told, token, {"confirmed": "yes"}).status_code == 422
    assert send_it(told, token, {"confirmed": True}).status_code == 200
    assert {mark["view"] for mark in SentReview.objects.get().signed} == {"dissent"}


def test_what_another_system_put_is_not_written_over_or_sent(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    other = token_of(let_in(told.cast, "northmoor", "cases.read", "rapid_reviews.write"))
    for answer in (put(told, other, body()), send_it(told, other)):
        refused = is_problem(answer, 409)
        assert "Somebody else has written in it" in refused["errors"][0]["detail"]


def test_why_it_is_late_is_not_asked_in_time(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    answer = send_it(told, token, {"late": {"late_reason": "other"}})
    is_problem(answer, 422)
    assert named(answer) == ["late"]


def test_a_late_one_is_sent_with_its_reason(
    told: Told, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    put(told, token, body())
    all_sign(told)
    today.move_to(moment(LATE_DAY))
    token = token_of(system)
    for said, name in (({}, "late.late_reason"), ({"late_reason": "other"}, "late.late_text")):
        answer = send_it(told, token, {"late": said} if said else {})
        is_problem(answer, 422)
        assert named(answer) == [name]
    late = {"late": {"late_reason": "agency_information"}}
    assert send_it(told, token, late).status_code == 200
    assert SentReview.objects.get().late_reason == "agency_information"


def test_what_the_panel_returned_is_put_and_sent_again(
    told: Told, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    put(told, token, body())
    all_sign(told)
    send_it(told, token)
    is_problem(put(told, token, body()), 409)
    is_problem(send_it(told, token), 409)
    facts = {"reply_on": day("2026-12-08")}
    told.act(
        told.rapid_review, "return_for_information", "priya", TODAY, reason="More.", facts=facts
    )
    today.move_to(moment(TODAY, "11:00"))
    token = token_of(system)
    assert put(told, token, body(summary={"text": "More is known."})).status_code == 200
    assert state() == "returned_for_more_information"
    is_problem(send_it(told, token), 409)
    for who in PARTNERS:
        told.signed(who, "agree", TODAY, clock="12:00")
    answer = send_it(told, token)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_a_date_that_passed_since_is_put_right_before_it_is_sent(
    told: Told, system: LetIn, token: str, today: time_machine.Traveller
) -> None:
    said = body(
        lcspr={"decision": "undecided"},
        undecided={"decide_by": "2026-12-02", "gaps": text("the gaps")},
    )
    del said["pages"]["declined"]
    assert put(told, token, said).status_code == 200
    all_sign(told)
    today.move_to(moment("2026-12-03"))
    refused = is_problem(send_it(told, token_of(system)), 409)
    (why,) = [one["detail"] for one in refused["errors"]]
    assert why.startswith("On the page undecided: ")
    assert why.endswith(" Put it again.")


def test_with_one_key_it_is_sent_once(told: Told, token: str) -> None:
    put(told, token, body())
    all_sign(told)
    seen = tag(told, token)
    first = send_it(told, token, seen=seen, key="key of sending")
    second = send_it(told, token, seen=seen, key="key of sending")
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert SentReview.objects.count() == 1
    refused = send_it(told, token, {"confirmed": True}, seen=seen, key="key of sending")
    is_problem(refused, 422)


def test_what_was_not_seen_as_it_stands_is_not_changed(told: Told, token: str) -> None:
    seen = tag(told, token)
    is_problem(send(token, f"{here(told)}/rapid-review", body()), 428)
    assert put(told, token, body(), seen=seen).status_code == 200
    is_problem(put(told, token, body(), seen=seen), 412)
    is_problem(send_it(told, token, seen=seen), 412)


def test_without_the_scope_or_for_another_authority_it_is_refused(told: Told, token: str) -> None:
    notifying = token_of(let_in(told.cast, "northmoor", *NOTIFYING))
    is_problem(put(told, notifying, body()), 403)
    is_problem(send_it(told, notifying), 403)
    elsewhere = token_of(let_in(told.cast, "southfen", "cases.read", "rapid_reviews.write"))
    seen = tag(told, token)
    is_problem(put(told, elsewhere, body(), seen=seen), 404)
    is_problem(send_it(told, elsewhere, seen=seen), 404)
    assert not Answers.objects.filter(document="rapid-review-1").exists()


def test_where_there_is_no_rapid_review_there_is_nothing(told: Told, token: str) -> None:
    other = Told(told.cast, a_case(told.cast, aware="2026-11-30").case)
    is_problem(put(other, token, body()), 404)
    is_problem(send_it(other, token), 404)


def test_that_it_was_looked_at_is_written_down(told: Told, system: LetIn, token: str) -> None:
    put(told, token, body())
    look = Look.objects.filter(person=system.client.account, page="api:rapid-review").latest("pk")
    assert (look.case_id, look.way) == (told.case.pk, Look.Way.API)


def test_nobody_reaches_it_without_a_token(told: Told) -> None:
    is_problem(Client().post(f"{here(told)}/rapid-review"), 401)
