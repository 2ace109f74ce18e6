"""The dates and times of the incident: what is asked, and what cannot have happened yet."""

import re

import pytest
from django.test import Client

from tests.notifications.answers import PAGES, at, errors, fill, when
from workflow.models import Case


def test_the_dates_that_the_first_answer_asks_for_are_not_called_optional(
    draft: Case, ada: Client
) -> None:
    href = at("page", draft, page="when")
    html = ada.get(href).content.decode()
    assert re.search(r"\sDate\s+</legend>", html)
    assert re.search(r"\sLast day of the period\s+</legend>", html)
    assert errors(fill(ada, href, {"exactness": "one_day"})) == ["Enter the date of the incident"]
    assert errors(fill(ada, href, {"exactness": "period"})) == [
        "Enter the date of the incident",
        "Enter the last day of the period",
    ]
    assert fill(ada, href, {"exactness": "not-known"})["Location"] == at(
        "page", draft, page="where"
    )
    wrong = {"exactness": "not-known", "began_on-day": "31", "began_on-month": "2"}
    assert errors(fill(ada, href, wrong)) == ["The date of the incident must include a year"]


@pytest.mark.parametrize(
    ("page", "date", "time"),
    [("awareness", "aware_on", "aware_time"), ("when", "began_on", "time")],
)
def test_a_time_later_today_is_refused(
    draft: Case, ada: Client, page: str, date: str, time: str
) -> None:
    typed = {**PAGES[page], **when(date, "2026-11-20")}
    answer = fill(ada, at("page", draft, page=page), {**typed, time: "10:01am"})
    assert errors(answer) == ["The time must be now or earlier today"]
    assert not errors(fill(ada, at("page", draft, page=page), {**typed, time: "10am"}))
    yesterday = {**typed, **when(date, "2026-11-19"), time: "11:59pm"}
    assert not errors(fill(ada, at("page", draft, page=page), yesterday))
