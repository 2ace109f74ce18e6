"""Systems that ask, as the service lets them in."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from tests.story import Cast, cast, day, moment
from workflow.api import clients
from workflow.api.clients import LetIn
from workflow.people import reference

TODAY = "2026-12-10"
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False) as clock:
        yield clock


@pytest.fixture
def everyone(db: None) -> Cast:
    found = cast()
    reference.load()
    return found


def let_in(everyone: Cast, place: str = "northmoor", *scopes: str) -> LetIn:
    may = scopes or ("cases.read", "reference.read")
    return clients.let_in(
        "Case files", getattr(everyone, place), may, by=everyone.sam,
        on=day(TODAY), at=moment(TODAY),
    )  # fmt: skip


@pytest.fixture
def northmoor(everyone: Cast) -> LetIn:
    return let_in(everyone)


def form(made: LetIn, **more: str) -> dict[str, str]:
    known = {"client_id": made.client.client_id, "client_secret": made.secret}
    return {"grant_type": "client_credentials", **known, **more}


def encoded(**fields: str) -> dict[str, Any]:
    """What Django's client needs to send a form as programs do."""
    return {"data": urlencode(fields), "content_type": "application/x-www-form-urlencoded"}


def token_of(made: LetIn, **more: str) -> str:
    answer = Client().post("/api/v1/token", **encoded(**form(made, **more)))
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem, which says all that every problem says."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    said: dict[str, Any] = answer.json()
    assert set(said) == {"type", "title", "status", "errors"}
    assert said["status"] == status
    for one in said["errors"]:
        assert set(one) == {"where", "name", "detail", "remedy"}
        assert all(one.values())
    assert said["errors"]
    return said
