"""Where no clock of notifying runs, the pages say why not, and never what was done already."""

from typing import Any

import pytest
from django.test import Client

from tests.notifications.answers import at
from tests.story import Cast, a_case
from tests.templates.markup import Markup
from workflow.models import Case

SAY = "Say why you are notifying and when the authority became aware"


def said(client: Client, name: str, case: Case) -> str:
    """What a page of a case says."""
    return Markup(client.get(at(name, case)).content.decode()).one("main").text


def test_before_awareness_is_known_the_page_asks_for_it(draft: Case, ada: Client) -> None:
    assert f"No date is due yet. {SAY}" in said(ada, "tasks", draft)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"abuse": "neither"}, "No date is due: as answered, no duty to notify arises."),
        ({"abuse": ""}, "it is not decided whether a duty to notify arises."),
        ({"outcome": "other"}, "The notification may be sent to the Panel all the same."),
    ],
)
def test_with_awareness_known_the_page_says_why_no_date_is_due(
    facts: dict[str, Any], words: str, everyone: Cast, ada: Client
) -> None:
    case = a_case(everyone, aware="2026-11-19", **facts).case
    for page in ("tasks", "due"):
        found = said(ada, page, case)
        assert words in found, page
        assert SAY not in found, page


def test_a_date_that_is_due_needs_no_such_words(aware: Case, ada: Client) -> None:
    assert "No date" not in said(ada, "tasks", aware)
    assert "No date" not in said(ada, "due", aware)
