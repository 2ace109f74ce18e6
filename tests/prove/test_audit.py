"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-audit` is the whole of it. Each run has a process and servers of its own.
"""

from tests.prove.running import proved


def test_whoever_tampers_with_the_trail_is_found_out() -> None:
    found = proved("audit", 40)
    assert found["ok"], found
    assert found["in_files"] > 100, found
    assert len(found["by_kind"]) >= 20, found
    assert found["verified"] == 20_000, found


def test_the_proof_finds_what_is_broken_on_purpose() -> None:
    # All at once: each lets through what the others would still notice.
    found = proved("audit", 15, broken="unpinned,inside-only,no-content,unasked")
    assert not found["ok"], found
    for kind in ("file-forge", "roll-back", "flip-row", "rewrite-reason"):
        assert found["unnoticed_by_kind"][kind] > 0, found
