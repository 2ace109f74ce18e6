"""A slice of the proof in every run of the tests, and a fault that it must find.

`make prove-documents` is the whole of it. Each run has a process and servers of its own.
"""

from tests.prove.running import proved


def test_no_hostile_file_is_kept_as_clean() -> None:
    found = proved("documents", 20)
    assert found["ok"], found
    assert found["corpus"] >= 300, found
    assert found["files"] >= 24, found
    # However busy the machine is.
    for fate in ("refused", "held", "given", "harmful"):
        assert found[fate] > 0, (fate, found)


def test_the_proof_finds_an_answer_that_was_believed() -> None:
    found = proved("documents", 10, broken="believing")
    assert not found["ok"], found
    assert any("not held where the scanner" in one for one in found["examples"]), found
