"""A sign-in with a browser that is new to the person is told by mail; others are not."""

import pytest
from django.test import Client

from tests.story import PASSWORD, Cast
from tests.workflow.signing_in.codes import set_up
from workflow.models import Outbox, Person
from workflow.outbox.mail import about_an_account
from workflow.signing_in.devices import COOKIE


def signs_in(client: Client, person: Person) -> None:
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})


def told(person: Person) -> int:
    return Outbox.objects.filter(person=person, kind="account/email/new_device").count()


def test_the_first_sign_in_of_all_and_the_same_browser_again_are_not_told(everyone: Cast) -> None:
    browser = Client()
    for _ in range(2):
        signs_in(browser, everyone.ada)
        browser.post("/account/logout/")
    assert told(everyone.ada) == 0


def test_another_browser_is_told_once_and_only_to_its_person(everyone: Cast) -> None:
    signs_in(Client(), everyone.ada)
    other = Client()
    for _ in range(2):
        signs_in(other, everyone.ada)
        other.post("/account/logout/")
    assert told(everyone.ada) == 1
    row = Outbox.objects.get(kind="account/email/new_device")
    assert "If it was not you, set a new password" in about_an_account(row).text


def test_a_browser_of_a_colleague_is_new_to_oneself(everyone: Cast) -> None:
    signs_in(Client(), everyone.ben)
    shared = Client()
    signs_in(shared, everyone.ada)
    shared.post("/account/logout/")
    signs_in(shared, everyone.ben)
    assert (told(everyone.ada), told(everyone.ben)) == (0, 1)


@pytest.mark.parametrize("value", ["forged", "WzFd:1abc:forged", ""])
def test_a_forged_cookie_makes_no_browser_known(everyone: Cast, value: str) -> None:
    signs_in(Client(), everyone.ada)
    forger = Client()
    forger.cookies[COOKIE] = value
    signs_in(forger, everyone.ada)
    assert told(everyone.ada) == 1


def test_the_password_alone_where_a_code_is_asked_tells_nothing_yet(everyone: Cast) -> None:
    signs_in(Client(), everyone.ada)
    set_up(everyone.ada)
    signs_in(Client(), everyone.ada)
    assert told(everyone.ada) == 0
