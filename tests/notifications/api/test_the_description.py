"""The description of the API: valid OpenAPI 3.1, whole, and true of what is really answered."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.docs import pages
from tests.notifications.api.filed import FILE, body, read, send
from tests.story import Cast
from tests.templates.routes import routes
from tests.workflow.api.conftest import encoded, form, is_problem
from workflow.api import openapi
from workflow.api.clients import LetIn
from workflow.machine.token import grouped
from workflow.models import Case

SAID = openapi.document()


def wrong_in(document: Any) -> list[str]:
    """What a validator of others says."""
    return [str(one.message) for one in OpenAPIV31SpecValidator(document).iter_errors()]


def shape_of(name: str, method: str, answer: Any) -> Any:
    """What the description says of an answer of this status."""
    (path,) = [one.path for one in openapi.addresses() if one.name == name]
    answers = SAID["paths"][path][method]["responses"]
    if answer.status_code >= 400:
        refused = SAID["components"]["responses"]["Refused"]
        return refused["content"]["application/problem+json"]["schema"]
    return answers[str(answer.status_code)]["content"]["application/json"]["schema"]


def is_as_described(name: str, method: str, answer: Any) -> None:
    """The answer has the shape that the description gives it."""
    validator = Draft202012Validator(shape_of(name, method, answer))
    found = [f"{one.json_path}: {one.message}" for one in validator.iter_errors(answer.json())]
    assert found == [], name


def test_it_is_valid() -> None:
    assert wrong_in(SAID) == []
    assert SAID["openapi"] == "3.1.0"


def test_what_is_not_valid_would_be_found() -> None:
    broken = json.loads(json.dumps(SAID))
    broken["paths"][FILE]["post"]["responses"]["201"].pop("description")
    assert wrong_in(broken)


def test_it_is_written_down_as_the_code_is() -> None:
    assert pages.DESCRIPTION.read_text(encoding="utf-8") == pages.described(), "run `make docs`"


def test_every_routed_address_is_in_it_with_every_method_it_takes() -> None:
    routed = {one.name for one in routes() if one.name.startswith("api:")}
    assert {f"api:{one.name}" for one in openapi.addresses()} == routed
    for one in openapi.addresses():
        takes = {name.lower() for name in one.view().allowed_methods} - {"head", "options"}
        assert set(SAID["paths"][one.path]) == takes, one.path
        assert all(SAID["paths"][one.path][method]["responses"] for method in takes)


def test_every_scope_that_it_names_can_be_given() -> None:
    known = SAID["components"]["securitySchemes"]["token"]["flows"]["clientCredentials"]["scopes"]
    asked = {
        scope
        for path in SAID["paths"].values()
        for operation in path.values()
        for one in operation["security"]
        for scope in one["token"]
    }
    assert asked == set(known)


def test_what_files_a_notification_is_described_to_the_last_question() -> None:
    sent = SAID["paths"][FILE]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(sent)
    assert [one.message for one in validator.iter_errors(body())] == []
    changes: list[dict[str, Any]]
    changes = [{"harm": {"weapon": "no"}}, {"harm": {"evil": 1}}, {"evil": {}}]
    for change in changes:
        assert list(validator.iter_errors(body(**change))), change
    assert list(validator.iter_errors({"pages": {}}))


def test_answers_are_as_described(system: LetIn, token: str) -> None:
    issued = Client().post("/api/v1/token", **encoded(**form(system)))
    is_as_described("token", "post", issued)
    is_as_described("file", "post", send(token, FILE, {}))
    filed = send(token, FILE, body())
    is_as_described("file", "post", filed)
    here = {"token": Case.objects.get().token}
    for name in ("case", "deadlines", "events", "notification"):
        answer = read(token, reverse(f"api:{name}", kwargs=here))
        assert answer.status_code == 200
        is_as_described(name, "get", answer)
    for name in ("cases", "authorities", "codes", "openapi"):
        answer = read(token, reverse(f"api:{name}"))
        assert answer.status_code == 200
        is_as_described(name, "get", answer)
    listed = read(token, "/api/v1/cases?part=open")
    assert listed.json()["cases"][0]["case"] == grouped(here["token"])
    is_as_described("cases", "get", listed)


def test_changes_are_as_described(token: str) -> None:
    filed = send(token, FILE, body())
    address, seen = filed.json()["address"], filed["ETag"]
    said = {"page": "partners", "answers": {"agreed": "yes", "views": "All."}, "reason": "Why."}
    changed = send(token, f"{address}/amendments", said, If_Match=seen)
    assert changed.status_code == 200
    is_as_described("amend", "post", changed)
    asked = send(token, f"{address}/withdrawal", {"reason": "Why."}, If_Match=changed["ETag"])
    assert asked.status_code == 200
    is_as_described("withdraw", "post", asked)


def test_the_service_answers_with_it(everyone: Cast, token: str) -> None:
    assert read(token, "/api/v1/openapi.json").json() == SAID
    is_problem(Client().get("/api/v1/openapi.json"), 401)


@pytest.mark.parametrize("name", ["cases", "file"])
def test_an_answer_of_another_shape_would_be_found(token: str, name: str) -> None:
    answer = send(token, FILE, body()) if name == "file" else read(token, "/api/v1/cases")
    said = {**answer.json(), "evil": 1}
    shape = shape_of(name, "post" if name == "file" else "get", answer)
    assert list(Draft202012Validator(shape).iter_errors(said))
