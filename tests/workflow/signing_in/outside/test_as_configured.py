"""What an operator may write about an organisation's own sign-in; and what is said of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from workflow.signing_in import providers

GOOD = {
    "name": "northmoor",
    "title": "Northmoor Council",
    "organisation": "authority:9901",
    "issuer": "https://login.northmoor.example/tenant",
    "client_id": "the-service",
    "client_secret": "an invented secret",
}


def told(*entries: Any, https: bool = True) -> tuple[tuple[providers.Provider, ...], list[str]]:
    return providers.read(json.dumps(list(entries)), https=https)


def test_nothing_is_no_provider() -> None:
    assert providers.read("", https=True) == ((), [])


def test_a_provider_is_known_by_what_was_written_and_its_secret_is_not_shown(
    tmp_path: Path,
) -> None:
    file = tmp_path / "secret"
    file.write_text("an invented secret\n")
    in_a_file = {k: v for k, v in GOOD.items() if k != "client_secret"}
    found, wrong = told(GOOD, in_a_file | {"name": "other", "client_secret_file": str(file)})
    assert wrong == []
    assert [one.client_secret for one in found] == ["an invented secret"] * 2
    assert [one.enforces_second_factor for one in found] == [False, False]
    assert "an invented secret" not in repr(found)


WRONG: dict[str, tuple[Any, str]] = {
    "no name": ({"name": ""}, "name is missing"),
    "an odd name": ({"name": "North Moor"}, "small letters"),
    "an unknown word": ({"isuer": "x"}, "isuer is not known"),
    "no https": ({"issuer": "http://login.northmoor.example"}, "https://"),
    "this machine": ({"issuer": "http://127.0.0.1:9000"}, "https://"),
    "a query": ({"issuer": "https://login.example/?a=1"}, "https://"),
    "two secrets": ({"client_secret_file": "/x"}, "either client_secret or"),
    "no secret": ({"client_secret": ""}, "either client_secret or"),
    "a word for yes": ({"enforces_second_factor": "yes"}, "true or false"),
    "hosts as text": ({"hosts": "login.example"}, "a list of names"),
}


@pytest.mark.parametrize(("change", "why"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_refused_and_says_what_to_do(change: dict[str, Any], why: str) -> None:
    found, wrong = told(GOOD | change)
    assert found == ()
    assert any(why in one and one.startswith("entry 1: ") for one in wrong), wrong


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '"text"'])
def test_what_is_no_list_of_providers_is_refused(text: str) -> None:
    found, wrong = providers.read(text, https=True)
    assert found == ()
    assert len(wrong) == 1


def test_a_secret_that_cannot_be_read_and_two_of_a_name_are_told_of(tmp_path: Path) -> None:
    in_a_file = {k: v for k, v in GOOD.items() if k != "client_secret"}
    _, wrong = told(in_a_file | {"client_secret_file": str(tmp_path / "none")})
    assert "cannot be read" in wrong[0]
    assert told(GOOD, GOOD)[1] == ["two entries are named northmoor."]


def test_over_plain_http_a_provider_may_stand_on_this_machine() -> None:
    found, wrong = told(GOOD | {"issuer": "http://127.0.0.1:9000"}, https=False)
    assert (len(found), wrong) == (1, [])


ADDRESSES = {
    "https://login.northmoor.example/token": True,
    "https://keys.northmoor.example/jwks": True,
    "http://login.northmoor.example/token": False,
    "http://keys.northmoor.example/jwks": False,
    "https://login.northmoor.example:8443/token": False,
    "https://login.northmoor.example@evil.example/": False,
    "https://evil.example/?https://login.northmoor.example/": False,
    "https://169.254.169.254/": False,
    "": False,
}


@pytest.mark.parametrize(("address", "may"), ADDRESSES.items())
def test_it_is_asked_at_its_own_names_alone(address: str, may: bool) -> None:
    ((one,), _) = told(GOOD | {"hosts": ["keys.northmoor.example"]})
    assert one.may_be_asked_at(address) is may
    assert not one.may_be_asked_at(None)
