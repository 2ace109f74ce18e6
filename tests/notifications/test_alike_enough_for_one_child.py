"""Whoever is alike enough to be taken for one child is found by what they have in common."""

from datetime import date

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from notifications.known import Known, folded, same_child

LETTERS = st.text("abcdé '", min_size=1, max_size=9)


@trying(max_examples=300, deadline=None)
@given(
    LETTERS, LETTERS, st.lists(st.tuples(st.integers(0, 18), st.sampled_from("abcx")), max_size=4)
)
def test_whoever_is_taken_for_one_child_has_a_mark_in_common(
    given_name: str, family: str, slips: list[tuple[int, str]]
) -> None:
    typed = f"{given_name} {family}"
    misspelt = typed
    for place, letter in slips:
        misspelt = misspelt[:place] + letter + misspelt[place + 1 :]
    born = date(2021, 3, 27)
    one, two = (Known(born, folded(name), "", None) for name in (typed, misspelt))
    assert not same_child(one, two) or one.marks() & two.marks()
