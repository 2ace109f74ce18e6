"""What the triage page says beside its acts: the last question with its reply, and what follows."""

from typing import Any

import pytest

from tests.reviews.telling import Told, a_rapid_review, typed_date
from tests.reviews.test_pages_of_the_panel import at, one, page
from tests.story import a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return a_rapid_review()


def test_the_question_its_date_and_the_reply_stand_on_the_triage_page(
    told: Told, as_: Any, on_a_day: Any
) -> None:
    typed = {"reason": "Who is Child B?", **one(typed_date("reply_on", "2026-12-01"))}
    with on_a_day("2026-11-24"):
        browser = as_(told.cast, "sol")
        assert "Information asked for" not in page(browser, at(told, "triage/"))
        browser.post(at(told, "triage/request-information/"), typed)
        words = page(browser, at(told, "triage/"))
        assert "for a reply by Tuesday 1 December 2026" in words
        assert "Who is Child B?" in words
        assert "No reply yet." in words
        assert "Reply asked for by Tuesday 1 December 2026." in page(browser, at(told, "timeline/"))
    with on_a_day("2026-11-25"):
        as_(told.cast, "ada").post(at(told, "notification/reply/"), {"reason": "A cousin."})
        words = page(as_(told.cast, "sol"), at(told, "triage/"))
    assert "A cousin." in words
    assert "No reply yet." not in words


@pytest.mark.parametrize("tail", ["", "acknowledge/"])
def test_no_rapid_review_is_called_open_where_none_follows(
    told: Told, as_: Any, on_a_day: Any, tail: str
) -> None:
    story = a_case(told.cast, aware="2026-11-23", outcome="died", abuse="neither", care_leaver=True)
    story.notified("2026-11-23")
    follows, opened = "Nothing waits for this.", "The rapid review is already open."
    with on_a_day("2026-11-24"):
        words = page(as_(told.cast, "dele"), f"/cases/{story.case.address}/triage/{tail}")
        assert follows in words
        assert opened not in words
        assert f"{follows} {opened}" in page(as_(told.cast, "sol"), at(told, f"triage/{tail}"))
