"""A security key in Chromium, which holds one of its own: added, used; and never without a code."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.live import LiveService
from tests.story import PASSWORD, Cast, cast
from tests.templates.axe import overflow, violations

Open = Callable[..., Page]
STEP = "/account/second-step/"


@pytest.fixture(scope="module")
def everyone(live_service: LiveService) -> Cast:
    with live_service.data():
        return cast()


@pytest.fixture(scope="module")
def here(live_service: LiveService) -> str:
    """The service by its name: no browser uses a key for a number."""
    return live_service.url.replace("127.0.0.1", "localhost")


def plugged_in(page: Page) -> tuple[CDPSession, str]:
    """The browser has a security key, which somebody touches whenever it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(answer["authenticatorId"])


def signs_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/account/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def adds(page: Page, url: str, name: str) -> list[str]:
    """Adds the key on its page; returns the recovery codes."""
    page.goto(f"{url}{STEP}security-keys/add/")
    page.get_by_label("Name of the key").fill(name)
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/recovery-codes/")
    return page.locator(".app-key li").all_inner_texts()


def is_fine(page: Page) -> None:
    assert (page.url, violations(page), overflow(page)) == (page.url, [], [])


def test_a_key_is_added_and_signs_in_again(open_page: Open, here: str, everyone: Cast) -> None:
    page = open_page(width=320)
    session, key = plugged_in(page)
    signs_in(page, here, everyone.ada.email)
    page.goto(f"{here}{STEP}security-keys/add/")
    is_fine(page)
    assert len(adds(page, here, "blue key")) == 10
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [one["rpId"] for one in held] == ["localhost"]

    page.goto(f"{here}/account/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    signs_in(page, here, everyone.ada.email)
    assert page.locator("h1").inner_text() == "Use your security key or enter a code"
    expect(page.get_by_text("To use your security key you need JavaScript")).to_be_hidden()
    is_fine(page)
    page.get_by_role("button", name="Use your security key").click()
    page.wait_for_url("**/home/")
    used = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert used[0]["signCount"] > held[0]["signCount"], "the key itself answered"

    page.goto(f"{here}{STEP}security-keys/")
    assert "Not used yet" not in page.locator("main").inner_text()
    is_fine(page)
    page.get_by_role("link", name="Remove blue key").click()
    is_fine(page)
    page.get_by_role("button", name="Remove it").click()
    assert "You have not added one" in page.locator("main").inner_text()


def test_without_script_the_page_says_what_to_do_and_a_code_does(
    open_page: Open, here: str, everyone: Cast
) -> None:
    page = open_page()
    plugged_in(page)
    signs_in(page, here, everyone.ben.email)
    codes = adds(page, here, "blue key")
    without = open_page(script=False, width=320)
    signs_in(without, here, everyone.ben.email)
    expect(without.get_by_text("Without them, enter a code")).to_be_visible()
    assert not without.get_by_role("button", name="Use your security key").is_visible()
    without.get_by_label("Code").fill(codes[0])
    without.get_by_role("button", name="Continue").click()
    assert without.url.endswith("/home/")
    for path, words in (
        ("add/", "use an authenticator app"),
        ("reauthenticate/", "use one of the other ways"),
    ):
        without.goto(f"{here}{STEP}security-keys/{path}")
        expect(without.get_by_text(words)).to_be_visible()
        assert not without.locator("form[data-security-key]").is_visible()
        assert overflow(without) == []
        page.goto(without.url)
        is_fine(page)
    without.get_by_role("link", name="Use a code").click()
    assert without.locator("h1").inner_text() == "Enter a code to continue"


def test_a_key_that_is_added_already_or_does_not_answer_is_told_of(
    open_page: Open, here: str, everyone: Cast
) -> None:
    page = open_page()
    session, key = plugged_in(page)
    signs_in(page, here, everyone.cara.email)
    adds(page, here, "blue key")
    page.goto(f"{here}{STEP}security-keys/add/")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("alert")).to_have_text("This key is added already. Use another one.")
    is_fine(page)
    page.context.clear_cookies()
    signs_in(page, here, everyone.cara.email)
    session.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.get_by_role("button", name="Use your security key").click()
    expect(page.get_by_role("alert")).to_have_text(
        "No key was used. Try again, or enter a code.", timeout=60_000
    )


def test_at_another_address_of_the_service_a_key_is_refused_in_words(
    open_page: Open, live_service: LiveService, everyone: Cast
) -> None:
    page = open_page()
    plugged_in(page)
    signs_in(page, live_service.url, everyone.lena.email)
    page.goto(f"{live_service.url}{STEP}security-keys/add/")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be used at this address")
