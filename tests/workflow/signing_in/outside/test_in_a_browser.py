"""An authority's own sign-in in Chromium, under the content policy: there, back, connected, in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from tests import databases, live
from tests.provider.running import BACK, Running, provider
from tests.story import PASSWORD, Cast, cast
from tests.templates.axe import overflow, violations

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # Of this machine's own number any port will do (RFC 8252, section 7.3).
    with provider(tmp_path_factory.mktemp("provider"), f"http://127.0.0.1{BACK}") as found:
        yield found


@pytest.fixture(scope="module")
def service(
    running: Running,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[live.LiveService]:
    """A service that knows the provider."""
    name = databases.name_for(f"{databases.worker_name()}_outside")
    databases.clone(name, template_database)
    known = json.dumps([asdict(running.entry())])
    try:
        folder = tmp_path_factory.mktemp("outside")
        with live.running(
            name, folder, django_db_blocker, named="127.0.0.1", SIGN_IN_PROVIDERS=known
        ) as found:
            yield found
    finally:
        databases.drop(name)


@pytest.fixture(scope="module")
def everyone(service: live.LiveService) -> Cast:
    with service.data():
        return cast()


def is_fine(page: Page, *, script: bool = True) -> None:
    # What looks for barriers is a script itself.
    barriers = violations(page) if script else []
    assert (page.url, barriers, overflow(page)) == (page.url, [], [])


def says_who(page: Page, name: str) -> None:
    """Answers the provider's own page."""
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("script", [True, False])
def test_an_account_is_connected_and_signs_in(
    open_page: Open, service: live.LiveService, everyone: Cast, script: bool
) -> None:
    person = everyone.ada if script else everyone.ben
    who = "ada" if script else "ben"
    page = open_page(script=script, width=320)
    page.goto(f"{service.url}/account/login/")
    is_fine(page, script=script)
    page.get_by_role("button", name="Northmoor Council").click()
    says_who(page, who)
    assert page.locator("h1").inner_text() == "Connect your account first"
    is_fine(page, script=script)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{service.url}/account/")
    page.get_by_role("link", name="Sign in with your organisation").click()
    is_fine(page, script=script)
    page.get_by_role("button", name="Connect Northmoor Council").click()
    says_who(page, who)
    assert page.locator("h1").inner_text() == "Is this your own account?"
    is_fine(page, script=script)
    page.get_by_role("button", name="Yes, connect it").click()
    assert "You can now sign in with your organisation" in page.locator("main").inner_text()
    is_fine(page, script=script)
    page.context.clear_cookies(domain="127.0.0.1", name="sessionid")
    page.goto(f"{service.url}/account/login/?next=/account/")
    page.get_by_role("button", name="Northmoor Council").click()
    assert page.url == f"{service.url}/account/", "the provider still knows who sits there"
    assert person.email in page.locator("main").inner_text()


def test_what_is_not_believed_is_told_in_words(
    open_page: Open, service: live.LiveService, everyone: Cast, running: Running
) -> None:
    page = open_page(width=320)
    running.tells(claims={"nonce": "another"})
    try:
        page.goto(f"{service.url}/account/login/")
        page.get_by_role("button", name="Northmoor Council").click()
        says_who(page, "ada")
    finally:
        running.tells()
    assert page.locator("h1").inner_text() == "You cannot use Northmoor Council now"
    assert "could not be believed" in page.locator("main").inner_text()
    is_fine(page)
