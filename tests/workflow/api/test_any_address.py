"""Whatever an address or a form holds, nothing breaks and every refusal says what to do."""

from random import Random
from typing import Any
from urllib.parse import quote

from django.test import Client

from tests.story import Cast, three_stages
from tests.workflow.api.addresses import SENT, VALUES, an_address
from tests.workflow.api.conftest import bearer, form, is_problem, token_of
from workflow.api.clients import LetIn
from workflow.machine.token import grouped

TIMES = 600


def is_told(answer: Any) -> None:
    """A refusal in one of the two forms, with what to do; an answer that nothing keeps."""
    assert answer.status_code < 500
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code >= 400:
        if answer.headers["Content-Type"] == "application/json":
            said = answer.json()
            assert said["error"]
            assert said["remedy"]
        else:
            is_problem(answer, answer.status_code)


def test_any_address_is_answered_or_refused_with_a_remedy(
    everyone: Cast, northmoor: LetIn, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10 * TIMES
    tokens = [grouped(story.case.token) for story in three_stages(everyone)]
    dice, token, client, found = Random(7), token_of(northmoor), Client(), set()
    for _ in range(TIMES):
        address = an_address(dice, tokens)
        send = getattr(client, dice.choice(["get"] * 8 + ["head", "post", "put", "options"]))
        headers = {**bearer(dice.choice([token] * 9 + ["x"])), "Accept": dice.choice(SENT[:2] * 5)}
        if dice.random() < 0.1:
            headers["Accept"] = dice.choice(SENT)
        answer = send(address, headers=headers)
        if answer.request["REQUEST_METHOD"] != "HEAD":
            is_told(answer)
        found.add(answer.status_code)
    assert found >= {200, 400, 401, 404, 405, 406}


def test_any_form_is_answered_or_refused_with_a_remedy(everyone: Cast, northmoor: LetIn) -> None:
    dice, client, found = Random(7), Client(), set()
    for _ in range(120):
        fields = dict(dice.sample(sorted(form(northmoor).items()), dice.randint(0, 3)))
        for _ in range(dice.randint(0, 2)):
            name = dice.choice([*form(northmoor), "scope", "token", "resource", "\0", ""])
            fields[name] = dice.choice([*VALUES, "cases.read", "token_type_hint"])
        body = "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items())
        body += dice.choice(["", "", "&", "&=", "%", "&scope=a&scope=b"])
        kind = dice.choice(["application/x-www-form-urlencoded"] * 6 + ["application/json", "x"])
        headers = {"Authorization": dice.choice(["", "Basic x", "Basic eDp4", "Bearer x"])}
        path = dice.choice(["/api/v1/token", "/api/v1/token/revoke"])
        answer = client.post(path, body, content_type=kind, headers=headers)
        is_told(answer)
        found.add(answer.status_code)
    assert found >= {400, 401, 415}
