"""A code after the password: set up before anything else is shown, used once, and changed aloud."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from tests.story import PASSWORD, Cast, a_case, cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.codes import has_one, set_up, shown
from tests.workflow.signing_in.conftest import SignIn
from workflow.models import Outbox, Person
from workflow.outbox.mail import about_an_account
from workflow.people import roles
from workflow.signing_in import factors

SET_UP, ASKED = "/account/second-step/totp/activate/", "/account/second-step/authenticate/"


@pytest.fixture
def required(settings: SettingsWrapper) -> None:
    settings.SECOND_FACTOR = "required"


def half_in(person: Person) -> Client:
    """A browser that has shown the password and is asked for a code."""
    client = Client()
    typed = {"login": person.email, "password": PASSWORD}
    assert client.post("/account/login/", typed).headers["Location"] == ASKED
    return client


def enters(client: Client, code: str) -> Any:
    return client.post(ASKED, {"code": code})


def key_on(client: Client) -> str:
    page = Markup(client.get(SET_UP).content.decode())
    return next(e.text for e in page.of_class("app-key"))


def test_every_role_says_whether_it_needs_one() -> None:
    assert set(factors.BY_ROLE) == {role.slug for role in roles.ALL}
    assert set(factors.BY_ROLE.values()) <= {factors.REQUIRED, factors.OFFERED}
    reading = {role.slug for role in roles.ALL if role.reads}
    assert all(factors.BY_ROLE[slug] == factors.REQUIRED for slug in reading)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("path", ["/home/", "/queue/", "/account/", "/late/", "/"])
def test_nothing_is_shown_before_it_is_set_up(enters_: SignIn, path: str) -> None:
    assert enters_("ben").get(path).headers["Location"] in {SET_UP, "/home/"}


@pytest.mark.usefixtures("required")
def test_a_case_is_not_shown_and_nothing_is_done_on_it(everyone: Cast, enters_: SignIn) -> None:
    story = a_case(everyone, aware="2026-12-07")
    ada = enters_("ada")
    address = f"/cases/{story.case.address}/"
    assert ada.get(address).headers["Location"] == SET_UP
    assert ada.post(f"{address}link/", {}).headers["Location"] == SET_UP


@pytest.mark.usefixtures("required")
def test_help_and_signing_out_are_open(enters_: SignIn) -> None:
    ada = enters_("ada")
    assert ada.get("/help/").status_code == 200
    assert ada.post("/account/logout/").headers["Location"] == "/signed-out/"


@pytest.mark.usefixtures("required")
def test_setting_it_up_opens_everything_and_shows_recovery_codes(
    committing_db: str, now: time_machine.Traveller
) -> None:
    # What ends the other sessions happens once the factor is really stored.
    ada = cast().ada
    other, here = Client(), Client()
    for client in (other, here):
        client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    answer = here.post(SET_UP, {"code": shown(key_on(here))})
    assert answer.headers["Location"] == "/account/second-step/recovery-codes/"
    codes = Markup(here.get(answer.headers["Location"]).content.decode())
    assert len(codes.of_class("app-key")[0].text.split()) == 10
    assert here.get("/home/").status_code == 200
    assert other.get("/home/").headers["Location"].startswith("/timed-out/")
    said = about_an_account(Outbox.objects.get(kind="mfa/email/totp_activated"))
    assert said.subject == "A second step was set up"
    assert "If it was not you" in said.text


@pytest.mark.usefixtures("required")
def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_key(
    everyone: Cast, enters_: SignIn
) -> None:
    ada = enters_("ada")
    key = key_on(ada)
    page = Markup(ada.post(SET_UP, {"code": "000000"}).content.decode())
    assert "Enter the code that your app shows now" in page.of_class("govuk-error-summary")[0].text
    assert page.of_class("app-key")[0].text == key
    assert not has_one(everyone.ada)


def test_the_password_alone_opens_nothing(everyone: Cast) -> None:
    secret, _ = set_up(everyone.ada)
    ada = half_in(everyone.ada)
    assert ada.get("/home/").status_code == 302
    assert enters(ada, "000000").status_code == 200
    assert enters(ada, shown(secret)).headers["Location"] == "/"
    assert ada.get("/home/").status_code == 200


def test_a_code_works_once(everyone: Cast) -> None:
    secret, _ = set_up(everyone.ada)
    first, second = half_in(everyone.ada), half_in(everyone.ada)
    code = shown(secret)
    assert enters(first, code).status_code == 302
    assert enters(second, code).status_code == 200, "seen over somebody's shoulder it is worth none"


def test_a_code_of_a_minute_ago_is_refused(everyone: Cast, now: time_machine.Traveller) -> None:
    secret, _ = set_up(everyone.ada)
    code, ada = shown(secret), half_in(everyone.ada)
    now.shift(timedelta(seconds=60))
    assert enters(ada, code).status_code == 200


def test_a_recovery_code_stands_in_once(everyone: Cast) -> None:
    _, codes = set_up(everyone.ada)
    assert enters(half_in(everyone.ada), codes[3]).status_code == 302
    assert enters(half_in(everyone.ada), codes[3]).status_code == 200
    assert enters(half_in(everyone.ada), codes[4]).status_code == 302


def test_after_five_wrong_codes_the_right_one_waits(everyone: Cast) -> None:
    secret, _ = set_up(everyone.ada)
    ada = half_in(everyone.ada)
    for number in range(5):
        enters(ada, f"00000{number}")
    page = Markup(enters(ada, shown(secret)).content.decode())
    assert "Wait 5 minutes" in page.of_class("govuk-error-summary")[0].text


def test_a_new_password_by_mail_leaves_the_second_step_in_place(everyone: Cast) -> None:
    set_up(everyone.ada)
    everyone.ada.set_password("a-new-invented-passphrase")
    everyone.ada.save()
    client = Client()
    typed = {"login": everyone.ada.email, "password": "a-new-invented-passphrase"}
    assert client.post("/account/login/", typed).headers["Location"] == ASKED


def test_no_secret_rests_in_the_table(everyone: Cast) -> None:
    secret, _ = set_up(everyone.ada)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.usefixtures("required")
def test_taking_it_away_asks_who_one_is_ends_other_sessions_and_leads_to_a_new_one(
    everyone: Cast, now: time_machine.Traveller
) -> None:
    secret, codes = set_up(everyone.ada)
    other, ada = half_in(everyone.ada), half_in(everyone.ada)
    enters(other, codes[0])
    enters(ada, shown(secret))
    now.shift(timedelta(minutes=6))
    away = "/account/second-step/totp/deactivate/"
    asked = ada.post(away).headers["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert has_one(everyone.ada)
    ada.post("/account/reauthenticate/", {"password": PASSWORD})
    ada.post(away)
    assert not has_one(everyone.ada)
    assert ada.get("/home/").headers["Location"] == SET_UP
    assert other.get("/home/").headers["Location"].startswith(("/timed-out/", "/account/login/"))
    assert Outbox.objects.filter(kind="mfa/email/totp_deactivated").count() == 1
