"""What somebody may not see does not exist for them, and the log says who asked for it."""

import json
import logging

import pytest
from django.test import Client

from config.logs import JsonLines, Plain
from tests.story import Cast, a_case, cast


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.mark.parametrize("formatter", [JsonLines(), Plain()], ids=["json", "plain"])
def test_who_asked_for_what_is_not_theirs_is_known_by_their_number(
    everyone: Cast, caplog: pytest.LogCaptureFixture, formatter: logging.Formatter
) -> None:
    address = f"/cases/{a_case(everyone, aware='2026-11-20').case.address}/"
    caplog.handler.setFormatter(formatter)
    cara = Client()
    cara.force_login(everyone.cara)
    caplog.clear()
    assert cara.get(address).status_code == 404
    (line,) = caplog.text.splitlines()
    assert f"Not Found: {address}" in line
    number = everyone.cara.pk
    said = json.loads(line)["person"] if line.startswith("{") else line
    assert said == number or f"(person {number})" in str(said)
    assert "Cara" not in line
    assert everyone.cara.email not in line


def test_of_a_stranger_nothing_is_made_up(db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(JsonLines())
    assert Client().get("/nothing-is-here/").status_code == 404
    assert "person" not in json.loads(caplog.text)
