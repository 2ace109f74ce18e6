"""Setting up and using the second step in a real browser: without script, narrow, no barrier."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.live import LiveService
from tests.story import PASSWORD, Cast, cast
from tests.templates.axe import overflow, violations
from tests.workflow.signing_in.codes import set_up, shown

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def everyone(live_service: LiveService) -> Cast:
    with live_service.data():
        return cast()


def signs_in(page: Page, service: LiveService, email: str) -> None:
    page.goto(f"{service.url}/account/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_it_is_set_up_and_used_without_script(
    open_page: Open, live_service: LiveService, everyone: Cast
) -> None:
    page = open_page(script=False, width=320)
    signs_in(page, live_service, everyone.ada.email)
    page.goto(f"{live_service.url}/account/second-step/totp/activate/")
    assert page.locator(".app-square svg").bounding_box()
    key = page.locator(".app-key").inner_text()
    page.get_by_label("Code").fill(shown(key))
    page.get_by_role("button", name="Continue").click()
    recovery = page.locator(".app-key li").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("button", name="Continue").click()
    page.context.clear_cookies()
    signs_in(page, live_service, everyone.ada.email)
    assert page.locator("h1").inner_text() == "Enter your code"
    page.get_by_label("Code").fill(recovery[0])
    page.get_by_role("button", name="Continue").click()
    assert page.url.endswith("/home/")


def test_every_page_of_it_fits_a_phone_and_has_no_barrier(
    open_page: Open, live_service: LiveService, everyone: Cast
) -> None:
    page = open_page(width=320)
    with live_service.data():
        secret, _ = set_up(everyone.ben)
    signs_in(page, live_service, everyone.ben.email)
    looked = [(page.url, violations(page), overflow(page))]
    page.get_by_label("Code").fill(shown(secret))
    page.get_by_role("button", name="Continue").click()
    for path in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/",
                 "reauthenticate/"):  # fmt: skip
        page.goto(f"{live_service.url}/account/second-step/{path}")
        looked.append((page.url, violations(page), overflow(page)))
    signs_out = open_page(width=320)
    signs_in(signs_out, live_service, everyone.cara.email)
    for path in ("second-step/", "second-step/totp/activate/", "sessions/"):
        signs_out.goto(f"{live_service.url}/account/{path}")
        looked.append((signs_out.url, violations(signs_out), overflow(signs_out)))
    assert [one for one in looked if one[1] or one[2]] == []
    assert len(looked) == 9
