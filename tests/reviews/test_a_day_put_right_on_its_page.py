"""An earlier day of the decision moves the date of its review: the page asks before it does."""

from typing import Any

import pytest

from tests.notifications.answers import errors, sign_in
from tests.reviews.telling import Told, typed_date
from tests.reviews.test_confirming_or_changing_the_decision import mistyped
from tests.story import day
from tests.templates.markup import Markup
from workflow.models import Deadline

pytestmark = pytest.mark.django_db

NOW = "2027-01-12"
ASKED = "Select yes if they decided on Monday 4 January 2027"


def said(on: str = "2027-01-04", asked: str = "20270104", **more: str) -> dict[str, Any]:
    """What is typed, and what is answered to the question about a day."""
    more = {
        (f"earlier-{asked}" if name == "earlier" else name): text for name, text in more.items()
    }
    return {
        "decision": "yes",
        **typed_date("decided_on", on),
        "reason": "Plain words here",
        **more,
    }


def post(told: Told, on_a_day: Any, typed: dict[str, Any]) -> Any:
    with on_a_day(NOW):
        address = f"/cases/{told.case.address}/decision/confirm/"
        return sign_in(told.cast.bea).post(address, typed)


def due(told: Told) -> Any:
    return Deadline.objects.get(case=told.case, duty="local-review").due_on


def test_it_asks_says_the_new_date_and_keeps_what_was_typed(on_a_day: Any) -> None:
    told = mistyped()
    refused = post(told, on_a_day, said())
    assert errors(refused) == [ASKED]
    page = Markup(refused.content.decode()).one("main").text
    assert (
        "The decision is recorded as taken on Monday 11 January 2027. Was it taken on Monday 4 "
        "January 2027?"
    ) in page
    assert "then due on Sunday 4 July 2027, not on Sunday 11 July 2027" in page
    assert "Plain words here" in page
    assert due(told) == day("2027-07-11")


def test_after_yes_it_moves(on_a_day: Any) -> None:
    told = mistyped()
    assert post(told, on_a_day, said(earlier="yes")).status_code == 302
    assert due(told) == day("2027-07-04")


def test_after_no_the_day_is_typed_again(on_a_day: Any) -> None:
    told = mistyped()
    refused = post(told, on_a_day, said(earlier="no"))
    assert errors(refused) == ["Enter the day the partners decided"]
    assert due(told) == day("2027-07-11")
    assert post(told, on_a_day, said("2027-01-12", earlier="no")).status_code == 302
    assert due(told) == day("2027-07-11"), "confirmed on a later day"


def test_a_yes_to_another_day_answers_nothing(on_a_day: Any) -> None:
    told = mistyped()
    refused = post(told, on_a_day, said("2027-01-02", earlier="yes"))
    assert errors(refused) == ["Select yes if they decided on Saturday 2 January 2027"]
    assert due(told) == day("2027-07-11")


def test_nothing_is_asked_where_nothing_moves(on_a_day: Any) -> None:
    told = mistyped()
    refused = post(told, on_a_day, {**said("2027-01-12"), "reason": ""})
    assert "Was it taken" not in refused.content.decode()
    assert "earlier than was recorded" not in refused.content.decode()
