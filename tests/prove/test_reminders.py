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
        ("mark-before-send", {"undelivered"}),
        ("no-key", {"doubled"}),
        ("queue-as-ledger", {"undelivered"}),
        # On a busy machine nothing leaves before the weekend is over, however it was planned.
        ("send-on-days-off", {"on_days_off", "early"}),
        ("trust-lost-connections", {"undelivered"}),
        ("withhold-escalations", {"wrongly_withheld"}),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(broken: str, figures: set[str]) -> None:
    found = proved("reminders", 15, broken=broken, cases=5)
    assert not found["ok"], found
    assert sum(found[figure] for figure in figures) > 0, found
