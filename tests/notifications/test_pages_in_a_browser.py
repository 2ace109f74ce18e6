"""The pages around a notification in Chromium: no barrier, nothing cut off, also without script."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.live import LiveService
from tests.notifications.answers import PAGES, a_draft, at, country, sent, when, written
from tests.notifications.test_sending import LOOKED_AFTER_DEATH
from tests.story import PASSWORD, Cast, cast
from tests.templates.axe import overflow, violations
from workflow import clock
from workflow.models import Answers, Case

OpenPage = Callable[..., Page]


def recent() -> dict[str, dict[str, Any]]:
    """Answers of an incident of the last days."""
    today = clock.today()
    yesterday = (today - timedelta(days=1)).isoformat()
    return {
        "when": when("began_on", yesterday),
        # Without a time: it may be earlier in the day now than the one that is usual here.
        "awareness": {**when("aware_on", today.isoformat()), "aware_time": ""},
        "informed-when": when("police_on", today.isoformat()),
    }


@pytest.fixture(scope="module")
def told(live_service: LiveService) -> Iterator[tuple[LiveService, Cast, Case, Case]]:
    """A draft that is filled in, and a notification that was sent."""
    with live_service.data():
        everyone = country(cast())
        draft = written(a_draft(everyone), everyone.ada, recent())
        notified = sent(a_draft(everyone), everyone.ada, recent())
        yield live_service, everyone, draft, notified


def signed_in(page: Page, service: LiveService, email: str) -> Page:
    page.context.set_default_timeout(20_000)
    page.goto(f"{service.url}/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_around_a_notification_can_be_used(
    width: int, told: tuple[LiveService, Cast, Case, Case], open_page: OpenPage
) -> None:
    service, everyone, draft, notified = told
    page = signed_in(open_page(width=width), service, everyone.ada.email)
    addresses = [
        "/notifications/new/",
        *(at(name, draft) for name in ("tasks", "due", "check", "send", "pause")),
        *(at(name, draft) for name in ("not-notified", "approve", "national-export")),
        *(at("page", draft, page=name) for name in PAGES),
        at("items", draft, section="children"),
        at("item-page", draft, section="children", item=1, page="social-care"),
        *(at(name, notified) for name in ("sent", "read", "print", "children", "amend")),
        *(at(name, notified) for name in ("propose", "continue")),
        at("amend-page", notified, page="harm"),
    ]
    found = {}
    for address in addresses:
        answer = page.goto(service.url + address)
        assert answer is not None
        assert answer.status == 200, address
        if faults := violations(page) + overflow(page):
            found[address] = faults
    assert found == {}


def test_two_editors_and_a_session_that_ends_without_script(
    told: tuple[LiveService, Cast, Case, Case], open_page: OpenPage
) -> None:
    service, everyone, draft, _ = told
    address = service.url + at("page", draft, page="safety")
    ada = signed_in(open_page(script=False, width=320), service, everyone.ada.email)
    ben = signed_in(open_page(script=False), service, everyone.ben.email)
    ada.goto(address)
    ben.goto(address)
    ben.fill("[name=action]", "An aunt took both children.")
    ben.click("text=Save and continue")
    ada.fill("[name=action]", "The children are in hospital.")
    ada.click("text=Save and continue")
    assert "Someone else changed this page" in ada.inner_text("h1")
    assert "An aunt took both children." in ada.inner_text("main")
    ada.click("text=Change mine before saving")
    assert ada.input_value("[name=action]") == "The children are in hospital."
    ada.context.clear_cookies(name="sessionid")
    ada.click("text=Save and continue")
    assert "Your answers were kept" in ada.inner_text("h1")
    ada.click("text=Sign in to continue")
    ada.fill("[name=login]", everyone.ada.email)
    ada.fill("[name=password]", PASSWORD)
    ada.click("main button[type=submit]")
    assert ada.url == address
    assert ada.input_value("[name=action]") == "The children are in hospital."


def test_words_are_taken_out_by_two_people_on_a_phone(
    told: tuple[LiveService, Cast, Case, Case], open_page: OpenPage
) -> None:
    service, everyone, *_ = told
    with service.data():
        # Of its own: others change the answer meanwhile.
        draft = written(a_draft(everyone), everyone.ada, recent())
        row = Answers.objects.get(case=draft, section="safety", item="")
    parts = {"token": draft.token, "key": row.pk, "field": "action"}
    ada = signed_in(open_page(width=320), service, everyone.ada.email)
    ada.goto(service.url + reverse("redact-words", kwargs=parts))
    ada.click("text=Check what will be left")
    assert "Enter the words to take out" in ada.inner_text(".govuk-error-summary")
    ada.fill("[name=words]", "an aunt")
    ada.check("[value=other]")
    ada.fill("[name=reason]", "It is no part of it.")
    ada.click("text=Check what will be left")
    assert "Child B stays with [words taken out]." in ada.inner_text("main")
    assert violations(ada) + overflow(ada) == []
    ada.click("text=Propose to take these words out")
    assert "Take it back" in ada.inner_text("main")
    ben = signed_in(open_page(script=False, width=320), service, everyone.ben.email)
    ben.goto(service.url + reverse("redact", kwargs={"token": draft.token}))
    ben.click("text=Answer the proposal")
    ben.check("[value=confirm]")
    ben.click("main button[type=submit]")
    assert "Taken out" in ben.inner_text("main")
    ben.goto(service.url + at("read", draft))
    assert "Child B stays with [words taken out]." in ben.inner_text("main")


@pytest.mark.parametrize("width", [1280, 320])
def test_ofsted_can_use_the_page_of_what_it_received(
    width: int, told: tuple[LiveService, Cast, Case, Case], open_page: OpenPage
) -> None:
    service, everyone, *_ = told
    changes = {**LOOKED_AFTER_DEATH, **recent()}
    changes["part"] = {"fate": "died", **when("died_on", clock.today().isoformat())}
    with service.data():
        died = sent(a_draft(everyone), everyone.ada, changes)
    olu = signed_in(open_page(width=width), service, everyone.olu.email)
    olu.goto(f"{service.url}/cases/{died.address}/")
    olu.click("nav >> text=Notification")
    assert olu.url == service.url + at("coded", died)
    assert "Full care order" in olu.inner_text("main")
    assert "Nia" not in olu.content()
    assert violations(olu) + overflow(olu) == []
