"""A slice of the proof in every run of the tests, and the leaks that it must find.

`make prove-at-rest` is the whole of it. Each run has processes and servers of its own.
"""

import zlib
from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.prove import canaries, resting
from tests.prove.byte_search import Hit, Search
from tests.prove.running import proved

CHILDREN = canaries.invented(40, seed=5)
ONE = CHILDREN[7]
EVERYTHING = {"word g", "word f", "number", "date of birth"}
LEAKS = (
    # A sealed column left in clear: in its table, in the log of changes, in a backup.
    "data: in clear", "wal: in clear", "dump: hex",
    # A line of the log.
    "logs: in clear",
    # The cache and a session, which are in the database; a task, in the broker.
    "data: base64", "data: zlib in base64", "broker: base64",
)  # fmt: skip
# More than half of what is taken in at once, so that a name lies across two pieces.
NOISE = bytes(range(256)) * 40


def test_nothing_of_a_child_rests_in_clear() -> None:
    found = proved("at-rest", 2)
    assert found["ok"], found
    assert found["children"] >= 5, found
    assert found["documents"] > 0, found
    assert found["mails"] > 0, found
    assert found["delivered"], found
    assert found["laid"] > 60, found


def test_what_leaks_on_purpose_is_found_where_it_lies() -> None:
    # Everything leaks at once, each in a place and a way of its own.
    leaked = proved("at-rest", 1, broken="column,log,session,cache,task")
    assert not leaked["ok"], leaked
    assert not leaked["not_found"], leaked
    assert set(LEAKS) <= {where for where, hits in leaked["hits_by_place"].items() if hits}, leaked


@pytest.mark.parametrize("way", sorted(resting.WAYS))
def test_however_it_is_written_down_it_is_found(way: str) -> None:
    search, text = Search(CHILDREN), resting.told(ONE)
    found = search.found(NOISE + resting.WAYS[way](text) + NOISE)
    assert {hit.what for hit in found} == EVERYTHING, found
    assert {hit.child for hit in found} == {ONE.number}
    assert (way in {"utf-8", "capitals", "small-letters"}) == (Hit("", "number", 7) in found)


def test_what_mail_cuts_into_lines_is_found_as_it_is_read_and_only_so() -> None:
    search, mail = Search(CHILDREN), resting.message(resting.told(ONE))
    assert not search.found(mail)
    found = set().union(*(search.found(part) for part in resting.parts(mail)))
    assert {hit.what for hit in found} == EVERYTHING
    assert {hit.child for hit in found} == {ONE.number}


def test_who_it_is_about_is_told() -> None:
    for child in CHILDREN:
        assert {hit.child for hit in Search(CHILDREN).found(resting.told(child))} == {child.number}


@pytest.mark.parametrize(
    "make",
    [
        lambda: NOISE,
        lambda: b"a" + ONE.nhs_number.encode() + b"f",
        lambda: b"9" + ONE.nhs_number.encode(),
        lambda: ONE.born_on.isoformat().encode() + b"1",
        lambda: b"2010-03-04 2014-03-04 4 March 2010",
        lambda: zlib.compress(b64encode(NOISE)),
    ],
)
def test_what_is_of_no_child_is_not_found(make: Callable[[], bytes]) -> None:
    assert not Search(CHILDREN).found(make())


def test_the_form_in_which_it_was_sent_is_found_whoever_it_is_about() -> None:
    found = Search(CHILDREN).found(b'{"born_on-day":["3"],"born_on-month":["4"]}')
    assert {hit.what for hit in found} == {"form"}
