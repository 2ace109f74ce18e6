"""One code, or one link, used by eight browsers at the same moment opens one of them."""

import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.story import PASSWORD, cast
from tests.workflow.signing_in.codes import set_up, shown
from workflow.models import Membership, Person
from workflow.people import managing

RACERS = 8


def at_once(act: Callable[[int], int]) -> list[int]:
    """What each of eight threads got, all of them starting together."""
    start, got = threading.Barrier(RACERS), list[int]()

    def run(number: int) -> None:
        try:
            start.wait(timeout=20)
            got.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(got)


@pytest.mark.usefixtures("committing_db")
@pytest.mark.parametrize("kind", ["from the app", "to recover"])
def test_a_code_opens_one_of_them(now: time_machine.Traveller, kind: str) -> None:
    ada = cast().ada
    secret, codes = set_up(ada)
    code = shown(secret) if kind == "from the app" else codes[0]
    browsers = [Client() for _ in range(RACERS)]
    for browser in browsers:
        browser.post("/account/login/", {"login": ada.email, "password": PASSWORD})

    def enter(number: int) -> int:
        answer = browsers[number].post("/account/second-step/authenticate/", {"code": code})
        return answer.status_code

    assert at_once(enter).count(302) == 1


@pytest.mark.usefixtures("committing_db")
def test_an_invitation_is_accepted_by_one_of_them(now: time_machine.Traveller) -> None:
    everyone = cast()
    on, at = everyone.adam.memberships.get().since, everyone.adam.joined_at
    with time_machine.travel(at, tick=False):
        made = managing.invite(
            email="nora@northmoor.example", name="Nora", organisation=everyone.northmoor,
            role="la_notifier", since=on, by=everyone.adam, on=on, at=at,
        )  # fmt: skip

        def accept(number: int) -> int:
            password = f"invented-passphrase-{number}"
            typed = {"password1": password, "password2": password}
            return Client().post(f"/invitation/{made.secret}/", typed).status_code

        assert at_once(accept) == [302] + [410] * (RACERS - 1)
    nora = Person.objects.get(email="nora@northmoor.example")
    assert Membership.objects.filter(person=nora).count() == 1
