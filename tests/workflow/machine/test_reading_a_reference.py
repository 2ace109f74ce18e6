"""A reference is read however somebody typed it; what is none is never taken for another."""

import pytest

from workflow.machine.token import read


@pytest.mark.parametrize(
    "typed",
    [
        "SIN-7K2M-Q9XD-4TVB",
        "sin 7k2m q9xd 4tvb",
        " 7K2MQ9XD4TVB ",
        "Draft 7K2M-Q9XD-4TVB",
        "draft7k2mq9xd4tvb",
    ],
)
def test_one_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert read(typed) == "7K2MQ9XD4TVB"


def test_a_reference_that_spells_the_word_draft_is_read_whole() -> None:
    assert read("SIN-DRAF-T6XG-E4AE") == read("Draft DRAF-T6XG-E4AE") == "DRAFT6XGE4AE"


@pytest.mark.parametrize("typed", ["", "Draft", "7K2M-Q9XD-4TV", "7K2M-Q9XD-4TVBB", "U" * 12])
def test_what_is_no_reference_is_refused(typed: str) -> None:
    assert read(typed) is None
