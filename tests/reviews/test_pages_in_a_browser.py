"""The pages of a rapid review in Chromium: no barrier, nothing cut off, also without script."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from tests.live import LiveService
from tests.reviews.telling import Told, a_rapid_review, typed_date
from tests.story import PASSWORD
from tests.templates.axe import overflow, violations
from workflow import clock

OpenPage = Callable[..., Page]


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@pytest.fixture(scope="module")
def story(live_service: LiveService) -> Iterator[tuple[LiveService, Told]]:
    """A rapid review that is filled in and signed by two, one of whom dissents."""
    with live_service.data():
        told = a_rapid_review(notified=ago(10))
        told.filled(ago(3))
        told.signed("ira", "agree", ago(2))
        told.signed("polly", "dissent", ago(2), comment="We do not agree.")
        yield live_service, told


def signed_in(page: Page, service: LiveService, told: Told, who: str) -> Page:
    page.context.set_default_timeout(20_000)
    page.context.clear_cookies()
    page.goto(f"{service.url}/account/login/")
    page.fill("[name=login]", told.cast.people[who].email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


def look(page: Page, address: str = "") -> None:
    """The page has no barrier and sticks out nowhere. axe itself needs script."""
    if address:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
    assert violations(page) == [], page.url
    assert overflow(page) == [], page.url


def the_review_is_sent(page: Page, case: str) -> None:
    for tail in ("", "practice/", "local-criteria/", "agencies/list/", "received/", "check/"):
        look(page, f"{case}rapid-review/{tail}")
    page.click("button:has-text('Send the rapid review to the Panel')")
    look(page)
    assert "Northmoor Police does not agree" in page.content()
    page.click("button:has-text('Send the rapid review to the Panel')")
    look(page)
    assert "Rapid review sent" in page.content()


def the_panel_considers(page: Page, case: str) -> None:
    look(page, f"{case}rapid-review/consider/")
    for name, value in {
        "completeness": "complete",
        "quality": "good",
        "agrees_criteria": "yes",
        "agrees_decision": "no",
        "national_flag": "no",
        "themes": "none",
    }.items():
        page.check(f"[name={name}][value={value}]")
    page.click("main form button")
    look(page)


def the_panel_advises_otherwise(page: Page, case: str) -> None:
    look(page, f"{case}triage/")
    look(page, f"{case}rapid-review/respond/")
    page.check("[name=outcome][value=advise_lcspr]")
    page.fill("[name=text]", "We advise a review.\nHere is why.")
    page.click("main form button")
    look(page)
    page.click("main form button >> nth=0")
    look(page)
    assert "Enter the date for the reply" in page.content()
    for name, texts in typed_date("reply_by", in_days(30)).items():
        page.fill(f"[name={name}]", texts[0])
    page.click("main form button >> nth=0")
    look(page)
    page.click("text=Go back and change the response")
    assert page.input_value("[name=text]") == "We advise a review.\nHere is why."
    page.click("main form button")
    assert page.input_value("[name=reply_by-day]") == str(in_days(30).day)
    page.click("main form button >> nth=0")
    page.click("main form button >> nth=0")
    look(page)


def the_partners_change_their_decision(page: Page, case: str) -> None:
    look(page, f"{case}decision/")
    page.click("text=Confirm or change the decision")
    look(page)
    page.check("[name=decision][value=yes]")
    for name, texts in typed_date("decided_on", clock.today()).items():
        page.fill(f"[name={name}]", texts[0])
    page.fill("[name=reason]", "We have changed our mind.")
    page.click("main form button")
    look(page)
    assert "The six months run from" in page.content()


def test_a_dissent_an_answer_that_differs_and_a_changed_decision(
    story: tuple[LiveService, Told], open_page: OpenPage
) -> None:
    service, told = story
    case = f"{service.url}/cases/{told.case.address}/"
    page = signed_in(open_page(width=320), service, told, "bea")
    the_review_is_sent(page, case)
    signed_in(page, service, told, "priya")
    the_panel_considers(page, case)
    signed_in(page, service, told, "sol")
    the_panel_advises_otherwise(page, case)
    signed_in(page, service, told, "ben")
    the_partners_change_their_decision(page, case)


def test_the_partner_and_the_reader_need_no_script(
    story: tuple[LiveService, Told], open_page: OpenPage
) -> None:
    service, told = story
    case = f"{service.url}/cases/{told.case.address}/"
    page = signed_in(open_page(script=False, width=320), service, told, "polly")
    for tail in ("sign/", "signed/", "read/"):
        answer = page.goto(f"{case}rapid-review/{tail}")
        assert answer is not None
        assert answer.status == 200, tail
        assert overflow(page) == [], tail
    page.goto(f"{case}rapid-review/sign/")
    page.click("main form button")
    assert "Select whether you agree" in page.content()
    assert overflow(page) == []
