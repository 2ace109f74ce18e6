"""A form refills exactly what was typed, saves only its own names, and shows its answers."""

from datetime import date, time

import pytest
from django.http import QueryDict

from tests.templates.gallery import GOOD, TODAY, WRONG, EveryQuestion
from workflow.forms import NOT_KNOWN, GovukForm, TextField

FOREIGN = {"csrfmiddlewaretoken": ["secret"], "act": ["save"], "born_on": ["x"]}


@pytest.mark.parametrize("typed", [GOOD, WRONG, {}])
def test_what_is_saved_is_what_was_typed_and_only_that(typed: dict[str, list[str]]) -> None:
    form = EveryQuestion({**typed, **FOREIGN}, on=TODAY)
    assert form.typed() == typed
    assert EveryQuestion.refill(form.typed()).typed() == typed


def test_a_browsers_form_is_kept_the_same_way() -> None:
    sent = QueryDict("agencies=police&agencies=icb&born_on-day=31&born_on-month=juin&next=/x")
    assert EveryQuestion(sent).typed() == {
        "agencies": ["police", "icb"],
        "born_on-day": ["31"],
        "born_on-month": ["juin"],
    }


def test_a_refilled_form_complains_about_nothing_and_is_never_valid() -> None:
    form = EveryQuestion.refill(WRONG)
    assert not form.errors
    assert form.non_field_errors() == []
    assert not form.is_valid()
    assert not EveryQuestion.refill(GOOD).is_valid()


def test_known_values_are_shown_as_a_person_would_have_typed_them() -> None:
    values = {
        "name": NOT_KNOWN,
        "born_on": date(2019, 3, 27),
        "aware_time": time(9, 5),
        "outcome": "died",
        "looked_after": False,
        "agencies": [],
        "area": None,
        "what": "One.\nTwo.",
        "postcode": NOT_KNOWN,
        "children": 2,
    }
    form = EveryQuestion.filled(values)
    assert form.typed() == {
        "name-not-known": ["not-known"],
        "born_on-day": ["27"],
        "born_on-month": ["3"],
        "born_on-year": ["2019"],
        "aware_time": ["09:05"],
        "outcome": ["died"],
        "looked_after": ["no"],
        "agencies": ["none"],
        "what": ["One.\nTwo."],
        "postcode-not-known": ["not-known"],
        "children": ["2"],
    }
    checked = EveryQuestion({**form.typed(), "area": ["801"]}, on=TODAY)
    assert checked.is_valid(), checked.errors
    assert {name: checked.cleaned[name] for name in values} == {**values, "area": "801"}


def test_every_wrong_answer_is_refused_at_once_in_the_order_of_the_page() -> None:
    form = EveryQuestion(WRONG, on=TODAY)
    assert [name for name, _error in form.in_order()] == list(form.fields)


def test_the_answers_are_shown_in_words_and_the_gaps_are_named() -> None:
    rows = {row.name: row for row in EveryQuestion(GOOD, on=TODAY).rows()}
    shown = {name: (row.text, row.gap) for name, row in rows.items()}
    assert shown == {
        "name": ("Siân O'Neill-Ō", ""),
        "born_on": ("27 March 2019", ""),
        "aware_time": ("9:32am", ""),
        "outcome": ("Not known yet", "not known"),
        "looked_after": ("No", ""),
        "agencies": ("Police", ""),
        "area": ("Southfen", ""),
        "what": ("One line.\nAnother line.", ""),
        "place": ("Not provided", "empty"),
        "postcode": ("Not known yet", "not known"),
        "nhs_number": ("999 000 0018", ""),
        "children": ("2", ""),
        "email": ("Not provided", "empty"),
        "phone": ("Not provided", "empty"),
    }
    assert rows["born_on"].label == "Date of birth"


def test_a_wrong_answer_is_shown_as_typed_with_its_reason() -> None:
    rows = {row.name: row for row in EveryQuestion(WRONG, on=TODAY).rows()}
    assert (rows["born_on"].text, rows["born_on"].gap) == ("31 6 2019", "wrong")
    assert rows["born_on"].reason.startswith("The child's date of birth must be a real date")
    assert (rows["outcome"].text, rows["outcome"].gap) == ("Not provided", "missing")


def test_refusals_of_the_service_lead_the_page() -> None:
    form = EveryQuestion(GOOD, on=TODAY)
    assert form.is_valid()
    form.add_reasons(["Another person sent it.", "It was withdrawn."])
    assert [error.messages for _name, error in form.in_order()] == [
        ["Another person sent it."],
        ["It was withdrawn."],
    ]


def test_an_answer_has_one_error_only() -> None:
    class Form(GovukForm):
        place = TextField("Place", limit=3)

        def clean(self) -> None:
            self.refuse("place", "Place must be in England")

    assert Form({"place": ["Wales"]}).errors["place"] == ["Place must be 3 characters or less"]
    assert Form({"place": ["xyz"]}).errors["place"] == ["Place must be in England"]
    assert Form({"place": ["xyz"]}).cleaned == {}
