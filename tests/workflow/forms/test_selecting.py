"""Radios, checkboxes and lists."""

from collections.abc import Iterable

import pytest

from workflow.forms import (
    NOT_KNOWN,
    CheckboxesField,
    GovukForm,
    RadiosField,
    SelectField,
    YesNoField,
)

AGENCIES = [("police", "Police"), ("icb", "Integrated care board"), ("school", "School")]


class Form(GovukForm):
    place = RadiosField(
        "Where did it happen?",
        called="where it happened",
        choices=[("home", "At home"), ("outside", "Outside the home")],
        not_known=True,
    )
    looked_after = YesNoField(
        "Was the child looked after?",
        missing="Select yes if the child was looked after",
        not_known=True,
    )
    agencies = CheckboxesField(
        "Which agencies have you told?",
        called="the agencies you have told",
        choices=AGENCIES,
        none="None of these",
        not_known=True,
    )
    area = SelectField("Area", called="an area", choices=[("801", "Northmoor")])


GOOD = {"place": ["home"], "looked_after": ["yes"], "agencies": ["icb"], "area": ["801"]}


def test_the_values_selected_are_cleaned_to_their_types() -> None:
    form = Form({**GOOD, "agencies": ["school", "police", "school"]})
    assert form.is_valid()
    assert form.cleaned == {
        "place": "home",
        "looked_after": True,
        "agencies": ["police", "school"],
        "area": "801",
    }


def test_each_question_left_open_says_what_to_select() -> None:
    form = Form({})
    assert [error.messages[0] for _name, error in form.in_order()] == [
        "Select where it happened",
        "Select yes if the child was looked after",
        "Select the agencies you have told",
        "Select an area",
    ]


def test_not_known_yet_is_one_of_the_answers() -> None:
    form = Form({**GOOD, **{name: ["not-known"] for name in ("place", "looked_after", "agencies")}})
    assert form.is_valid()
    assert form.not_known() == ["place", "looked_after", "agencies"]
    assert form.cleaned["place"] is NOT_KNOWN


def test_none_of_these_is_an_empty_list() -> None:
    form = Form({**GOOD, "agencies": ["none"]})
    assert form.is_valid()
    assert form.cleaned["agencies"] == []


@pytest.mark.parametrize(
    ("exclusive", "words"), [("none", "None of these"), ("not-known", "Not known yet")]
)
def test_an_exclusive_answer_stands_alone(exclusive: str, words: str) -> None:
    form = Form({**GOOD, "agencies": ["police", exclusive]})
    assert form.errors["agencies"] == [
        f"Select the agencies you have told or select “{words}”, not both"
    ]


@pytest.mark.parametrize("name", ["place", "agencies", "area"])
def test_a_value_that_was_not_offered_is_refused(name: str) -> None:
    form = Form({**GOOD, name: ["elsewhere"]})
    assert list(form.errors) == [name]
    assert str(form.errors[name][0]).endswith("from the list")


def test_not_known_yet_is_refused_where_it_is_not_offered() -> None:
    assert list(Form({**GOOD, "area": ["not-known"]}).errors) == ["area"]


def test_choices_may_be_set_for_one_form_without_changing_the_next() -> None:
    form = Form({**GOOD, "area": ["802"]})
    field = form.fields["area"]
    assert isinstance(field, SelectField)
    field.choices = [("802", "Southfen")]
    assert form.is_valid()
    assert not Form({**GOOD, "area": ["802"]}).is_valid()


def test_choices_may_be_read_when_they_are_needed() -> None:
    def offered() -> Iterable[tuple[str, str]]:
        yield ("801", "Northmoor")

    class Later(GovukForm):
        area = SelectField("Area", choices=offered)

    assert Later({"area": ["801"]}).is_valid()


def test_a_question_must_say_what_the_messages_call_it() -> None:
    with pytest.raises(ValueError, match="say what the messages call"):
        RadiosField("Where did it happen?", choices=AGENCIES)
