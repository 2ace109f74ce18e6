"""Whoever gets no token is told which field is wrong and what to do, whatever was sent."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from tests.workflow.api.conftest import bearer, encoded, form, is_problem, token_of
from workflow.api.clients import LetIn

TOKEN, REVOKE = "/api/v1/token", "/api/v1/token/revoke"
NUL = chr(0)


def fields(answer: Any) -> list[tuple[str, str]]:
    """Where each thing stands that is wrong, and its name."""
    return [(one["where"], one["name"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("changes", "error", "name"),
    [
        ({"client_secret": "x"}, "invalid_client", "client_secret"),
        ({"grant_type": "password"}, "unsupported_grant_type", "grant_type"),
        ({"scope": "everything"}, "invalid_scope", "scope"),
        ({"grant_type": ""}, "invalid_request", "grant_type"),
    ],
)
def test_a_refusal_of_oauth_names_its_field(
    northmoor: LetIn, changes: dict[str, str], error: str, name: str
) -> None:
    answer = Client().post(TOKEN, **encoded(**form(northmoor, **changes)))
    assert 400 <= answer.status_code < 500
    said = answer.json()
    assert said["error"] == error
    assert fields(answer) == [("body", name)]
    assert said["errors"][0]["remedy"] == said["remedy"]


def test_who_says_who_it_is_in_the_header_is_told_of_the_header(northmoor: LetIn) -> None:
    pair = b64encode(f"{northmoor.client.client_id}:wrong".encode()).decode()
    sent: Any = encoded(grant_type="client_credentials")
    answer = Client().post(TOKEN, **sent, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 401
    assert fields(answer) == [("header", "Authorization")]


def test_nothing_to_give_back_is_named(northmoor: LetIn) -> None:
    known = {name: text for name, text in form(northmoor).items() if name != "grant_type"}
    answer = Client().post(REVOKE, **encoded(**known))
    assert answer.status_code == 400
    assert fields(answer) == [("body", "token")]


@pytest.mark.parametrize("name", ["client_id", "client_secret", "grant_type", "scope"])
@pytest.mark.parametrize("text", [NUL, f"x{NUL}", "é", "a\nb"])
def test_what_no_field_can_hold_is_refused_by_name(northmoor: LetIn, name: str, text: str) -> None:
    answer = Client().post(TOKEN, **encoded(**form(northmoor, **{name: text})))
    is_problem(answer, 400)
    assert fields(answer) == [("body", name)]


@pytest.mark.parametrize(
    "said",
    ["é", *(b64encode(one.encode()).decode() for one in (f"x{NUL}:x", "é:x", "x:é", "%00:x"))],
)
def test_what_no_header_can_hold_is_refused_by_name(northmoor: LetIn, said: str) -> None:
    sent: Any = encoded(grant_type="client_credentials")
    header = f"Basic {said}".encode().decode("latin-1")
    answer = Client().post(TOKEN, **sent, HTTP_AUTHORIZATION=header)
    is_problem(answer, 400)
    assert fields(answer) == [("header", "Authorization")]


def test_a_name_of_which_nothing_is_seen_is_called_so_once(northmoor: LetIn) -> None:
    asked = Client().get("/api/v1/codes?=1&+=2&%C2%A0=3", headers=bearer(token_of(northmoor)))
    is_problem(asked, 400)
    assert fields(asked) == [("query", "(no name)")]
