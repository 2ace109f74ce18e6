"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-full-stack` is the whole of it. Each run has a process and servers of its own.
"""

from tests.prove.running import proved


def test_real_processes_killed_and_hung_while_people_file_lose_and_miss_nothing() -> None:
    found = proved("full-stack", 40)
    assert found["ok"], found
    assert found["faults"] >= 6, found
    assert found["mornings"] >= 1, found
    # People went on on every day of it, though each night ends their sessions.
    assert found["acknowledged"] >= 15 * (1 + found["mornings"]), found
    assert found["reminders"] > 100, found


def test_the_proof_finds_what_is_broken_on_purpose() -> None:
    # Both at once: what is lost is never owed to anybody, so neither moves the other's figures.
    found = proved("full-stack", 30, broken="mark-on-claim,lazy-commit")
    assert not found["ok"], found
    assert found["undelivered"] > 0, found
    assert found["lost"] + found["opened_lost"] > 0, found
