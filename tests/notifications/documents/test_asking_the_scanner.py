"""Only the whole sentence by which clamd calls a stream clean is believed."""

from typing import Any

import pytest
from pytest_django import Settings

from notifications.attached import scanner
from notifications.attached.scanner import NoAnswer, Verdict
from tests.notifications.documents import clamd

# What the scanner does, and the word for why the document stays held.
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hangs up at once": ({"hangs_up_after": 0}, "unreachable"),
    "hangs up without a word": ({"answer": b""}, "unreachable"),
    "says half a sentence": ({"answer": b"stream: O"}, "unsure"),
    "says more than a sentence": ({"answer": b"stream: OK\0stream: OK\0"}, "unsure"),
    "says another sentence": ({"answer": b"stream: OKAY\0"}, "unsure"),
    "says rubbish": ({"answer": b"\xff\xfe" * 20}, "unsure"),
    "says that it failed": ({"answer": b"stream: Can't allocate memory ERROR\0"}, "unsure"),
    "says that it has a lock": (
        {"answer": b"stream: Heuristics.Encrypted.PDF FOUND\0"},
        "unsure",
    ),
    "did not look at all of it": (
        {"answer": b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0"},
        "too_large",
    ),
    "takes no more": ({"takes": 3}, "too_large"),
    "drips": ({"slow": 0.2}, "slow"),
}


def test_a_scanner_that_answers_is_understood(settings: Settings) -> None:
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        large = b"a" * 3_000_000
        assert scanner.ask(b"Minutes.") == scanner.ask(large) == Verdict.CLEAN
        assert scanner.ask(b"Minutes. " + clamd.MARK) == Verdict.HARMFUL
        assert fake.got[:2] == [b"Minutes.", large]


@pytest.mark.parametrize(("wrong", "why"), FAULTS.values(), ids=FAULTS)
def test_whatever_else_it_does_is_no_answer(
    settings: Settings, wrong: dict[str, Any], why: str
) -> None:
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        vars(fake).update(wrong)
        with pytest.raises(NoAnswer) as found:
            scanner.ask(b"Minutes.", seconds=1 if why == "slow" else 30)
        assert found.value.fault == why


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
