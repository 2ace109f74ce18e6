"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-reminders` is the whole of it. Each run has a process and servers of its own.
"""

import pytest

from tests.prove.running import proved


def test_a_minute_of_kills_crashes_and_faulty_mail_misses_and_doubles_nothing() -> None:
    found = proved("reminders", 60)
    assert found["ok"], found
    assert found["kills"] > 100, found
    assert found["crashes"] > 5, found
    assert found["reminders"] > 100, found


@pytest.mark.parametrize(
    ("broken", "figures"),
    [
        # On a busy machine nothing leaves before the weekend is over, however it was planned.
        ("mark-before-send,send-on-days-off", ({"undelivered"}, {"on_days_off", "early"})),
        ("trust-lost-connections,no-key", ({"undelivered"}, {"doubled"})),
        ("queue-as-ledger,withhold-escalations", ({"undelivered"}, {"wrongly_withheld"})),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(
    broken: str, figures: tuple[set[str], ...]
) -> None:
    # Two at once, each in figures that the other leaves alone: half as many runs.
    found = proved("reminders", 15, broken=broken, cases=5)
    assert not found["ok"], found
    assert all(any(found[name] > 0 for name in names) for names in figures), found
