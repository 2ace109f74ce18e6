"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-audit` is the whole of it. Each run has a process and servers of its own.
"""

import pytest

from tests.prove.running import proved


def test_whoever_tampers_with_the_trail_is_found_out() -> None:
    found = proved("audit", 40)
    assert found["ok"], found
    assert found["in_files"] > 100, found
    assert len(found["by_kind"]) >= 19, found
    assert found["verified"] == 20_000, found


@pytest.mark.parametrize(
    ("broken", "kind"),
    [("unpinned", "file-forge"), ("inside-only", "roll-back"), ("no-content", "flip-row")],
)
def test_the_proof_finds_what_is_broken_on_purpose(broken: str, kind: str) -> None:
    found = proved("audit", 15, broken=broken)
    assert not found["ok"], found
    assert found["unnoticed_by_kind"][kind] > 0, found
