"""A security key as the second step: added, named, used, removed; and refused when it should be."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from pytest_django import Settings

from tests.story import PASSWORD, Cast, cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.codes import has_one, set_up
from tests.workflow.signing_in.conftest import SignIn
from tests.workflow.signing_in.keys import ADD, FLAG, SITE, Key, added, asked, has_a_key
from workflow import opaque
from workflow.models import Outbox, Person
from workflow.outbox.mail import about_an_account
from workflow.signing_in import security_keys

ASKED, SET_UP = "/account/second-step/authenticate/", "/account/second-step/totp/activate/"
KEYS, CODES = "/account/second-step/security-keys/", "/account/second-step/recovery-codes/"
AGAIN, GENERATE = f"{KEYS}reauthenticate/", f"{CODES}generate/"


def at(row: Authenticator, act: str) -> str:
    """Where a key is renamed or removed."""
    return f"{KEYS}{opaque.hide('security_key', row.pk)}/{act}/"


@pytest.fixture(autouse=True)
def at_its_address(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"


def half_in(person: Person) -> Client:
    """A browser that has shown the password and is asked for a second step."""
    client = Client()
    typed = {"login": person.email, "password": PASSWORD}
    assert client.post("/account/login/", typed).headers["Location"] == ASKED
    return client


def uses(client: Client, key: Key, path: str = ASKED, **odd: Any) -> Any:
    return client.post(path, {"credential": key.answers(asked(client, path), **odd)})


def summary(answer: Any) -> str:
    assert answer.status_code == 200
    return Markup(answer.content.decode()).of_class("govuk-error-summary")[0].text


def rows(person: Person) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN))


def test_a_key_is_added_named_listed_and_renamed(everyone: Cast, enters_: SignIn) -> None:
    ada = enters_("ada")
    assert added(ada, Key()).headers["Location"] == CODES
    page = Markup(ada.get(KEYS).content.decode())
    assert page.all("h2")[0].text == "blue key"
    assert "Not used yet" in page.one("main").text
    (row,) = rows(everyone.ada)
    rename = at(row, "rename")
    assert ada.post(rename, {"name": ""}).status_code == 200
    assert ada.post(rename, {"name": "red key"}).headers["Location"] == KEYS
    assert "red key" in Markup(ada.get(KEYS).content.decode()).one("main").text


@pytest.mark.usefixtures("everyone")
def test_a_key_without_a_name_is_given_one_and_a_long_name_is_refused(enters_: SignIn) -> None:
    ada = enters_("ada")
    assert "60 characters or fewer" in summary(added(ada, Key(), "x" * 61))
    assert added(ada, Key(), "").status_code == 302
    assert "Security key 1" in Markup(ada.get(KEYS).content.decode()).one("main").text


@pytest.mark.usefixtures("required")
def test_a_key_is_all_that_a_role_requires_and_brings_recovery_codes(
    everyone: Cast, enters_: SignIn
) -> None:
    ada = enters_("ada")
    assert ada.get("/home/").headers["Location"] == SET_UP
    assert ADD in ada.get(SET_UP).content.decode()
    codes = Markup(ada.get(added(ada, Key()).headers["Location"]).content.decode())
    assert len(codes.of_class("app-key")[0].text.split()) == 10
    assert ada.get("/home/").status_code == 200


def test_whoever_has_a_key_signs_in_with_it(everyone: Cast) -> None:
    key, row = has_a_key(everyone.ada)
    RecoveryCodes.activate(everyone.ada)
    ada = half_in(everyone.ada)
    assert ada.get("/home/").status_code == 302
    assert uses(ada, key).headers["Location"] == "/"
    assert ada.get("/home/").status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://service.example.evil.example"},
    "a name below ours": {"origin": "https://other.service.example"},
    "another port": {"origin": "https://service.example:8443"},
    "without https": {"origin": "http://service.example"},
    "a frame of another site": {"framed": True},
    "another relying party": {"party": "other.example"},
    "another challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "nobody touched it": {"flags": FLAG(0)},
    "said on adding": {"type": "webauthn.create"},
    "signed other words": {"signed": b"other words"},
}


@pytest.mark.parametrize("odd", WRONG.values(), ids=WRONG)
def test_a_key_is_refused_that_did_not_answer_here_and_now(
    everyone: Cast, odd: dict[str, Any]
) -> None:
    key, _ = has_a_key(everyone.ada)
    ada = half_in(everyone.ada)
    assert security_keys.NOT_ACCEPTED in summary(uses(ada, key, **odd))
    assert ada.get("/home/").status_code == 302
    assert uses(ada, key).status_code == 302, "the honest answer is taken afterwards"


def test_an_answer_works_once(everyone: Cast) -> None:
    key, _ = has_a_key(everyone.ada)
    first, second = half_in(everyone.ada), half_in(everyone.ada)
    answer = {"credential": key.answers(asked(first, ASKED))}
    asked(second, ASKED)
    assert first.post(ASKED, answer).status_code == 302
    assert security_keys.NOT_ACCEPTED in summary(second.post(ASKED, answer))


def test_a_key_of_somebody_else_or_of_nobody_opens_nothing(everyone: Cast) -> None:
    bens, _ = has_a_key(everyone.ben)
    mine, _ = has_a_key(everyone.ada)
    ada = half_in(everyone.ada)
    for key in (bens, Key(), Key(identity=mine.identity)):
        assert security_keys.NOT_ACCEPTED in summary(uses(ada, key))
    assert ada.get("/home/").status_code == 302


def test_where_there_is_no_key_none_is_asked_for_and_none_is_taken(everyone: Cast) -> None:
    set_up(everyone.ada)
    ada, key = half_in(everyone.ada), Key()
    page = Markup(ada.get(ASKED).content.decode())
    assert not [one for one in page.all("form") if "data-security-key" in one.attrs]
    challenge = ada.session["mfa.webauthn.state"]["challenge"]
    answer = ada.post(ASKED, {"credential": key.answers({"challenge": challenge})})
    assert security_keys.NOT_ACCEPTED in summary(answer)


HOSTILE = [
    "", "null", "0", '"text"', "[]", "[[[]]]", "{}", "{", "NaN", "\x00",
    '{"rawId": "AA", "response": "text"}',
    '{"rawId": 1, "response": {"clientDataJSON": 1, "attestationObject": [], "signature": {}}}',
    json.dumps({"rawId": "AA", "response": {
        "clientDataJSON": "W10", "attestationObject": "oA", "authenticatorData": "AA",
        "signature": "AA"}}),
    json.dumps({"rawId": "AA", "response": {
        "clientDataJSON": "eyJ0eXBlIjogMX0", "attestationObject": "gYGBgYGBgYE",
        "authenticatorData": "A" * 400, "signature": "A" * 4000}}),
    '{"a":' * 5000,
    "[" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_words_that_no_key_says_are_refused_and_break_nothing(
    everyone: Cast, enters_: SignIn, text: str
) -> None:
    has_a_key(everyone.ada)
    ben, ada = enters_("ben"), half_in(everyone.ada)
    for client, path in ((ben, ADD), (ada, ASKED)):
        asked(client, path)
        said = summary(client.post(path, {"name": "blue key", "credential": text}))
        assert security_keys.NOT_ACCEPTED in said or security_keys.NOTHING_SENT in said
    assert not has_one(everyone.ben)


@pytest.mark.parametrize("odd", list(WRONG.values())[:7], ids=list(WRONG)[:7])
def test_a_key_is_not_added_from_elsewhere(
    everyone: Cast, enters_: SignIn, odd: dict[str, Any]
) -> None:
    ada = enters_("ada")
    assert security_keys.NOT_ACCEPTED in summary(added(ada, Key(), **odd))
    assert not has_one(everyone.ada)


def test_a_key_belongs_to_the_service_under_whatever_name_it_is_asked_for(
    enters_: SignIn, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ada = enters_("ada")
    page = ada.get(ADD, headers={"host": "other.example"}).content.decode()
    assert '"id": "service.example"' in page


def test_keys_of_others_are_not_there(everyone: Cast, enters_: SignIn) -> None:
    _, row = has_a_key(everyone.ben)
    ada = enters_("ada")
    assert "blue key" not in ada.get(KEYS).content.decode()
    for act in ("rename", "remove"):
        assert ada.get(at(row, act)).status_code == 404
        assert ada.post(at(row, act), {"name": "mine"}).status_code == 404
    assert len(rows(everyone.ben)) == 1


@pytest.mark.usefixtures("required")
def test_adding_and_removing_ask_who_one_is_end_other_sessions_and_are_told_by_mail(
    everyone: Cast, enters_: SignIn, now: time_machine.Traveller
) -> None:
    other, ada = enters_("ada"), enters_("ada")
    assert added(ada, Key()).status_code == 302
    assert other.get("/home/").headers["Location"].startswith(("/timed-out/", "/account/login/"))
    said = about_an_account(Outbox.objects.get(kind="mfa/email/webauthn_added"))
    assert said.subject == "A security key was added"
    assert "If it was not you" in said.text
    now.shift(timedelta(minutes=6))
    (row,) = rows(everyone.ada)
    for path in (ADD, at(row, "remove"), at(row, "rename")):
        assert ada.get(path).headers["Location"].startswith("/account/reauthenticate/")
    ada.post(at(row, "remove"))
    assert len(rows(everyone.ada)) == 1
    ada.post("/account/reauthenticate/", {"password": PASSWORD})
    assert ada.post(at(row, "remove")).headers["Location"] == KEYS
    assert not has_one(everyone.ada), "recovery codes stand in for a factor, and are none"
    assert ada.get("/home/").headers["Location"] == SET_UP
    assert Outbox.objects.filter(kind="mfa/email/webauthn_removed").count() == 1


def test_a_key_shows_that_it_is_oneself_and_another_is_refused_on_the_same_page(
    everyone: Cast, now: time_machine.Traveller
) -> None:
    key, _ = has_a_key(everyone.ada)
    set_up(everyone.ada)
    ada = half_in(everyone.ada)
    uses(ada, key)
    now.shift(timedelta(minutes=6))
    assert ada.get(ADD).status_code == 302
    assert security_keys.NOT_ACCEPTED in summary(uses(ada, Key(), AGAIN))
    assert ada.get(ADD).status_code == 302
    assert uses(ada, key, AGAIN).status_code == 302
    assert ada.get(ADD).status_code == 200


def test_after_five_keys_that_were_refused_the_right_one_waits(everyone: Cast) -> None:
    key, _ = has_a_key(everyone.ada)
    ada = half_in(everyone.ada)
    for _ in range(5):
        uses(ada, Key())
    assert "Wait 5 minutes" in summary(uses(ada, key))


def test_what_a_key_said_rests_sealed_and_bound_to_its_person(everyone: Cast) -> None:
    key, row = has_a_key(everyone.ada)
    resting = Authenticator.objects.filter(pk=row.pk).values_list("data", flat=True).get()
    assert set(resting) == {"name", "credential"}
    assert isinstance(resting["credential"], str)
    assert str(row.data["credential"]["rawId"]) not in str(resting)
    row.wrap().name = "red key"
    row.save()
    assert uses(half_in(everyone.ada), key).status_code == 302
    Authenticator.objects.filter(pk=row.pk).update(user=everyone.ben)
    assert half_in(everyone.ben).get(ASKED).status_code == 503


@pytest.mark.usefixtures("required")
def test_whoever_has_a_key_alone_never_goes_without_a_code_in_reserve(committing_db: str) -> None:
    # New codes are told of once they are really stored.
    ada = cast().ada
    has_a_key(ada)
    *_, last = codes = RecoveryCodes.activate(ada).generate_codes()
    for code in codes:
        browser = half_in(ada)
        assert browser.post(ASKED, {"code": code}).status_code == 302
        led = browser.get("/home/").headers.get("Location")
        assert led == (GENERATE if code == last else None)
    assert browser.get(GENERATE).status_code == 200
    assert browser.post(GENERATE).headers["Location"] == CODES
    assert browser.get("/home/").status_code == 200


def test_beside_an_app_the_last_recovery_code_leads_nowhere(everyone: Cast) -> None:
    has_a_key(everyone.ada)
    _, codes = set_up(everyone.ada)
    for code in codes:
        browser = half_in(everyone.ada)
        assert browser.post(ASKED, {"code": code}).status_code == 302
        assert browser.get("/home/").status_code == 200
