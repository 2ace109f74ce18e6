"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-api` is the whole of it. Each run has a process and servers of its own.
"""

import json
from typing import Any

import pytest

from tests.prove.api_judging import CANARY, Judge
from tests.prove.calling import Answer, Call
from tests.prove.running import proved
from workflow.api import openapi

WRONG = {"where": "query", "name": "size", "detail": "It is none.", "remedy": "Say 25."}
CALL = Call("GET", "/api/v1/cases", f"size={CANARY}")


def test_whatever_a_program_sends_it_can_go_on_with_the_answer() -> None:
    found = proved("api", 9)
    assert found["ok"], found
    assert found["by_schemathesis"] > 30, found
    assert found["cases"] > found["by_schemathesis"], found
    assert {"200", "201", "400", "404", "422", "429"} <= set(found["statuses"]), found


def test_the_proof_finds_what_is_broken_on_purpose() -> None:
    found = proved("api", 1, broken="crash,nameless")
    assert not found["ok"], found
    for figure in ("server_errors", "unhelpful"):
        assert found[figure] > 0, found
        assert found["examples"][figure], found


def problem(*errors: Any, **more: Any) -> Answer:
    """A refusal with these errors, on which nothing is wrong but what is given."""
    said = {"type": "about:blank", "title": "No", "status": 400, "errors": list(errors)}
    sent = json.dumps({**said, **more}).encode()
    kind = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    return Answer(400, kind, sent)


def judged(call: Call, answer: Answer, route: str = "/api/v1/cases") -> dict[str, int]:
    """What of it is found wrong, by kind."""
    judge = Judge(openapi.document())
    judge.judge(call, answer, route)
    return {kind: found.total() for kind, found in judge.wrong.items() if found}


def test_a_refusal_that_says_all_is_good() -> None:
    assert judged(CALL, problem(WRONG)) == {}


@pytest.mark.parametrize(
    "errors",
    [
        [],
        [{**WRONG, "remedy": ""}],
        [{**WRONG, "name": " "}],
        [{**WRONG, "name": "sort"}],
        [{**WRONG, "where": "body"}],
        [{**WRONG, "remedy": WRONG["detail"]}],
        [WRONG, {**WRONG, "remedy": "Say 50."}],
        [{"name": "size", "detail": "It is none."}],
        ["size"],
    ],
)
def test_a_refusal_without_field_or_remedy_is_found(errors: list[Any]) -> None:
    assert judged(CALL, problem(*errors)) == {"unhelpful": 1}


def test_a_refusal_of_another_form_is_found() -> None:
    plain = {"Content-Type": "text/html", "Cache-Control": "no-store"}
    assert judged(CALL, Answer(400, plain, b"<p>No</p>")) == {"unhelpful": 1}
    assert judged(CALL, problem(WRONG, status=422)) == {"unhelpful": 1}


def test_a_refusal_that_repeats_what_was_sent_is_found() -> None:
    said = {**WRONG, "detail": f"{CANARY} is none."}
    assert judged(CALL, problem(said)) == {"repeated": 1}


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (500, {}, b"", "server_errors"),
        (503, {}, b"", "server_errors"),
        (200, {}, b'{"cases": [], "next": null, "previous": null}', "untrue"),
        (200, {"Cache-Control": "no-store"}, b'{"cases": []}', "untrue"),
        (202, {"Cache-Control": "no-store"}, b"{}", "untrue"),
        (302, {"Cache-Control": "no-store"}, b"", "untrue"),
        (
            200,
            {"Cache-Control": "no-store", "Set-Cookie": "a=b"},
            b'{"cases": [], "next": null, "previous": null}',
            "untrue",
        ),
    ],
)
def test_an_answer_that_is_not_as_described_is_found(
    status: int, headers: dict[str, str], body: bytes, kind: str
) -> None:
    assert judged(CALL, Answer(status, headers, body))[kind] > 0
