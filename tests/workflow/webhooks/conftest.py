"""A receiver of Northmoor's, registered by its administrator, and a case of its own."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from tests.story import Cast, cast, day, moment
from tests.workflow.webhooks.receiver import HOST, Receiver, receiving
from workflow.webhooks import calling, managing
from workflow.webhooks.managing import Registered

TODAY = "2026-11-20"


class Inside(frozenset[tuple[str, int]]):
    """Any port of the receiver's host: some tests listen on another."""

    def __contains__(self, place: object) -> bool:
        return isinstance(place, tuple) and place[0] == HOST


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Receiver, Any]]:
    with receiving(tmp_path_factory.mktemp("receiver")) as found:
        yield found


@pytest.fixture
def receiver(
    running: tuple[Receiver, Any], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Receiver:
    """It is at this machine, which the operator has said that its name may be."""
    found, trusted = running
    found.requests.clear()
    found.fault, found.connections = "", 0
    real = socket.getaddrinfo

    def leads(host: str, *rest: Any, **how: Any) -> Any:
        return real("127.0.0.1" if host == HOST else host, *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", leads)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setattr(calling, "SECONDS", 0.4)
    settings.PRIVATE_WEBHOOKS = Inside()
    return found


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(moment(TODAY), tick=False) as clock:
        yield clock


@pytest.fixture
def everyone(db: None) -> Cast:
    return cast()


@pytest.fixture
def hook(everyone: Cast, receiver: Receiver) -> Registered:
    """Northmoor's webhook."""
    how: Any = {"by": everyone.adam, "on": day(TODAY), "at": moment(TODAY)}
    return managing.register(receiver.address, everyone.northmoor, **how)
