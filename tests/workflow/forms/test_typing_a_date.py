"""A date typed in three boxes: what is accepted, and what each refusal says."""

import operator
from datetime import date, timedelta

import pytest

from workflow.forms import NOT_KNOWN, DateField, GovukForm

TODAY = date(2026, 6, 10)


class Form(GovukForm):
    born_on = DateField("Date of birth", not_known=True, past=True)


class Review(GovukForm):
    review_on = DateField("Review date", future=True, optional=True)


def typed(day: str, month: str, year: str) -> dict[str, list[str]]:
    return {"born_on-day": [day], "born_on-month": [month], "born_on-year": [year]}


def refusal(day: str, month: str, year: str) -> tuple[str, str]:
    form = Form(typed(day, month, year), on=TODAY)
    assert not form.is_valid()
    (_name, error) = form.in_order()[0]
    return error.messages[0], (error.params or {})["part"]


@pytest.mark.parametrize(
    "boxes",
    [
        ("27", "3", "2019"),
        ("27", "March", "2019"),
        ("27", "mar", "2019"),
        (" 27 ", "MAR.", " 2019 "),
        ("27th", "03", "2019"),
    ],
)
def test_a_date_may_be_typed_in_numbers_or_words(boxes: tuple[str, str, str]) -> None:
    form = Form(typed(*boxes), on=TODAY)
    assert form.is_valid()
    assert form.cleaned == {"born_on": date(2019, 3, 27)}


@pytest.mark.parametrize(
    ("boxes", "message", "part"),
    [
        (("27", "", "2019"), "must include a month", "month"),
        (("", "", "2019"), "must include a day and a month", "day"),
        (("27", "3", "\u200b"), "must include a year", "year"),
        (("29", "2", "2025"), "must be a real date. February 2025 has 28 days", "day"),
        (("31", "06", "2019"), "must be a real date. June 2019 has 30 days", "day"),
        (("00", "00", "2019"), "must include a day from 1 to 31", "day"),
        (("04", "13", "2019"), "must include a month from 1 to 12, or its name", "month"),
        (("1", "ma", "2019"), "must include a month from 1 to 12, or its name", "month"),
        (("27", "3", "19"), "must include a year with 4 numbers, like 2026", "year"),
        (("27", "3", "0001"), "must have a year from 1900 to 2100", "year"),
        (("27", "3", "9999"), "must have a year from 1900 to 2100", "year"),
        (("٢٧", "3", "2019"), "must use the digits 0 to 9", "day"),
        (("2019-03-27T01:00+01:00", "3", "2019"), "must include a day from 1 to 31", "day"),
        (("11", "6", "2026"), "must be today or in the past", "day"),
    ],
)
def test_a_wrong_date_is_refused_by_the_part_that_is_wrong(
    boxes: tuple[str, str, str], message: str, part: str
) -> None:
    assert refusal(*boxes) == (f"Date of birth {message}", part)


def test_an_empty_date_asks_for_it_by_name() -> None:
    form = Form({}, on=TODAY)
    assert form.errors["born_on"] == ["Enter date of birth, or select “Not known yet”"]


def test_not_known_yet_is_an_answer() -> None:
    form = Form({"born_on-not-known": ["not-known"]}, on=TODAY)
    assert form.is_valid()
    assert form.cleaned["born_on"] is NOT_KNOWN
    assert not form.cleaned["born_on"]
    assert form.not_known() == ["born_on"]


def test_a_date_and_not_known_yet_contradict_each_other() -> None:
    form = Form({**typed("27", "3", "2019"), "born_on-not-known": ["not-known"]}, on=TODAY)
    assert form.errors["born_on"] == ["Enter date of birth or select “Not known yet”, not both"]


def test_today_is_neither_in_the_future_nor_in_the_past() -> None:
    assert Form(typed("10", "6", "2026"), on=TODAY).is_valid()
    boxes = {"review_on-day": ["10"], "review_on-month": ["6"], "review_on-year": ["2026"]}
    assert Review(boxes, on=TODAY).is_valid()
    boxes["review_on-day"] = ["9"]
    late = Review(boxes, on=TODAY)
    assert late.errors["review_on"] == ["Review date must be today or in the future"]


def test_an_optional_date_may_be_left_empty() -> None:
    form = Review({}, on=TODAY)
    assert form.is_valid()
    assert form.cleaned["review_on"] is None


def test_a_form_that_compares_with_today_must_be_told_the_day() -> None:
    with pytest.raises(ValueError, match="needs on="):
        Form(typed("27", "3", "2019")).is_valid()


class Examples(GovukForm):
    began_on = DateField("First day", past=True, hint="Like {example}")
    ends_on = DateField("Last day", future=True, hint="Like {example}")


def hints(on: date | None) -> list[str]:
    return [str(field.help_text) for field in Examples(on=on).fields.values()]


@pytest.mark.parametrize("days", range(0, 800, 3))
def test_the_example_in_a_hint_is_a_day_that_could_be_the_answer(days: int) -> None:
    on = TODAY + timedelta(days=days)
    for hint, could_be in zip(hints(on), (operator.lt, operator.gt), strict=True):
        day, month, year = (int(part) for part in hint.removeprefix("Like ").split())
        assert could_be(date(year, month, day), on)
        assert day > 12, "a day that nobody takes for a month"
        assert date(year, month, day).weekday() < 5


def test_the_examples_of_a_day_in_june() -> None:
    assert hints(TODAY) == ["Like 18 5 2026", "Like 20 7 2026"]
