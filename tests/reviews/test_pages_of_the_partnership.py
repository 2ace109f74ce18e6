"""The partnership's pages: task list, check, interruption, sending, signing, confirming."""

import re
from typing import Any

import pytest
from django.test import Client

from reviews.models import PartnersDecision, SentReview, SignOff
from reviews.services.signing import CHANGED
from tests.notifications.answers import hidden
from tests.reviews.telling import SENTINEL, Told, a_rapid_review, text, typed_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return a_rapid_review()


def at(told: Told, tail: str = "") -> str:
    return f"/cases/{told.case.address}/rapid-review/{tail}"


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_task_list_shows_the_date_due_and_every_heading(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-01"):
        words = page(as_(told.cast, "bea"), at(told))
    assert "Monday 14 December 2026" in words
    assert "Due in 9 working days" in words
    assert "Analyse equality and racism" in words
    assert "Give the reason for lateness" not in words
    assert "No view yet" in words


def test_the_reason_for_lateness_is_asked_once_it_is_late(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-15"):
        words = page(as_(told.cast, "bea"), at(told))
    assert "Give the reason for lateness" in words
    assert "Overdue by 1 working day" in words


def test_a_missing_reason_for_lateness_is_one_error_with_its_link(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-15")
    with on_a_day("2026-12-15"):
        answer = as_(told.cast, "bea").post(at(told, "check/"))
    words = answer.content.decode()
    summary = words.split("There is a problem")[1].split("</ul>")[0]
    assert summary.count("<li>") == summary.count("<a ") == 1
    assert at(told, "late/") in summary


@pytest.mark.parametrize("who", ["cara", "otto", "sam", "olu", "sol"])
@pytest.mark.parametrize("tail", ["", "check/", "summary/", "received/", "steps/hold-meeting/"])
def test_whoever_may_not_write_it_finds_nothing_there(
    told: Told, as_: Any, on_a_day: Any, who: str, tail: str
) -> None:
    with on_a_day("2026-12-01"):
        answer = as_(told.cast, who).get(at(told, tail))
    assert answer.status_code in ({302} if who == "otto" else {404})


def test_each_page_is_saved_as_typed_and_leads_on(told: Told, as_: Any, on_a_day: Any) -> None:
    with on_a_day("2026-12-01"):
        browser = as_(told.cast, "bea")
        assert "name practitioners" in page(browser, at(told, "practice/"))
        typed = {"text": text("practice"), "finished": "yes", "version": "0"}
        answer = browser.post(at(told, "practice/"), typed)
        assert answer.status_code == 302
        assert SENTINEL in page(browser, at(told, "practice/"))
        assert "You have completed 1 of" in page(browser, at(told))


def test_the_regulation_11_checklist_is_kept_with_its_texts(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    typed = {
        "improvements": "yes",
        "improvements-why": text("improvements"),
        "themes": "no",
        "agencies": "not-known",
        "panel_advised": "no",
        "version": "0",
    }
    with on_a_day("2026-12-01"):
        browser = as_(told.cast, "bea")
        assert browser.post(at(told, "local-criteria/"), typed).status_code == 302
        words = page(browser, at(told, "check/"))
    assert text("improvements") in words
    assert "improvements needed" in words


def test_the_check_page_names_every_gap_with_a_link(told: Told, as_: Any, on_a_day: Any) -> None:
    with on_a_day("2026-12-01"):
        browser = as_(told.cast, "bea")
        words = page(browser, at(told, "check/"))
        assert "Still to do before sending" in words
        assert "Timeline: select yes if you have completed this section" in words
        gaps = re.findall(r'href="[^"]*checked=1">([^<]+)', words)
        assert len(gaps) == len(set(gaps)) > 20, gaps
        answer = browser.post(at(told, "check/"))
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not SentReview.objects.exists()


def test_it_is_sent_and_confirmed_on_day_fifteen_of_fifteen(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-14", "23:58"):
        told.filled("2026-12-14")
        browser = as_(told.cast, "bea")
        answer = browser.post(at(told, "check/"))
        assert answer["Location"] == at(told, "sent/")
        words = page(browser, at(told, "sent/"))
    assert "Met, day 15 of 15" in words
    assert str(told.again().reference) in words
    assert "Northmoor Police" in words


def test_not_meeting_the_criteria_is_asked_about_before_sending(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-01"):
        told.filled("2026-12-01", met=False)
        browser = as_(told.cast, "bea")
        words = browser.post(at(told, "check/")).content.decode()
        assert "criteria for a serious child safeguarding case are not met" in words
        assert not SentReview.objects.exists()
        assert browser.post(at(told, "check/"), {"confirmed": "yes"}).status_code == 302
    assert SentReview.objects.get().criteria_met is False


def test_a_view_of_an_earlier_draft_is_said_and_asked_about_before_sending(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-01")
    for who in ("ira", "polly"):
        told.signed(who, "agree", "2026-12-01")
    said = "The view of Northmoor Integrated Care Board and of Northmoor Police is of an earlier"
    with on_a_day("2026-12-02"):
        browser = as_(told.cast, "bea")
        assert "earlier draft" not in page(browser, at(told, "check/"))
        told.typed("summary", {"text": ["Other words."], "finished": ["yes"]}, on="2026-12-02")
        assert said in page(browser, at(told, "check/"))
        words = browser.post(at(told, "check/")).content.decode()
        assert "Northmoor Police gave its view of an earlier draft." in words
        assert not SentReview.objects.exists()
        assert browser.post(at(told, "check/"), {"confirmed": "yes"}).status_code == 302
    assert SentReview.objects.exists()


def test_a_second_sender_is_told_who_was_first(told: Told, as_: Any, on_a_day: Any) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-01", "11:00"):
        words = as_(told.cast, "ada").post(at(told, "check/")).content.decode()
    assert "Rapid review sent, by Bea" in words


def test_what_was_sent_is_read_version_by_version(told: Told, as_: Any, on_a_day: Any) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-02"):
        browser = as_(told.cast, "ada")
        assert SENTINEL in page(browser, at(told, "read/"))
        assert "OFFICIAL-SENSITIVE" in page(browser, at(told, "print/"))
        assert browser.get(at(told, "read/?version=2")).status_code == 404
        assert browser.get(at(told))["Location"] == at(told, "read/")


def test_a_partner_reads_the_draft_and_dissents(told: Told, as_: Any, on_a_day: Any) -> None:
    told.filled("2026-12-01")
    typed = {"view": "dissent", "comment": text("dissent"), "position": "Superintendent"}
    with on_a_day("2026-12-02"):
        browser = as_(told.cast, "polly")
        shown = page(browser, at(told, "sign/"))
        assert SENTINEL in shown
        typed["version"] = hidden(shown, "version")
        refused = browser.post(at(told, "sign/"), {**typed, "comment": ""}).content.decode()
        assert "Enter what you do not agree with, and why" in refused
        assert "Superintendent" in refused
        assert browser.post(at(told, "sign/"), typed).status_code == 302
        assert "Nobody can change or remove it" in page(browser, at(told, "signed/"))
    assert SignOff.objects.get().organisation.kind == "police"


@pytest.mark.parametrize("who", ["ada", "bea", "sol", "priya", "cara", "dele"])
def test_nobody_else_opens_the_page_to_sign(told: Told, as_: Any, on_a_day: Any, who: str) -> None:
    with on_a_day("2026-12-02"):
        assert as_(told.cast, who).get(at(told, "sign/")).status_code == 404


def test_the_business_unit_writes_down_a_view_it_received(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    typed = {
        "organisation": "3",
        "view": "agree",
        "name": "Chief Invented",
        "position": "Chief Superintendent",
        **{name: texts[0] for name, texts in typed_date("signed_on", "2026-11-30").items()},
    }
    with on_a_day("2026-12-01"):
        browser = as_(told.cast, "bea")
        shown = page(browser, at(told, "received/"))
        assert "Northmoor Police" in shown
        # Nobody answers for another draft than the one for which the page was opened.
        assert CHANGED in browser.post(at(told, "received/"), typed).content.decode()
        typed["version"] = hidden(shown, "version")
        assert browser.post(at(told, "received/"), typed)["Location"] == at(told)
        assert "Received and written down by Bea" in page(browser, at(told))


def test_a_step_of_the_review_is_recorded_by_one_button(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-01"):
        browser = as_(told.cast, "bea")
        assert "Record the meeting" in page(browser, at(told, "steps/hold-meeting/"))
        assert browser.post(at(told, "steps/hold-meeting/"))["Location"] == at(told)
        again = browser.post(at(told, "steps/hold-meeting/")).content.decode()
    assert told.rapid_review.state == "meeting_held"
    assert "Meeting held, by Bea" in again


def test_returned_for_more_information_it_says_what_and_by_when(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-03"):
        browser = as_(told.cast, "sol")
        back = {"reason": text("the question")}
        back |= {name: texts[0] for name, texts in typed_date("reply_on", "2026-12-10").items()}
        address = f"/cases/{told.case.address}/triage/return-for-information/"
        assert browser.post(address, back).status_code == 302
        words = page(as_(told.cast, "bea"), at(told))
    assert text("the question") in words
    assert "Thursday 10 December 2026" in words


def test_the_authority_reads_the_decision_and_changes_its_own(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    told.considered("2026-12-10", agrees_decision=False)
    told.responded("2026-12-14", "advise_lcspr", reply_by="2027-01-15")
    decision = f"/cases/{told.case.address}/decision/"
    typed = {"decision": "yes", "reason": text("changing")}
    typed |= {name: texts[0] for name, texts in typed_date("decided_on", "2027-01-08").items()}
    with on_a_day("2027-01-11"):
        browser = as_(told.cast, "ben")
        words = page(browser, decision)
        assert "confirm or change their decision by Friday 15 January 2027" in words
        assert text("internal notes") not in words
        assert browser.post(f"{decision}confirm/", {}).status_code == 200
        assert browser.post(f"{decision}confirm/", typed)["Location"] == decision
        words = page(browser, decision)
    assert "Thursday 8 July 2027" in words
    assert "not from the Panel" in words
    assert PartnersDecision.objects.filter(case=told.case).count() == 2


@pytest.mark.parametrize("who", ["ada", "sol", "petra", "ira", "cara"])
def test_nobody_else_opens_the_page_to_confirm(
    told: Told, as_: Any, on_a_day: Any, who: str
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-02"):
        address = f"/cases/{told.case.address}/decision/confirm/"
        assert as_(told.cast, who).get(address).status_code == 404


def test_what_somebody_meant_to_come_back_to_is_named_and_holds_nothing_up(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-01"):
        told.filled("2026-12-01")
        told.typed("family", {"text": [text("family")], "finished": ["no"]}, on="2026-12-01")
        browser = as_(told.cast, "bea")
        assert "You said you would come back to (1)" in page(browser, at(told, "check/"))
        assert browser.post(at(told, "check/")).status_code == 302
