"""A slice of the proof in every run of the tests, and the faults that it must find.

`make prove-isolation` is the whole of it. Each run has a process and servers of its own.
"""

from tests.prove.running import proved


def test_nobody_is_shown_what_is_not_theirs() -> None:
    found = proved("isolation", 30)
    assert found["ok"], found
    assert found["requests"] > 192, found
    assert found["requests_rls_alone"] > 80, found
    assert found["requests_scoping_alone"] > 80, found
    assert found["messages"] > 10, found


def test_without_both_locks_the_proof_finds_what_is_shown() -> None:
    found = proved("isolation", 12, broken="no-locks")
    assert not found["ok"], found
    assert found["leaks"] > 0, found
    assert found["differences"] > 0, found


def test_where_no_grant_is_set_aside_the_proof_finds_restricted_cases_shown() -> None:
    found = proved("isolation", 12, broken="restricted")
    assert not found["ok"], found
    assert found["leaks"] > 0, found
    assert any(" of restricted" in one for one in found["examples"]["leaks"]), found


def test_a_page_that_tells_what_is_there_from_what_is_not_is_found() -> None:
    found = proved("isolation", 12, broken="telling")
    assert not found["ok"], found
    assert found["differences"] > 0, found
    assert found["leaks"] == 0, found
