"""The warning before time is up: asked in time, answered by a press, nothing lost at the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.live import LiveService
from tests.story import Cast, a_case, cast
from tests.templates.axe import violations
from workflow import clock
from workflow.models import Person
from workflow.sealed import kept

MINUTE = 60_000
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def everyone(live_service: LiveService) -> Cast:
    with live_service.data():
        return cast()


def sign_in(page: Page, service: LiveService, person: Person) -> None:
    with service.data():
        client = Client()
        client.force_login(Person.objects.get(pk=person.pk))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": service.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_it_asks_five_minutes_before_and_one_press_goes_on(
    page: Page, live_service: LiveService, everyone: Cast
) -> None:
    sign_in(page, live_service, everyone.ada)
    page.clock.install()
    page.goto(f"{live_service.url}/account/")
    dialog = page.locator("dialog")
    page.clock.fast_forward(24 * MINUTE)
    assert not dialog.is_visible()
    page.clock.fast_forward(1 * MINUTE + 1500)
    dialog.wait_for(state="visible")
    assert "we will sign you out in 5 minutes" in dialog.inner_text()
    assert page.evaluate("document.activeElement.id") == "timeout-title"
    assert violations(page) == []
    with page.expect_response("**/account/stay/") as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    dialog.wait_for(state="hidden")
    page.clock.fast_forward(24 * MINUTE)
    assert not dialog.is_visible(), "the half hour began anew"


def test_when_nobody_answers_the_page_gives_way(
    page: Page, live_service: LiveService, everyone: Cast
) -> None:
    sign_in(page, live_service, everyone.ada)
    page.clock.install()
    page.goto(f"{live_service.url}/account/")
    page.clock.fast_forward(30 * MINUTE + 1500)
    page.wait_for_url("**/timed-out/?next=%2Faccount%2F")


def test_what_was_typed_is_kept_when_time_is_up(
    page: Page, live_service: LiveService, everyone: Cast
) -> None:
    with live_service.data():
        on = clock.today() - timedelta(days=1)
        story = a_case(everyone, aware=on.isoformat())
    sign_in(page, live_service, everyone.ada)
    page.clock.install()
    address = f"/cases/{story.case.address}/notification/description/"
    page.goto(f"{live_service.url}{address}")
    page.get_by_label("What happened?").fill("Child A was seen by the duty doctor.")
    page.clock.fast_forward(30 * MINUTE + 1500)
    page.get_by_role("heading", name="Your answers were kept").wait_for()
    assert "duty doctor" not in page.content()
    with live_service.data():
        found = kept.waiting(everyone.ada, address, on=clock.today())
    assert found is not None
    assert found.typed["description"] == ["Child A was seen by the duty doctor."]


def test_another_page_that_was_used_keeps_this_one_open(
    open_page: Open, live_service: LiveService, everyone: Cast
) -> None:
    first = open_page()
    sign_in(first, live_service, everyone.ada)
    first.clock.install()
    first.goto(f"{live_service.url}/account/")
    first.clock.fast_forward(26 * MINUTE)
    first.locator("dialog").wait_for(state="visible")
    second = first.context.new_page()
    second.goto(f"{live_service.url}/account/")
    first.locator("dialog").wait_for(state="hidden")
    assert first.url.endswith("/account/")
