"""Where a child lived and how a notification came in are chosen from the code lists, as data."""

from typing import Any

import pytest

from notifications.pages.care import HomeForm
from notifications.pages.others import ReceivedForm
from notifications.sections import Lists
from notifications.sections.lists import Coded
from tests.story import day
from workflow.people.reference import rows_of

TODAY = day("2026-11-20")


def lists(**changed: list[Coded]) -> Lists:
    """The lists as committed, but for those changed."""
    found: dict[str, list[Coded]] = {}
    for row in rows_of("codes.csv"):
        found.setdefault(row["list"], []).append(Coded(row["code"], row["label"], row["group"]))
    read = Lists(TODAY)
    read._found = {**found, **changed}
    return read


@pytest.mark.parametrize(
    ("form", "question", "code"),
    [(HomeForm, "residence", "none"), (ReceivedForm, "way", "email")],
)
def test_a_code_of_the_list_is_taken_and_no_other(form: Any, question: str, code: str) -> None:
    assert question not in form({question: [code]}, on=TODAY, lists=lists()).errors
    assert question in form({question: ["pigeon"]}, on=TODAY, lists=lists()).errors


@pytest.mark.parametrize(
    ("form", "question", "of"),
    [(HomeForm, "residence", "residence"), (ReceivedForm, "way", "received_way")],
)
def test_a_code_added_to_the_list_is_offered(form: Any, question: str, of: str) -> None:
    more = lists(**{of: [Coded("pigeon", "By pigeon", "")]})
    assert question not in form({question: ["pigeon"]}, on=TODAY, lists=more).errors


def test_the_codes_that_the_law_turns_on_are_in_the_list() -> None:
    """Section 16C(1)(b) asks where a child normally lived: see `notifications.rules`."""
    known = {row["code"] for row in rows_of("codes.csv") if row["list"] == "residence"}
    assert {"elsewhere", "outside_england"} <= known
