"""A provider that is slow, or away, keeps as few threads as can be from everybody else."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from tests import databases
from tests.provider.running import BACK, Running
from tests.story import Cast, cast
from tests.workflow.signing_in.outside.visits import (
    CONNECT,
    START,
    by_password,
    comes_in,
    connected,
    is_in,
    words,
)
from workflow import clock
from workflow.signing_in import asking
from workflow.signing_in.providers import Provider


class Told:
    """A server that tells one thing at every address, counts, and can let it come in drops."""

    def __init__(self) -> None:
        self.status, self.asked, self.drops = 200, 0, 0
        self.said: dict[str, Any] = {}
        self.meanwhile: Callable[[], None] = lambda: None
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told.asked += 1
                told.meanwhile()
                self.send_response(told.status)
                self.end_headers()
                for _ in range(told.drops):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
                self.wfile.write(json.dumps(told.said).encode())

            def log_message(self, *rest: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def told(settings: Settings) -> Iterator[Told]:
    found = Told()
    found.said = {
        "issuer": found.url,
        "authorization_endpoint": f"{found.url}/authorize",
        "token_endpoint": f"{found.url}/token",
        "jwks_uri": f"{found.url}/keys",
    }
    asking.forget()
    settings.SIGN_IN_PROVIDERS = (_entry(found),)
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join(20)
    found.server.server_close()


def _entry(told: Told) -> Provider:
    return Provider("northmoor", "Northmoor Council", "authority:9901", told.url, "us", "secret")


@pytest.mark.django_db
def test_whoever_opens_the_way_in_again_and_again_asks_the_provider_once(told: Told) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(5):
            assert Client().get(START).status_code == 302
        assert told.asked == 1
        now.shift(timedelta(minutes=5))
        assert Client().get(START).status_code == 302
        assert told.asked == 2


def test_while_a_provider_is_waited_for_no_transaction_is_open(
    told: Told, committing_db: str
) -> None:
    open_ones: list[int] = []

    def looks() -> None:
        with databases.as_owner(committing_db) as server:
            # What a transaction has read it holds until it ends, and everybody may see that.
            found = server.execute(
                "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE l.locktype = 'relation' AND a.datname = current_database()"
                " AND a.usename IS NOT NULL AND l.pid <> pg_backend_pid()"
            ).fetchone()
        open_ones.extend(found or ())

    ada = by_password(cast().ada)
    told.meanwhile = looks
    # The way there, the way to connect, and the way back, which asks for a token.
    assert Client().get(START).status_code == 302
    asking.forget()
    connecting = ada.get(CONNECT).headers["Location"]
    asking.forget()
    state = parse_qs(urlsplit(connecting).query)["state"][0]
    assert ada.get(BACK, {"state": state, "code": "some"}).status_code == 403
    assert told.asked == 3
    assert open_ones == [0, 0, 0]


@pytest.mark.django_db
def test_after_a_failure_nobody_waits_for_half_a_minute(told: Told) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        told.status = 500
        for _ in range(5):
            assert "does not answer as it should" in words(Client().get(START))
        assert told.asked == 1
        told.status = 200
        now.shift(timedelta(seconds=29))
        assert Client().get(START).status_code == 403
        now.shift(timedelta(seconds=1))
        assert Client().get(START).status_code == 302
        assert told.asked == 2


def test_what_comes_in_drops_is_given_up(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.drops = 30
    assert asking.fetched(_entry(told), told.url) == told.said
    monkeypatch.setattr(asking, "ALL_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(asking.Refused, match="TimeoutError"):
        asking.fetched(_entry(told), told.url)
    assert time.monotonic() - began < 2.5


def test_a_new_key_is_asked_for_when_a_word_is_signed_with_it(
    everyone: Cast, northmoor: Running
) -> None:
    connected(everyone.ada, northmoor, "ada")
    (kept,) = [place for place in asking._kept if place[1].endswith("jwks.json")]
    old = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    keys = [jwt.algorithms.RSAAlgorithm.to_jwk(old, as_dict=True) | {"kid": "of last year"}]
    asking._kept[kept] = clock.now().timestamp(), {"keys": keys}
    assert is_in(comes_in(northmoor, "ada")[0])
