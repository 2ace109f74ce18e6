"""Whoever takes a list away as a file has shown within five minutes that it is they."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.story import PASSWORD, Cast, a_case
from tests.templates.routes import routes
from tests.workflow.signing_in.conftest import SignIn
from workflow.people import reference


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_file_is_given_just_after_signing_in_and_asked_for_later(
    enters_: SignIn, now: time_machine.Traveller, kind: str
) -> None:
    ben, path = enters_("ben"), f"/late/missed-dates.{kind}?region=all"
    given = ben.get(path)
    assert given.getvalue()
    assert "attachment" in given.headers["Content-Disposition"]
    now.shift(timedelta(minutes=5))
    asked = ben.get(path)
    assert "Content-Disposition" not in asked.headers
    assert asked.headers["Location"].startswith("/account/reauthenticate/?next=%2Flate%2Fmissed")
    done = ben.post(asked.headers["Location"], {"password": PASSWORD, "next": path})
    assert done.headers["Location"] == path
    given = ben.get(path)
    assert given.getvalue()
    assert "attachment" in given.headers["Content-Disposition"]


def files(client: Client, token: str) -> set[str]:
    """Every address at which the client is given a file."""
    found = set()
    for route in routes():
        # One address of each: a file hangs on no page of a form.
        address = route.addresses(token)[0]
        answer = client.get(address)
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            found.add(address)
        if answer.streaming:
            answer.getvalue()
    return found


@pytest.mark.parametrize("name", ["adam", "ben", "sam", "sol"])
def test_whatever_is_a_file_is_asked_for_later(
    everyone: Cast, enters_: SignIn, now: time_machine.Traveller, name: str
) -> None:
    """A new file joins by itself."""
    reference.load()
    token = a_case(everyone, aware="2026-12-07").notified("2026-12-09").case.token
    client = enters_(name)
    given = files(client, token)
    assert {"/late/figures.csv", "/late/missed-dates.csv"} <= given
    now.shift(timedelta(minutes=5))
    for address in given:
        assert client.get(address).headers["Location"].startswith("/account/reauthenticate/")
