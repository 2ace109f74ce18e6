"""Guesses at a system's secret are counted: one system from one network, and nobody else waits."""

import base64
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from tests.story import Cast
from tests.workflow.api.conftest import encoded, form, is_problem, let_in, token_of
from workflow.api import guesses
from workflow.api.clients import LetIn

TOKEN = "/api/v1/token"
ELSEWHERE = "198.51.100.7"


def asks(made: LetIn, network: str = "127.0.0.1", **more: str) -> Any:
    return Client(REMOTE_ADDR=network).post(TOKEN, **encoded(**{**form(made), **more}))


def guesses_wrong(made: LetIn, times: int = guesses.MOST, **more: str) -> None:
    for _ in range(times):
        assert asks(made, client_secret="a guess", **more).status_code == 401


def test_after_ten_wrong_secrets_that_network_waits_and_is_told_how_long(
    northmoor: LetIn, today: time_machine.Traveller
) -> None:
    guesses_wrong(northmoor)
    today.shift(timedelta(minutes=5))
    for secret in ("a guess", northmoor.secret):
        answer = asks(northmoor, client_secret=secret)
        told = is_problem(answer, 429)["errors"][0]
        assert told["name"] == "client_secret"
        assert answer.headers["Retry-After"] == "600"
        assert "600 seconds" in told["remedy"]
    # What is refused meanwhile makes nobody wait longer.
    today.shift(timedelta(minutes=10))
    assert asks(northmoor).status_code == 200


def test_it_shuts_out_nobody_else(everyone: Cast, northmoor: LetIn) -> None:
    token, other = token_of(northmoor), let_in(everyone, "southfen")
    guesses_wrong(northmoor)
    assert asks(northmoor).status_code == 429
    # The same system from its own network, another from that network, and what has a token.
    assert asks(northmoor, ELSEWHERE).status_code == 200
    assert asks(other).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/authorities", headers=headers).status_code == 200


def test_a_right_secret_of_ones_own_takes_nothing_back(everyone: Cast, northmoor: LetIn) -> None:
    mine = let_in(everyone, "southfen")
    guesses_wrong(northmoor, guesses.MOST - 1)
    assert asks(mine).status_code == 200
    guesses_wrong(northmoor, 1)
    assert asks(northmoor).status_code == 429


def test_a_guess_in_the_body_counts_whoever_is_named_in_the_header(northmoor: LetIn) -> None:
    pair = base64.b64encode(b"nobody:nothing").decode()
    for _ in range(guesses.MOST):
        answer = Client().post(
            TOKEN,
            **encoded(**form(northmoor, client_secret="a guess")),
            headers={"Authorization": f"Basic {pair}"},
        )
        assert answer.status_code == 401
    assert asks(northmoor).status_code == 429


def test_a_token_is_not_guessed_back_either(northmoor: LetIn) -> None:
    guesses_wrong(northmoor)
    sent = encoded(client_id=northmoor.client.client_id, client_secret=northmoor.secret, token="x")
    assert Client().post("/api/v1/token/revoke", **sent).status_code == 429


def test_names_that_are_made_up_count_as_one(northmoor: LetIn) -> None:
    for number in range(guesses.MOST):
        assert asks(northmoor, client_id=f"made-up-{number}").status_code == 401
    assert asks(northmoor, client_id="another").status_code == 429
    # What no system could be called is refused by name before anything is counted.
    assert asks(northmoor, client_id="\0").status_code == 400
    assert asks(northmoor).status_code == 200
