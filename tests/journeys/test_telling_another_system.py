"""An authority's own system is told by the worker, and can know that it was this service."""

import hashlib
import hmac
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests import databases
from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft
from tests.journeys.visitor import Visitor
from tests.live import LiveService
from tests.story import Cast
from tests.workflow.webhooks.receiver import HOST, Receiver, Request, receiving
from workflow.models import Case
from workflow.webhooks.delivering import call_all


def is_ours(request: Request, secret: str) -> bool:
    """As the guide for other systems has it, and nothing of the service's own."""
    said = request.headers
    signed = f"{said['Webhook-Id']}.{said['Webhook-Timestamp']}.".encode() + request.body
    made = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"v1={made}" in said["Webhook-Signature"].split(",")


def secret_on(text: str) -> str:
    found = re.search(r"whsec_[\w-]+", text)
    assert found, text
    return found[0]


@pytest.fixture
def system(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """A system at this machine, which the operator has said that its webhook may be."""
    real = socket.getaddrinfo

    def leads(host: str, *rest: Any, **how: Any) -> Any:
        return real("127.0.0.1" if host == HOST else host, *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", leads)
    with receiving(tmp_path) as (receiver, trusted):
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        settings.PRIVATE_WEBHOOKS = frozenset({(HOST, receiver.port)})
        yield receiver


def told(live_service: LiveService, everyone: Cast) -> tuple[Case, int]:
    """A draft is begun, and the worker has a turn: the case, and how many messages were taken."""
    with live_service.data():
        case = a_draft(everyone, opened=working_days_ago(0))
        with databases.as_worker(live_service.database):
            return case, call_all()


def registered(adam: Visitor, system: Receiver) -> str:
    """Adam registers the address, once he has it right; the secret that his page shows."""
    adam.follows("Webhooks: your systems that are told of each act")
    adam.presses("Register an address")
    adam.answers({"Address": f"http://{HOST}/told"})
    adam.presses("Register the address")
    assert adam.problems == ["Enter an address that begins with https://"]
    adam.answers({"Address": system.address})
    adam.presses("Register the address")
    return secret_on(adam.text)


def test_a_system_is_told_of_a_draft_until_its_webhook_is_ended(
    somebody: SignedIn, live_service: LiveService, everyone: Cast, system: Receiver
) -> None:
    adam = somebody("adam", width=320)
    adam.opens("/people/")
    adam.signs_in(everyone.adam.email)
    first = registered(adam, system)
    case, many = told(live_service, everyone)
    assert many == len(system.requests) > 0
    assert all(is_ours(one, first) for one in system.requests)
    assert not any(is_ours(one, first[:-1]) for one in system.requests)
    assert {json.loads(one.body)["reference"] for one in system.requests} == {case.address}
    adam.follows("What this address is told")
    adam.sees(case.label, "Sent", "Registered")
    adam.presses("Change the secret")
    adam.presses("Change the secret")
    second = secret_on(adam.text)
    assert told(live_service, everyone)[1] > 0
    assert is_ours(system.requests[-1], first)
    assert is_ours(system.requests[-1], second)
    many = len(system.requests)
    adam.follows("What this address is told")
    adam.presses("End the webhook")
    adam.presses("End the webhook")
    adam.sees("Ended on")
    assert told(live_service, everyone)[1] == 0
    assert len(system.requests) == many
