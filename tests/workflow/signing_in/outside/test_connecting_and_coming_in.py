"""An account is connected by its person, lets them in, and nobody else; our second step stays."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.provider.running import BACK, Running
from tests.story import PASSWORD, Cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.codes import set_up, shown
from tests.workflow.signing_in.outside.visits import (
    ASKED,
    CONFIRM,
    CONNECT,
    MINE,
    SET_UP,
    START,
    by_password,
    comes_in,
    connected,
    is_in,
    returned,
    words,
)
from workflow import clock
from workflow.models import Membership, Outbox, OutsideAccount, Person
from workflow.people import managing


def test_the_way_in_is_shown_where_there_is_one(
    everyone: Cast, northmoor: Running, settings: Settings
) -> None:
    def links() -> list[str]:
        page = Markup(Client().get("/account/login/?next=/late/").content.decode())
        return [one.attrs["href"] or "" for one in page.all("a") if one.text == "Northmoor Council"]

    assert links() == [f"{START}?next=%2Flate%2F"]
    ada = by_password(everyone.ada)
    assert MINE in ada.get("/account/").content.decode()
    settings.SIGN_IN_PROVIDERS = ()
    assert links() == []
    assert MINE not in ada.get("/account/").content.decode()
    assert Client().get(START).status_code == 404
    assert Client().get(BACK).status_code == 404


def test_it_is_offered_to_the_organisations_own_people_alone(
    everyone: Cast, northmoor: Running
) -> None:
    assert "Connect Northmoor Council" in by_password(everyone.ada).get(MINE).content.decode()
    cara = by_password(everyone.cara)
    assert "Northmoor Council" not in cara.get(MINE).content.decode()
    assert cara.get(CONNECT).status_code == 404
    assert cara.post(CONFIRM).status_code == 404


def test_an_account_is_connected_by_a_press_and_then_lets_in(
    everyone: Cast, northmoor: Running
) -> None:
    ada, other = by_password(everyone.ada), by_password(everyone.ada)
    assert ada.get(returned(ada, northmoor, "ada", CONNECT)).headers["Location"] == CONFIRM
    assert "Is this your own account?" in ada.get(CONFIRM).content.decode()
    assert not OutsideAccount.objects.exists(), "nothing is connected before it is pressed"
    ada.post(CONFIRM)
    assert is_in(ada)
    assert not is_in(other), "a new way in ends what was open"
    assert Outbox.objects.filter(kind="account/email/outside_connected").count() == 1
    client, answer = comes_in(northmoor, "ada")
    assert answer.headers["Location"] == "/"
    assert is_in(client)
    assert client.session["_auth_user_id"] == str(everyone.ada.pk)


def test_whoever_connects_says_there_anew_who_they_are(everyone: Cast, northmoor: Running) -> None:
    ada = by_password(everyone.ada)
    asked = parse_qs(urlsplit(ada.get(CONNECT).headers["Location"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]


def test_one_comes_back_to_the_page_one_wanted(everyone: Cast, northmoor: Running) -> None:
    connected(everyone.ada, northmoor, "ada")
    for asked, led in (
        ("/late/", "/late/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
    ):
        client = Client()
        back = returned(client, northmoor, "ada", f"{START}?{urlencode({'next': asked})}")
        assert client.get(back).headers["Location"] == led


def test_an_account_that_nobody_connected_lets_nobody_in_and_makes_nobody(
    everyone: Cast, northmoor: Running
) -> None:
    connected(everyone.ada, northmoor, "ada")
    people = Person.objects.count()
    client, answer = comes_in(northmoor, "mallory")
    assert "Connect your account first" in words(answer)
    assert not is_in(client)
    assert (Person.objects.count(), OutsideAccount.objects.count()) == (people, 1)


def test_an_address_of_somebody_else_opens_nothing(everyone: Cast, northmoor: Running) -> None:
    connected(everyone.ada, northmoor, "ada")
    email = {"email": everyone.ada.email, "email_verified": True}
    northmoor.tells(claims={**email, "preferred_username": everyone.ada.email})
    client, answer = comes_in(northmoor, "mallory")
    assert "Connect your account first" in words(answer)
    assert not is_in(client)


def test_whoever_left_the_organisation_or_is_closed_is_not_let_in(
    everyone: Cast, northmoor: Running
) -> None:
    for name, ends in (("ada", "leaves"), ("ben", "is closed")):
        person = everyone.people[name]
        connected(person, northmoor, name)
        if ends == "leaves":
            yesterday = clock.today() - timedelta(days=1)
            person.memberships.update(until=yesterday)
        else:
            managing.deactivate(person, everyone.northmoor, by=everyone.adam,
                                on=clock.today(), at=clock.now())  # fmt: skip
        client, answer = comes_in(northmoor, name)
        assert "hold no role in that organisation" in words(answer)
        assert not is_in(client)


def test_whoever_also_holds_a_role_elsewhere_is_not_let_in_by_one_bodys_provider(
    everyone: Cast, northmoor: Running, settings: Settings
) -> None:
    connected(everyone.ada, northmoor, "ada")
    client, _ = comes_in(northmoor, "ada")
    assert is_in(client)
    role = {"role": "la_notifier", "since": clock.today(), "person": everyone.ada}
    Membership.objects.create(organisation=everyone.southfen, **role)
    # What began before the second role was given ends with the next request.
    assert not is_in(client)
    client, answer = comes_in(northmoor, "ada")
    assert "also hold one in another organisation" in words(answer)
    assert not is_in(client)
    ada = by_password(everyone.ada)
    assert is_in(ada)
    assert "vouch for all your roles" in ada.get(MINE).content.decode()
    assert ada.get(CONNECT).status_code == 404
    # Where the other body chose the same provider, it vouches for both.
    southfen = northmoor.entry(name="southfen", organisation="authority:9902")
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(), southfen)
    client, _ = comes_in(northmoor, "ada")
    assert is_in(client)


def test_an_account_is_one_persons(everyone: Cast, northmoor: Running) -> None:
    connected(everyone.ada, northmoor, "ada")
    ben = by_password(everyone.ben)
    ben.get(returned(ben, northmoor, "ada", CONNECT))
    assert "connected to somebody else" in words(ben.post(CONFIRM))
    assert OutsideAccount.objects.get().person == everyone.ada


def test_what_one_person_began_to_connect_no_other_confirms(
    everyone: Cast, northmoor: Running
) -> None:
    browser = by_password(everyone.ada)
    browser.get(returned(browser, northmoor, "ada", CONNECT))
    pending = browser.session["outside_to_connect"]
    ben = by_password(everyone.ben)
    session = ben.session
    session["outside_to_connect"] = pending
    session.save()
    assert ben.post(CONFIRM).headers["Location"] == MINE
    assert not OutsideAccount.objects.exists()


def test_connecting_asks_who_one_is_and_does_not_wait_for_ever(
    everyone: Cast, northmoor: Running
) -> None:
    ada = by_password(everyone.ada)
    back = returned(ada, northmoor, "ada", CONNECT)
    ada.get(back)
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        for answer in (ada.get(CONNECT), ada.get(CONFIRM), ada.post(CONFIRM)):
            assert answer.headers["Location"].startswith("/account/reauthenticate/")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        ada.post("/account/reauthenticate/", {"password": PASSWORD})
        assert ada.post(CONFIRM).headers["Location"] == MINE
    assert not OutsideAccount.objects.exists()


def test_disconnected_it_lets_nobody_in(everyone: Cast, northmoor: Running) -> None:
    ada = connected(everyone.ada, northmoor, "ada")
    assert ada.post(f"{MINE}northmoor/remove/").status_code == 302
    client, _ = comes_in(northmoor, "ada")
    assert not is_in(client)
    assert Outbox.objects.filter(kind="account/email/outside_removed").count() == 1


MFA: dict[str, Any] = {"claims": {"amr": ["pwd", "mfa"]}}
WORDS = {
    "the provider is not trusted with it": (False, MFA, True),
    "it is trusted and says nothing of it": (True, {}, True),
    "it is trusted and saw a password": (True, {"claims": {"amr": ["pwd", "otp"]}}, True),
    "it says so in another form": (True, {"claims": {"amr": "mfa"}}, True),
    "it is trusted and saw one": (True, MFA, False),
}


@pytest.mark.parametrize(("trusted", "told", "ours"), WORDS.values(), ids=WORDS)
def test_our_second_step_is_asked_for_unless_a_trusted_provider_saw_one(
    everyone: Cast, northmoor: Running, settings: Settings,
    trusted: bool, told: dict[str, Any], ours: bool,
) -> None:  # fmt: skip
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(enforces_second_factor=trusted),)
    connected(everyone.ada, northmoor, "ada")
    settings.SECOND_FACTOR = "required"
    northmoor.tells(**told)
    client, answer = comes_in(northmoor, "ada")
    assert is_in(client) is not ours
    if ours:
        assert client.get("/home/").headers["Location"] == SET_UP
    secret, _ = set_up(everyone.ada)
    client, answer = comes_in(northmoor, "ada")
    assert answer.headers["Location"] == (ASKED if ours else "/")
    assert is_in(client) is not ours
    if ours:
        client.post(ASKED, {"code": shown(secret)})
        assert is_in(client)


def test_a_factor_seen_there_counts_for_that_sign_in_alone(
    everyone: Cast, northmoor: Running, settings: Settings
) -> None:
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(enforces_second_factor=True),)
    connected(everyone.ada, northmoor, "ada")
    set_up(everyone.ada)
    northmoor.tells(**MFA)
    client, _ = comes_in(northmoor, "ada")
    assert is_in(client)
    client.post("/account/logout/")
    typed = {"login": everyone.ada.email, "password": PASSWORD}
    assert client.post("/account/login/", typed).headers["Location"] == ASKED


def test_a_sign_in_elsewhere_shows_nothing_lately(everyone: Cast, northmoor: Running) -> None:
    """Somebody else may sit there, where the provider asks nothing of whoever it knows."""
    connected(everyone.ada, northmoor, "ada")
    client, _ = comes_in(northmoor, "ada")
    again = client.get("/account/second-step/totp/activate/")
    assert again.headers["Location"].startswith("/account/reauthenticate/")
