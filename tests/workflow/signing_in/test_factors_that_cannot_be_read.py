"""A second factor sealed for somebody else, or not here: it opens nothing, and a page says so."""

from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client
from pytest_django import Settings

from tests.story import PASSWORD, Cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.codes import set_up, shown
from tests.workflow.signing_in.keys import SITE, has_a_key
from workflow import clock
from workflow.models import Person
from workflow.people import managing
from workflow.signing_in import sealing

ASKED = "/account/second-step/authenticate/"
KINDS = Authenticator.Type
HEADING = "Your second step cannot be checked"


def resting(person: Person, kind: str) -> Any:
    rows = Authenticator.objects.filter(user=person, type=kind)
    return rows, dict(rows.values_list("data", flat=True).get())


def half_in(person: Person) -> Client:
    client = Client()
    typed = {"login": person.email, "password": PASSWORD}
    assert client.post("/account/login/", typed).headers["Location"] == ASKED
    return client


def is_told(client: Client, code: str) -> bool:
    """Whether the page says what is wrong and what to do; nobody came in by it."""
    answer = client.post(ASKED, {"code": code})
    page = Markup(answer.content.decode())
    assert client.get("/home/").status_code == 302
    told = (answer.status_code, page.one("h1").text) == (503, HEADING)
    return told and "Ask an administrator of your organisation" in page.one("main").text


@pytest.mark.parametrize(("kind", "name"), [(KINDS.TOTP, "secret"), (KINDS.RECOVERY_CODES, "seed")])
def test_what_was_put_into_another_persons_row_opens_nothing(
    everyone: Cast, kind: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret, codes = set_up(everyone.ada)
    set_up(everyone.ben)
    _, hers = resting(everyone.ada, kind)
    rows, his = resting(everyone.ben, kind)
    rows.update(data={**his, name: hers[name]})
    assert is_told(half_in(everyone.ben), shown(secret) if kind == KINDS.TOTP else codes[0])
    assert "sealed for somebody else" in caplog.text
    assert everyone.ben.email not in caplog.text


def test_a_row_that_is_given_to_another_person_whole_opens_nothing(everyone: Cast) -> None:
    secret, _ = set_up(everyone.ada)
    resting(everyone.ada, KINDS.TOTP)[0].update(user=everyone.ben)
    assert is_told(half_in(everyone.ben), shown(secret))


def test_an_apps_secret_in_place_of_ones_own_recovery_codes_opens_nothing(everyone: Cast) -> None:
    set_up(everyone.ada)
    secret = resting(everyone.ada, KINDS.TOTP)[1]["secret"]
    rows, data = resting(everyone.ada, KINDS.RECOVERY_CODES)
    rows.update(data={**data, "seed": secret})
    assert is_told(half_in(everyone.ada), "00000000")


@pytest.mark.parametrize("left", ["not sealed", None, 7, {"secret": "A"}])
def test_garbage_is_told_and_not_a_fault(everyone: Cast, left: object) -> None:
    set_up(everyone.ada)
    resting(everyone.ada, KINDS.TOTP)[0].update(data={"secret": left})
    assert is_told(half_in(everyone.ada), "123456")


def test_under_another_master_key_each_is_told_until_the_right_one_is_back(
    everyone: Cast, settings: Settings
) -> None:
    settings.SITE_URL = SITE
    secret, _ = set_up(everyone.ada)
    has_a_key(everyone.ben)
    right, settings.MASTER_KEY = settings.MASTER_KEY, b"another invented master key here"
    assert is_told(half_in(everyone.ada), shown(secret))
    assert half_in(everyone.ben).get(ASKED).status_code == 503
    settings.MASTER_KEY = right
    ada = half_in(everyone.ada)
    assert ada.post(ASKED, {"code": shown(secret)}).status_code == 302
    assert ada.get("/home/").status_code == 200


def test_an_administrator_takes_away_what_cannot_be_read(everyone: Cast) -> None:
    set_up(everyone.ada)
    resting(everyone.ada, KINDS.TOTP)[0].update(data={"secret": "not sealed"})
    managing.take_factor_away(everyone.ada, everyone.northmoor, by=everyone.adam, at=clock.now())
    client = Client()
    client.post("/account/login/", {"login": everyone.ada.email, "password": PASSWORD})
    assert client.get("/home/").status_code == 200


def test_what_was_sealed_before_is_bound_to_its_person_and_back_again(everyone: Cast) -> None:
    moved = import_module("workflow.migrations.0041_bind_second_factors_to_their_person")
    secret, codes = set_up(everyone.ada)
    moved.unbind(apps, None)
    assert sealing.opened(resting(everyone.ada, KINDS.TOTP)[1]["secret"]) == secret
    assert is_told(half_in(everyone.ada), shown(secret))
    moved.bind(apps, None)
    assert half_in(everyone.ada).post(ASKED, {"code": shown(secret)}).status_code == 302
    assert half_in(everyone.ada).post(ASKED, {"code": codes[1]}).status_code == 302
