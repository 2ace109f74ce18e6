"""Whatever a program sends, nothing breaks or is half done; each refusal says what to do."""

import json
from copy import deepcopy
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.notifications.api.disturbed import VALUES, disturbed
from tests.notifications.api.filed import CHILD, FILE, body, read, send
from tests.workflow.api.conftest import bearer, is_problem
from workflow.api.sent import LONGEST
from workflow.models import Case

TIMES = 150


def posted(token: str, sent: bytes, **headers: str) -> Any:
    known = {"Idempotency-Key": str(uuid4()), **bearer(token)}
    kind = headers.pop("kind", "application/json")
    return Client().generic("POST", FILE, sent, content_type=kind, headers={**known, **headers})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b" ", 400),
        (b"x", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"pages": {}, "pages": {}}', 400),
        (b'{"pages": {"basis": {"abuse": "known", "abuse": "neither"}}}', 400),
        (b'{"pages": NaN}', 400),
        (b'{"pages": -Infinity}', 400),
        (b'{"pages": ' + b"1" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b'{"pages": "\xff"}', 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"x": "' + b"x" * LONGEST + b'"}', 413),
        (b'{"pages": {"basis": {"\\u0000": 1}}}', 422),
    ],
)
def test_what_is_no_object_of_json_is_refused(token: str, sent: bytes, status: int) -> None:
    is_problem(posted(token, sent), status)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"kind": "text/plain"}, "Content-Type"),
        ({"kind": "application/x-www-form-urlencoded"}, "Content-Type"),
        ({"kind": "application/json; charset=utf-16"}, "Content-Type"),
        ({"kind": ""}, "Content-Type"),
        ({"Content-Encoding": "gzip"}, "Content-Encoding"),
    ],
)
def test_only_plain_json_is_read(token: str, headers: dict[str, str], name: str) -> None:
    said = is_problem(posted(token, b"{}", **headers), 415)
    assert said["errors"][0]["name"] == name


def test_a_charset_that_is_utf_8_is_read(token: str) -> None:
    sent = json.dumps(body()).encode()
    assert posted(token, sent, kind="application/json; charset=UTF-8").status_code == 201


def test_any_body_is_taken_whole_or_refused_with_a_remedy(token: str, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10 * TIMES
    dice, found = Random(7), set()
    for _ in range(TIMES):
        answer = send(token, FILE, json.dumps(disturbed(dice, body())))
        assert answer.status_code in {201, 413, 422}, answer.content
        if answer.status_code != 201:
            is_problem(answer, answer.status_code)
            names = [one["name"] for one in answer.json()["errors"]]
            assert len(names) == len(set(names))
        found.add(answer.status_code)
    assert found >= {201, 422}
    filed = Case.objects.filter(notified_on__isnull=False).count()
    assert Case.objects.count() == filed


def test_any_correction_is_taken_or_refused_with_a_remedy(token: str, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10 * TIMES
    address = send(token, FILE, body()).json()["address"]
    dice, found = Random(7), set()
    pages = [(page, "", said) for page, said in body()["pages"].items()]
    pages += [(page, "1", said) for page, said in CHILD.items()] + [
        ("late", "", {}),
        ("x", "9", {}),
    ]
    for number in range(TIMES):
        page, item, answers = deepcopy(dice.choice(pages))
        if page == "partners":
            answers["views"] = f"View {number}."
        said: dict[str, Any] = {"page": page, "answers": answers, "reason": "We know more."}
        if item or dice.random() < 0.1:
            said["item"] = item
        if dice.random() < 0.3:
            said[dice.choice([*said, "item", "x"])] = deepcopy(dice.choice(VALUES))
        seen = read(token, address)["ETag"]
        tag = dice.choice([seen] * 8 + ["", "*", '"', "x" * 5000, '"x"', f"W/{seen}"])
        end = dice.choice(["amendments"] * 9 + ["withdrawal"])
        if end == "withdrawal":
            said = {"reason": said.get("reason")}
        answer = send(token, f"{address}/{end}", json.dumps(said), If_Match=tag)
        assert answer.status_code in {200, 409, 412, 422, 428}, answer.content
        if answer.status_code != 200:
            is_problem(answer, answer.status_code)
        found.add(answer.status_code)
    assert found == {200, 409, 412, 422, 428}
