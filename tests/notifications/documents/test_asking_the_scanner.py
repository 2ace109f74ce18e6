"""Only the whole sentence by which clamd calls a stream clean is believed."""

import socket
from typing import Any

import pytest
from pytest_django import Settings

from notifications.attached import scanner
from notifications.attached.scanner import NoAnswer, Verdict
from tests.notifications.documents import clamd


def test_a_scanner_that_answers_is_understood(settings: Settings) -> None:
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        large = b"a" * 3_000_000
        assert scanner.ask(b"Minutes.") == scanner.ask(large) == Verdict.CLEAN
        assert scanner.ask(b"Minutes. " + clamd.MARK) == Verdict.HARMFUL
        assert fake.got[:2] == [b"Minutes.", large]


@pytest.mark.parametrize(("wrong", "why"), clamd.FAULTS.values(), ids=clamd.FAULTS)
def test_whatever_else_it_does_is_no_answer(
    settings: Settings, wrong: dict[str, Any], why: str
) -> None:
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        vars(fake).update(wrong)
        with pytest.raises(NoAnswer) as found:
            scanner.ask(b"Minutes.", seconds=1 if why == "slow" else 30)
        assert found.value.fault == why


@pytest.mark.parametrize("drains", [True, False], ids=["reads on", "hangs up"])
def test_what_was_not_read_to_its_end_is_not_clean(settings: Settings, drains: bool) -> None:
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        fake.takes, fake.answer, fake.drains = 3, clamd.CLEAN, drains
        # More than lies on the way: it answers before all was sent.
        with pytest.raises(NoAnswer) as found:
            scanner.ask(bytes(16_000_000))
        assert found.value.fault in {"unsure", "unreachable"}
        # Harm that was found at the beginning is harm.
        fake.answer, fake.drains = clamd.HARMFUL, True
        assert scanner.ask(bytes(16_000_000)) == Verdict.HARMFUL


def test_nobody_there_and_no_address_are_told_apart(settings: Settings) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"
    with pytest.raises(NoAnswer, match="unreachable"):
        scanner.ask(b"Minutes.")
    settings.CLAMD = "unix:///no/such/clamd.ctl"
    with pytest.raises(NoAnswer, match="unreachable"):
        scanner.ask(b"Minutes.")
    settings.CLAMD = ""
    with pytest.raises(NoAnswer, match="none"):
        scanner.ask(b"Minutes.")


def test_a_name_that_leads_inside_is_asked_only_where_the_settings_say_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with clamd.running() as fake:
        place = ("127.0.0.1", int(fake.address.rpartition(":")[2]))
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **how: found)
        settings.CLAMD = f"tcp://scanner.example:{place[1]}"
        with pytest.raises(NoAnswer, match="unreachable"):
            scanner.ask(b"Minutes.")
        assert "name the host in PRIVATE_HOSTS" in caplog.text
        settings.PRIVATE_HOSTS = frozenset({"scanner.example"})
        assert scanner.ask(b"Minutes.") == Verdict.CLEAN
