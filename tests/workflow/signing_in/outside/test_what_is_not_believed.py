"""Every lie that a sign-in may be told with: nobody is let in, and the page says what to do."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.provider.running import BACK, Running, provider
from tests.story import Cast
from tests.workflow.signing_in.outside.visits import (
    CONFIRM,
    CONNECT,
    MINE,
    SITE,
    START,
    by_password,
    comes_in,
    connected,
    is_in,
    returned,
    words,
)
from workflow import clock
from workflow.models import OutsideAccount
from workflow.signing_in import outside
from workflow.signing_in.asking import UNREACHABLE


@dataclass(frozen=True)
class Aside:
    """A time so many seconds before or after a word is told."""

    seconds: int
    kind: type[int | str] = int

    def told(self) -> int | str:
        """As a provider writes it."""
        return self.kind(int(clock.now().timestamp()) + self.seconds)


def in_time(said: dict[str, Any]) -> dict[str, Any]:
    """The same, with its times told now."""
    return {name: one.told() if isinstance(one, Aside) else one for name, one in said.items()}


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "another-service"}},
    "for several clients": {"claims": {"aud": ["the-service", "another-service"]}},
    "for another party": {"claims": {"azp": "another-service"}},
    "for nobody": {"claims": {"aud": None}},
    "of another issuer": {"claims": {"iss": "https://login.southfen.example"}},
    "of no issuer": {"claims": {"iss": None}},
    "out of date": {"claims": {"exp": Aside(-3600), "iat": Aside(-7200)}},
    "never out of date": {"claims": {"exp": None}},
    "of tomorrow": {"claims": {"iat": Aside(86400)}},
    "of nobody": {"claims": {"sub": None}},
    "of an empty name": {"claims": {"sub": " "}},
    "of a number": {"claims": {"sub": 1}},
    "signed with another key": {"signed": {"with": "another key"}},
    "not signed": {"signed": {"with": "nothing"}},
    "signed with the client's secret": {"signed": {"with": "the client's secret"}},
    "signed with its public key": {"signed": {"with": "its public key as a secret"}},
    "asked for elsewhere": {"document": {"token_endpoint": "http://127.0.0.1:1/token/"}},
    "with keys from elsewhere": {"document": {"jwks_uri": "https://evil.example/keys"}},
    "in a document of another issuer": {"document": {"issuer": "https://evil.example"}},
    "of what is no text": {"claims": {"sub": "\ud800"}},
    "with a nonce that is no text": {"claims": {"nonce": "\ud800"}},
    "asked for nowhere": {"document": {"token_endpoint": "https://["}},
    "asked for in no way": {"document": {"token_endpoint_auth_methods_supported": None}},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_word_is_not_believed_that_is(
    everyone: Cast, northmoor: Running, caplog: pytest.LogCaptureFixture, lie: dict[str, Any]
) -> None:
    connected(everyone.ada, northmoor, "ada")
    client = Client()
    back = returned(client, northmoor, "ada")
    northmoor.tells(**{part: in_time(said) for part, said in lie.items()})
    with caplog.at_level(logging.WARNING):
        assert "could not be believed" in words(client.get(back))
    assert not is_in(client)
    assert "Sign-in through northmoor refused" in caplog.text
    assert everyone.ada.email not in caplog.text
    northmoor.tells()
    assert is_in(comes_in(northmoor, "ada")[0]), "the truth is believed afterwards"


@pytest.mark.parametrize("address", ["https://[", "{url}/\ud800", None, 1])
def test_nobody_is_led_to_where_there_is_nothing(
    everyone: Cast, northmoor: Running, address: Any
) -> None:
    told = address.format(url=northmoor.url) if isinstance(address, str) else address
    northmoor.tells(document={"authorization_endpoint": told})
    assert "could not be believed" in words(Client().get(START))


STALE: dict[str, Any] = {
    "not told": None,
    "a while ago": Aside(-3600),
    "in a while": Aside(3600),
    "text": Aside(0, str),
    "yes": True,
    "never": float("nan"),
}


@pytest.mark.parametrize("when", STALE.values(), ids=STALE)
def test_whoever_connects_was_asked_there_just_now_who_they_are(
    everyone: Cast, northmoor: Running, when: Any
) -> None:
    ada = by_password(everyone.ada)
    northmoor.tells(claims=in_time({"auth_time": when}))
    back = returned(ada, northmoor, "ada", CONNECT)
    assert "did not ask anew who you are" in words(ada.get(back))
    assert ada.post(CONFIRM).headers["Location"] == MINE
    assert not OutsideAccount.objects.exists()


def changed(back: str, **parts: str | None) -> str:
    """The address with other parameters; one that is None is left out."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    kept = {name: value for name, value in (told | parts).items() if value is not None}
    return f"{urlsplit(back).path}?{urlencode(kept)}"


STATES = {"missing": {"state": None}, "another": {"state": "another"}, "empty": {"state": ""}}


@pytest.mark.parametrize("parts", STATES.values(), ids=STATES)
def test_without_the_state_that_was_given_nobody_is_let_in(
    everyone: Cast, northmoor: Running, parts: dict[str, str | None]
) -> None:
    connected(everyone.ada, northmoor, "ada")
    client = Client()
    back = returned(client, northmoor, "ada")
    assert "not begun in this browser" in words(client.get(changed(back, **parts)))
    assert not is_in(client)


def test_what_another_browser_began_lets_nobody_in(everyone: Cast, northmoor: Running) -> None:
    connected(everyone.ada, northmoor, "ada")
    begun, victim = Client(), Client()
    back = returned(begun, northmoor, "ada")
    assert "not begun in this browser" in words(victim.get(back))
    victim.get(START)
    assert "not begun in this browser" in words(victim.get(back))
    assert not is_in(victim)


def test_a_code_works_once_and_only_where_it_was_asked_for(
    everyone: Cast, northmoor: Running
) -> None:
    connected(everyone.ada, northmoor, "ada")
    first = Client()
    back = returned(first, northmoor, "ada")
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert first.get(back).status_code == 302
    assert "not begun in this browser" in words(first.get(back))
    thief = Client()
    own = returned(thief, northmoor, "mallory")
    assert UNREACHABLE.split(".")[0] in words(thief.get(changed(own, code=code)))
    unused = parse_qs(urlsplit(returned(Client(), northmoor, "ada")).query)["code"][0]
    own = returned(thief, northmoor, "mallory")
    assert UNREACHABLE.split(".")[0] in words(thief.get(changed(own, code=unused)))
    assert not is_in(thief), "the verifier of another browser opens no code"


def test_what_was_begun_too_long_ago_or_given_up_is_begun_anew(
    everyone: Cast, northmoor: Running
) -> None:
    connected(everyone.ada, northmoor, "ada")
    client = Client()
    back = returned(client, northmoor, "ada")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert "more than 10 minutes ago" in words(client.get(back))
    back = returned(client, northmoor, "ada")
    given_up = changed(back, code=None, error="access_denied")
    assert "not finished there" in words(client.get(given_up))
    back = returned(client, northmoor, "ada")
    mixed_up = changed(back, iss="https://login.southfen.example")
    assert "could not be believed" in words(client.get(mixed_up))
    assert not is_in(client)


def test_a_provider_is_not_mixed_up_with_another(
    everyone: Cast, northmoor: Running, settings: Settings
) -> None:
    connected(everyone.ada, northmoor, "ada")
    southfen = northmoor.entry(name="southfen", organisation="authority:9902")
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(), southfen)
    client = Client()
    back = returned(client, northmoor, "ada")
    assert "not begun" in words(client.get(back.replace("northmoor", "southfen")))
    elsewhere = northmoor.url.replace("127.0.0.1", "localhost")
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(issuer=elsewhere),)
    assert "could not be believed" in words(Client().get(START))


def test_another_issuer_under_the_same_name_is_a_stranger(
    everyone: Cast, northmoor: Running, settings: Settings, tmp_path: Path
) -> None:
    northmoor.tells(claims={"sub": "one"})
    connected(everyone.ada, northmoor, "ada")
    assert is_in(comes_in(northmoor, "ada")[0])
    with provider(tmp_path, f"{SITE}{BACK}") as another:
        another.tells(claims={"sub": "one"})
        settings.SIGN_IN_PROVIDERS = (another.entry(),)
        client, answer = comes_in(another, "ada")
    assert "Connect your account first" in words(answer)
    assert not is_in(client)


def test_a_provider_that_is_away_keeps_nobody_from_signing_in(
    everyone: Cast, northmoor: Running, settings: Settings
) -> None:
    settings.SIGN_IN_PROVIDERS = (northmoor.entry(issuer="http://127.0.0.1:1"),)
    assert "does not answer as it should" in words(Client().get(START))
    assert is_in(by_password(everyone.ada))


def test_of_a_subject_only_a_digest_is_kept(everyone: Cast, northmoor: Running) -> None:
    northmoor.tells(claims={"sub": "ada.example@northmoor.example"})
    connected(everyone.ada, northmoor, "ada")
    (row,) = OutsideAccount.objects.values()
    assert "ada" not in str(row["subject"])
    assert len(row["subject"]) == 64
    assert outside.LASTS_SECONDS == 600
