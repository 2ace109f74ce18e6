"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-durability` is the whole of it. Each run has a process and servers of its own.
"""

import pytest

from tests.prove.running import proved


def test_cut_off_at_every_statement_and_killed_at_random_nothing_acknowledged_is_lost() -> None:
    found = proved("durability", 12)
    assert found["ok"], found
    assert found["boundaries_sending"] >= 24, "before and after each of the twelve statements"
    assert found["boundaries_opening"] >= 40, found
    assert found["kills"] > 50, found
    assert found["crashes"] > 2, found
    assert found["acknowledged"] > 5, found


@pytest.mark.parametrize(
    ("broken", "figure", "seconds"),
    [
        ("acknowledge-before-commit", "lost", 1),
        ("two-transactions", "half_written", 1),
        ("lazy-commit", "lost", 15),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(
    broken: str, figure: str, seconds: float
) -> None:
    found = proved("durability", seconds, broken=broken)
    assert not found["ok"], found
    assert found[figure] > 0, found
