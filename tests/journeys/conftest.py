"""What a journey can ask for: the service with the cast in it, and people at their browsers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests import databases, live
from tests.journeys.eyes import Eyes
from tests.journeys.visitor import Visitor
from tests.story import Cast, cast
from workflow.people import reference

SignedIn = Callable[..., Visitor]


@pytest.fixture(scope="session")
def live_service(
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[live.LiveService]:
    """A service of the journeys' own: their cast stays in its database from story to story."""
    name = databases.name_for(f"{databases.worker_name()}_journeys")
    databases.clone(name, template_database)
    try:
        folder = tmp_path_factory.mktemp("journeys")
        demo = {"DEMO_MAIL": str(folder / "mail")}
        with live.running(name, folder, django_db_blocker, **demo) as service:
            yield service
    finally:
        databases.drop(name)


@pytest.fixture(scope="session")
def everyone(live_service: live.LiveService) -> Cast:
    """The cast and the code lists, in the database of the service."""
    with live_service.data():
        reference._codes(reference.Count())
        return cast()


@pytest.fixture(scope="session")
def eyes(browser: Browser) -> Iterator[Eyes]:
    """Looks at every page that a visitor reaches; knows which kinds it has looked at."""
    with browser.new_context() as context:
        yield Eyes(context.new_page())


@pytest.fixture
def somebody(
    browser: Browser, live_service: live.LiveService, everyone: Cast, eyes: Eyes
) -> Iterator[SignedIn]:
    """A new visitor who is signed out: `somebody("ada", width=320)`."""
    with ExitStack() as stack:

        def visiting(name: str, *, width: int = 1280, script: bool = False) -> Visitor:
            page = live.a_page(browser, script=script, width=width, height=900)
            return Visitor(name, stack.enter_context(page), live_service.url, eyes)

        yield visiting


@pytest.fixture
def signed_in(somebody: SignedIn, live_service: live.LiveService, everyone: Cast) -> SignedIn:
    """A visitor with a session, without the way through the sign-in page: `signed_in("ada")`."""

    def visiting(name: str, *, width: int = 1280, script: bool = False) -> Visitor:
        visitor = somebody(name, width=width, script=script)
        client = Client()
        person = everyone.people[name]
        with live_service.data():
            # The service makes the hash of a password stronger when somebody signs in.
            person.refresh_from_db()
            client.force_login(person)
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": live_service.url,
        }
        visitor.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return visitor

    return visiting
