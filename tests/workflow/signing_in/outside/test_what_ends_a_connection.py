"""What follows on a stranger at somebody's account ends what the stranger may have connected."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.provider.running import Running
from tests.story import PASSWORD, Cast
from tests.workflow.signing_in.outside.visits import MINE, comes_in, connected, is_in, words
from workflow import clock
from workflow.models import Outbox, OutsideAccount, Person
from workflow.outbox.mail import about_an_account
from workflow.people import managing

NEW = "a-new-invented-passphrase"


def _changes_the_password(everyone: Cast, ada: Client) -> None:
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert ada.post("/account/password/change/", typed).status_code == 302


def _sets_it_again_by_mail(everyone: Cast, ada: Client) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": everyone.ada.email})
    kind = "account/email/password_reset_key"
    text = about_an_account(Outbox.objects.get(person=everyone.ada, kind=kind)).text
    link = next(word for word in text.split() if "/account/password/reset/key/" in word)
    form = client.get(link[link.index("/account/") :]).headers["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302


def _loses_the_second_step(everyone: Cast, ada: Client) -> None:
    managing.take_factor_away(everyone.ada, everyone.northmoor, by=everyone.adam, at=clock.now())


def _is_closed_and_opened_again(everyone: Cast, ada: Client) -> None:
    on, at, here = clock.today(), clock.now(), everyone.northmoor
    managing.deactivate(everyone.ada, here, by=everyone.adam, on=on, at=at)
    managing.reactivate(everyone.ada, here, by=everyone.adam, at=at)


@pytest.mark.parametrize(
    "act",
    [
        _changes_the_password,
        _sets_it_again_by_mail,
        _loses_the_second_step,
        _is_closed_and_opened_again,
    ],
)
def test_a_connection_ends_with(
    everyone: Cast, northmoor: Running, act: Callable[[Cast, Client], None]
) -> None:
    ada = connected(everyone.ada, northmoor, "a stranger")
    connected(everyone.ben, northmoor, "ben")
    act(everyone, ada)
    client, answer = comes_in(northmoor, "a stranger")
    assert "Connect your account first" in words(answer)
    assert not is_in(client)
    assert Person.objects.get(outside_accounts__isnull=False) == everyone.ben
    assert is_in(comes_in(northmoor, "ben")[0])


def test_disconnecting_asks_who_one_is(everyone: Cast, northmoor: Running) -> None:
    ada, remove = connected(everyone.ada, northmoor, "ada"), f"{MINE}northmoor/remove/"
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        asked = ada.post(remove).headers["Location"]
        assert asked == "/account/reauthenticate/?next=%2Faccount%2Forganisation%2F"
        assert OutsideAccount.objects.exists()
        assert ada.post(asked, {"password": PASSWORD}).headers["Location"] == MINE
        assert ada.post(remove).headers["Location"] == f"{MINE}?done=removed"
    assert not OutsideAccount.objects.exists()
