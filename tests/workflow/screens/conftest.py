"""The cast, signed in one at a time, on a Thursday in December."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests import shown
from tests.story import Cast, Story, a_case, cast, moment
from tests.templates.markup import Markup

SignIn = Callable[[str], Client]
Read = Callable[[str, str], Markup]


@pytest.fixture(autouse=True)
def today(request: pytest.FixtureRequest) -> Iterator[None]:
    """10 December 2026, except for a test whose pages come from another process."""
    if "live_service" in request.fixturenames:
        yield
        return
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.fixture
def as_(everyone: Cast) -> SignIn:
    """A browser in which somebody of the cast has signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(everyone.people[name])
        shown.who_it_is(client, everyone.people[name])
        return client

    return signed_in


@pytest.fixture
def read(as_: SignIn) -> Read:
    """A page as somebody of the cast reads it."""

    def page(name: str, address: str) -> Markup:
        answer = as_(name).get(address)
        assert answer.status_code == 200, address
        return Markup(answer.content.decode())

    return page


@pytest.fixture
def draft(everyone: Cast) -> Story:
    return a_case(everyone, aware="2026-12-07")


@pytest.fixture
def sent(everyone: Cast) -> Story:
    return a_case(everyone, aware="2026-12-01").notified("2026-12-04")


@pytest.fixture
def sent_late(everyone: Cast) -> Story:
    """Known on 2 November, sent on 12 November: the eighth working day."""
    return a_case(everyone, aware="2026-11-02").notified("2026-11-12", late_reason="administrative")
