"""The cast, signing in by the page itself, on a Thursday in December."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests.story import PASSWORD, Cast, cast, moment

SignIn = Callable[..., Client]
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def now(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """10 December 2026, which a test may move on."""
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def everyone(db: None, now: time_machine.Traveller) -> Cast:
    return cast()


@pytest.fixture
def enters_(everyone: Cast) -> SignIn:
    """A browser in which somebody signed in with their password: `enters_("ada")`."""

    def signed_in(name: str, *, network: str = "127.0.0.1", agent: str = "") -> Client:
        client = Client(REMOTE_ADDR=network, HTTP_USER_AGENT=agent)
        typed = {"login": everyone.people[name].email, "password": PASSWORD}
        assert client.post("/account/login/", typed).headers["Location"] == "/"
        return client

    return signed_in
