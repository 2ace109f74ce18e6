"""What the tests of notifications can ask for."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.notifications.answers import PAGES, at, country, fill, sign_in
from tests.story import Cast, cast
from workflow.models import Case


@pytest.fixture
def today() -> Iterator[time_machine.Traveller]:
    """It is Friday 20 November 2026, 10:00 in London."""
    with time_machine.travel("2026-11-20T10:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def everyone(db: None, today: time_machine.Traveller) -> Cast:
    """The cast, and the code lists."""
    return country(cast())


@pytest.fixture
def ada(everyone: Cast) -> Client:
    """Ada's browser."""
    return sign_in(everyone.ada)


@pytest.fixture
def draft(everyone: Cast, ada: Client) -> Case:
    """Ada's draft, as screening leaves it."""
    answer = ada.post("/notifications/new/start/", PAGES["basis"])
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get()


@pytest.fixture
def aware(draft: Case, ada: Client) -> Case:
    """A draft with its awareness date."""
    fill(ada, at("page", draft, page="awareness"), PAGES["awareness"])
    return draft


@pytest.fixture
def national(settings: Settings) -> None:
    """The national system is the statutory channel."""
    settings.STATUTORY_CHANNEL = "national-system"
