"""Code lists: what a form offers, and the words for what was chosen."""

from datetime import date

import pytest

from workflow.people import codes, reference
from workflow.people.codes import Code

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def loaded() -> None:
    reference.load()


def test_the_choices_of_a_list_come_in_its_order() -> None:
    assert codes.choices("sex", on=DAY) == [("M", "Male"), ("F", "Female")]


def test_not_known_yet_is_the_forms_answer_and_no_code_of_a_list() -> None:
    words = [label.lower() for label in Code.objects.values_list("label", flat=True)]
    assert not [label for label in words if "not known yet" in label]
    for name in Code.objects.values_list("list", flat=True).distinct():
        offered = [label.lower() for _, label in codes.choices(name, on=DAY)]
        assert not {"not known", "unknown", "information not yet obtained"} & set(offered)
    assert codes.label("sex", codes.NOT_KNOWN) == "Not known yet"


def test_the_code_under_which_not_known_is_counted_still_has_its_words() -> None:
    assert codes.label("ethnicity", "NOBT") == "Information not yet obtained"


def test_a_question_in_two_steps_asks_for_the_group_first() -> None:
    groups = codes.groups("ethnicity", on=DAY)
    assert groups == [
        "White",
        "Mixed or multiple ethnic groups",
        "Asian or Asian British",
        "Black, African, Caribbean or Black British",
        "Other ethnic group",
        "Refused",
    ]
    asian = codes.choices("ethnicity", on=DAY, group="Asian or Asian British")
    assert [code for code, _ in asian] == ["AIND", "APKN", "ABAN", "AOTH", "CHNE"]


def test_a_code_is_offered_from_its_first_to_its_last_day_and_keeps_its_words() -> None:
    Code.objects.filter(list="sex", code="M").update(since=DAY, until=DAY)
    assert ("M", "Male") in codes.choices("sex", on=DAY)
    assert ("M", "Male") not in codes.choices("sex", on=date(2026, 4, 2))
    assert codes.label("sex", "M") == "Male"


def test_a_list_without_codes_is_an_error_and_not_an_empty_question() -> None:
    with pytest.raises(LookupError, match="run load_reference"):
        codes.choices("shoe_size", on=DAY)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert codes.label("sex", "X9") == "X9"
