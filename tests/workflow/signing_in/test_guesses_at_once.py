"""Of guesses that come at once no more are looked at than of those that come one by one."""

import threading
import time

import pytest
from django.db import connection
from pytest_django import Settings

from tests.story import PASSWORD, Cast, cast
from tests.workflow.signing_in.test_eight_browsers_with_one_code import RACERS, at_once
from tests.workflow.signing_in.test_guessing import LIMIT, guesses, tries
from workflow.models import Person


@pytest.fixture
def everyone(committing_db: str, settings: Settings) -> Cast:
    # The rows of a cache in the database happen to make all of one network wait for one another.
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": committing_db}}
    return cast()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were looked at, a wrong one for so long that all others come meanwhile."""
    found: list[str] = []
    real = Person.check_password

    def slowly(person: Person, password: str) -> bool:
        found.append(password)
        time.sleep(0 if password == PASSWORD else 1)
        return bool(real(person, password))

    monkeypatch.setattr(Person, "check_password", slowly)
    return found


def test_eight_at_once_are_looked_at_as_far_as_the_limit_goes(
    everyone: Cast, looked_at: list[str]
) -> None:
    guesses(everyone.ada.email, times=LIMIT - 3)
    looked_at.clear()
    got = at_once(lambda number: int(tries(everyone.ada.email, f"guess {number}").status_code))
    assert len(looked_at) == 3
    assert got == [200] * 2 + [429] * (RACERS - 2)


def test_the_right_one_pressed_twice_signs_in_both_times(
    everyone: Cast, looked_at: list[str]
) -> None:
    guesses(everyone.ada.email, times=LIMIT - 1)
    assert at_once(lambda _: int(tries(everyone.ada.email, PASSWORD).status_code)) == [302] * RACERS


def test_nobody_else_of_the_same_network_waits_for_them(
    everyone: Cast, looked_at: list[str]
) -> None:
    ended: list[str] = []

    def guess() -> None:
        try:
            guesses(everyone.ada.email, times=1)
            ended.append("ada")
        finally:
            connection.close()

    guesser = threading.Thread(target=guess)
    guesser.start()
    while not looked_at:
        time.sleep(0.01)
    assert tries(everyone.ben.email, PASSWORD).status_code == 302
    ended.append("ben")
    guesser.join(timeout=20)
    assert ended == ["ben", "ada"]
