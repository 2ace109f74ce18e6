"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-machine` is the whole of it. Each run has a process and servers of its own.
"""

import pytest

from tests.prove.running import proved


def test_races_steps_and_walks_end_where_the_reference_says() -> None:
    found = proved("machine", 30)
    assert found["ok"], found
    assert found["races"] == found["transitions"] == found["events"] > 10, found
    assert found["told_who_was_first"] == found["races"] * 7, found
    assert found["raw_steps"] > 5_000, found
    assert found["steps"] > 300, found


@pytest.mark.parametrize(
    ("broken", "figures", "seconds"),
    [
        (
            # Whoever races holds every role, so that the one too many moves nothing there.
            "no-lock,no-wall,role-too-many",
            (("errors", "won_not_once"), ("raw_divergences",), ("divergences",)),
            30,
        ),
        ("plain-save", (("won_not_once",),), 6),
        ("edge-too-many", (("divergences",),), 20),
        ("forgotten-clock", (("divergences", "stranded"),), 20),
        ("never-again", (("divergences",),), 30),
    ],
)
def test_the_proof_finds_what_is_broken_on_purpose(
    broken: str, figures: tuple[tuple[str, ...], ...], seconds: float
) -> None:
    found = proved("machine", seconds, broken=broken)
    assert not found["ok"], found
    assert all(any(found[name] > 0 for name in names) for names in figures), found
