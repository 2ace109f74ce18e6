"""Whoever takes a list away as a file has shown within five minutes that it is they."""

from datetime import timedelta

import pytest
import time_machine

from tests.story import PASSWORD
from tests.workflow.signing_in.conftest import SignIn


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
