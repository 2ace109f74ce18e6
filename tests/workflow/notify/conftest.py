"""A fake Notify through which the service sends, and messages that wait to be sent."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests import databases
from tests.story import Story, a_case, cast, person
from tests.workflow.notify import fake
from tests.workflow.notify.fake import Fake


@pytest.fixture
def post(settings: Settings) -> Iterator[Fake]:
    with fake.serving() as server:
        settings.MAIL_TRANSPORT = "notify"
        settings.NOTIFY_API_KEY = fake.KEY
        settings.NOTIFY_TEMPLATE_ID = fake.TEMPLATE
        settings.NOTIFY_BASE_URL = server.url
        settings.NOTIFY_TIMEOUT = 1
        yield server


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A notification told to five bodies, one of which has two readers of its post.

    From here on the database knows only the worker.
    """
    everyone = cast()
    person("Sue", everyone.panel, "panel_secretariat")
    told = a_case(everyone, aware="2026-11-19").notified("2026-11-20")
    with databases.as_worker(committing_db):
        yield told
