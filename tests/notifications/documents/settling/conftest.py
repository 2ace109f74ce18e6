"""A case that was notified, and a browser of its notifier, for the turns of the worker."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.notifications.answers import sign_in
from tests.notifications.documents.turns import START
from tests.story import Cast, a_case, cast
from workflow.models import Case


@pytest.fixture
def everyone(committing_db: str) -> Iterator[Cast]:
    with time_machine.travel(START, tick=False):
        yield cast()


@pytest.fixture
def case(everyone: Cast) -> Case:
    return a_case(everyone, aware="2026-12-01").notified("2026-12-03").case


@pytest.fixture
def ada(everyone: Cast) -> Client:
    return sign_in(everyone.ada)
