"""The Panel's pages: triage, the rapid review beside the findings, and the response."""

from typing import Any

import pytest
from django.test import Client

from reviews.models import Assessment, PanelResponse
from tests.reviews.telling import SENTINEL, Told, a_rapid_review, text, typed_date
from tests.story import a_case, cast, day, moment
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.people.codes import label

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return a_rapid_review()


def at(told: Told, tail: str) -> str:
    return f"/cases/{told.case.address}/{tail}"


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def one(typed: dict[str, list[str]]) -> dict[str, str]:
    return {name: texts[0] for name, texts in typed.items()}


def test_the_secretariat_chooses_an_act_and_does_it(told: Told, as_: Any, on_a_day: Any) -> None:
    with on_a_day("2026-11-24"):
        browser = as_(told.cast, "sol")
        words = page(browser, at(told, "triage/"))
        assert "Acknowledge the notification" in words
        assert "Agree that the criteria are not met" not in words
        chosen = browser.post(at(told, "triage/"), {"act": "acknowledge"})
        assert chosen["Location"] == at(told, "triage/acknowledge/")
        assert browser.post(chosen["Location"])["Location"] == at(told, "triage/")
    assert told.again().notification.state == "acknowledged"


def test_information_is_asked_for_with_a_day_to_reply_by(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    address = at(told, "triage/request-information/")
    with on_a_day("2026-11-24"):
        browser = as_(told.cast, "sol")
        refused = browser.post(address, {"reason": text("a question")}).content.decode()
        assert "Enter the date for the reply" in refused
        assert SENTINEL in refused
        typed = {"reason": text("a question"), **one(typed_date("reply_on", "2026-12-01"))}
        assert browser.post(address, typed).status_code == 302
    process = told.again().notification
    assert (process.state, process.expected_on) == ("information_requested", day("2026-12-01"))


def proposed(told: Told, proposal: Proposal) -> None:
    services.propose(
        told.again(),
        proposal,
        by=told.cast.ada,
        on=day("2026-11-24"),
        at=moment("2026-11-24"),
        reason=text("the proposal"),
    )


def test_a_proposal_is_shown_with_its_reason_and_agreed_to(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    proposed(told, Proposal.CRITERIA_NOT_MET)
    with on_a_day("2026-11-25"):
        browser = as_(told.cast, "sol")
        assert text("the proposal") in page(browser, at(told, "triage/"))
        address = at(told, "triage/confirm-criteria-not-met/")
        assert browser.post(address, {"reason": "Agreed"}).status_code == 302
    assert told.again().notification.state == "criteria_not_met"
    assert told.rapid_review.state == "no_longer_required"


def test_a_proposal_is_declined_with_a_reason(told: Told, as_: Any, on_a_day: Any) -> None:
    proposed(told, Proposal.WITHDRAWAL)
    with on_a_day("2026-11-25"):
        browser = as_(told.cast, "sol")
        assert browser.post(at(told, "triage/decline/"), {}).status_code == 200
        assert told.again().notification.proposal == "withdrawal"
        assert browser.post(at(told, "triage/decline/"), {"reason": "No"}).status_code == 302
    assert told.again().notification.proposal == ""


@pytest.mark.parametrize("who", ["ada", "ben", "bea", "ira", "cara", "sam"])
def test_nobody_outside_triages(told: Told, as_: Any, on_a_day: Any, who: str) -> None:
    with on_a_day("2026-11-24"):
        browser = as_(told.cast, who)
        assert browser.get(at(told, "triage/")).status_code == 404
        assert browser.post(at(told, "triage/acknowledge/")).status_code == 404


def test_an_act_that_was_done_meanwhile_says_by_whom(told: Told, as_: Any, on_a_day: Any) -> None:
    told.act(told.case.notification, "acknowledge", "sol", "2026-11-24")
    with on_a_day("2026-11-24", "12:00"):
        browser = as_(told.cast, "sol")
        words = browser.post(at(told, "triage/acknowledge/")).content.decode()
    assert "Notification acknowledged, by Sol" in words


def assessed() -> dict[str, str]:
    return {
        "completeness": "complete",
        "quality": "good",
        "agrees_criteria": "yes",
        "agrees_decision": "no",
        "national_flag": "no",
        "themes": "babies",
        "notes": text("internal notes"),
    }


def test_the_panel_reads_and_assesses_side_by_side(told: Told, as_: Any, on_a_day: Any) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-10"):
        browser = as_(told.cast, "priya")
        words = page(browser, at(told, "rapid-review/consider/"))
        assert text("practice") in words
        assert "never a breach" in words
        refused = browser.post(at(told, "rapid-review/consider/"), {"notes": text("notes")})
        assert text("notes") in refused.content.decode()
        done = browser.post(at(told, "rapid-review/consider/"), assessed())
        assert done.status_code == 302
        assert text("internal notes") in page(browser, at(told, "rapid-review/read/"))
    found = Assessment.objects.get()
    assert (found.agrees_decision, found.themes) == (False, ["babies"])


@pytest.mark.parametrize("who", ["ada", "bea", "ira", "dele"])
def test_internal_notes_never_reach_anybody_outside_the_panel(
    told: Told, as_: Any, on_a_day: Any, who: str
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    told.considered("2026-12-10")
    told.responded("2026-12-14", "agree_no_lcspr")
    with on_a_day("2026-12-15"):
        browser = as_(told.cast, who)
        for tail in ("rapid-review/read/", "rapid-review/print/", "decision/"):
            assert text("internal notes") not in page(browser, at(told, tail))


def test_whether_it_was_in_time_is_told_to_the_panel_and_not_asked(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-16", late="agency_information")
    told.sent("2026-12-16")
    with on_a_day("2026-12-17"):
        words = page(as_(told.cast, "priya"), at(told, "rapid-review/consider/"))
    assert "Met late by 2 working days" in words
    assert (
        f"Reason given for sending it late: {label('review_late_reason', 'agency_information')}"
        in words
    )
    assert "in time?" not in words.lower()


ANSWER = {"outcome": "advise_lcspr", "text": text("the response")}
REPLY_BY = one(typed_date("reply_by", "2027-01-15"))
ON_THE_NEXT_PAGE = {"reply-asked": "yes"}


def respond_page(told: Told, as_: Any) -> tuple[Client, str]:
    told.filled("2026-12-01").sent("2026-12-01")
    told.considered("2026-12-10")
    return as_(told.cast, "sol"), at(told, "rapid-review/respond/")


def test_an_answer_that_asks_for_nothing_is_asked_for_no_date(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    with on_a_day("2026-12-14"):
        browser, address = respond_page(told, as_)
        assert "reply_by" not in page(browser, address)
        done = browser.post(address, {**ANSWER, "outcome": "agree_no_lcspr"})
        assert done["Location"] == at(told, "rapid-review/responded/")
    assert PanelResponse.objects.get().reply_by is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the date for the reply"),
        (one(typed_date("reply_by", "2026-12-11")), "must be today or in the future"),
        ({**REPLY_BY, "reply_by-year": "27"}, "must include a year with 4 numbers, like 2026"),
    ],
)
def test_an_answer_that_asks_for_something_says_by_when_on_the_next_page(
    told: Told, as_: Any, on_a_day: Any, typed: dict[str, str], words: str
) -> None:
    with on_a_day("2026-12-14"):
        browser, address = respond_page(told, as_)
        asked = browser.post(address, ANSWER).content.decode()
        assert "By when does the Panel ask for a reply?" in asked
        assert "There is a problem" not in asked
        assert "(optional)" not in asked
        refused = browser.post(address, {**ANSWER, **ON_THE_NEXT_PAGE, **typed}).content.decode()
        assert words in refused
        assert text("the response") in refused
        assert not PanelResponse.objects.exists()


def test_going_back_from_the_date_keeps_both_pages(told: Told, as_: Any, on_a_day: Any) -> None:
    with on_a_day("2026-12-14"):
        browser, address = respond_page(told, as_)
        back = browser.post(address, {**ANSWER, **REPLY_BY, "confirmed": "no"}).content.decode()
        assert text("the response") in back
        again = browser.post(address, {**ANSWER, **REPLY_BY}).content.decode()
        assert 'value="2027"' in again


def test_an_answer_that_differs_is_shown_again_before_it_goes(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    typed = {**ANSWER, **REPLY_BY, **ON_THE_NEXT_PAGE}
    with on_a_day("2026-12-14"):
        browser, address = respond_page(told, as_)
        pause = browser.post(address, typed).content.decode()
        assert "does not agree with the partners" in pause
        assert text("the response") in pause
        assert not PanelResponse.objects.exists()
        back = browser.post(address, {**typed, "confirmed": "no"}).content.decode()
        assert text("the response") in back
        done = browser.post(address, {**typed, "confirmed": "yes"})
        assert done["Location"] == at(told, "rapid-review/responded/")
        assert "Friday 15 January 2027" in page(browser, done["Location"])
    assert PanelResponse.objects.get().differs is True


@pytest.mark.parametrize("who", ["priya", "ada", "bea", "cara"])
def test_only_the_secretariat_and_the_chair_open_the_response(
    told: Told, as_: Any, on_a_day: Any, who: str
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    told.considered("2026-12-10")
    with on_a_day("2026-12-14"):
        address = at(told, "rapid-review/respond/")
        assert as_(told.cast, who).get(address).status_code == 404


def test_the_chair_alone_sees_and_takes_the_national_review(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-10"):
        assert "national review" not in page(as_(told.cast, "sol"), at(told, "triage/"))
        assert as_(told.cast, "sol").get(at(told, "triage/supersede/")).status_code == 404
        browser = as_(told.cast, "petra")
        assert "Take it into a national review" in page(browser, at(told, "triage/"))
        done = browser.post(at(told, "triage/supersede/"), {"reason": text("national")})
        assert done.status_code == 302
        assert text("national") in page(as_(told.cast, "ada"), at(told, "decision/"))
    assert told.rapid_review.state == "superseded_by_national_review"


def test_the_department_closes_what_is_not_for_the_panel(as_: Any, on_a_day: Any) -> None:
    story = a_case(cast(), aware="2026-11-23", outcome="died", abuse="neither", looked_after=True)
    story.notified("2026-11-23")
    address = f"/cases/{story.case.address}/triage/"
    with on_a_day("2026-11-24"):
        browser = as_(story.cast, "dele")
        assert "Close without a review" in page(browser, address)
        assert browser.post(f"{address}close-without-review/").status_code == 302
    assert story.again().notification.state == "closed_no_review"


@pytest.mark.parametrize("tail", ["", "chronology/"])
def test_a_service_level_stands_under_no_heading_of_law(
    told: Told, as_: Any, on_a_day: Any, tail: str
) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with on_a_day("2026-12-10"):
        words = page(as_(told.cast, "sol"), at(told, tail))
    tables = {words.split("</caption>")[0]: words for words in words.split("<caption")[1:]}
    (legal,) = [rows for caption, rows in tables.items() if "Legal dates" in caption]
    (level,) = [rows for caption, rows in tables.items() if "no law sets them" in caption]
    response = "Panel’s response to the rapid review"
    assert response in level
    assert response not in legal
    assert "Send the rapid review" in legal
