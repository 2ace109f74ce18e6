"""The day by which a reply is asked for stands beside the next date of the law, and hides none."""

import pytest
import time_machine

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.screens.conftest import Read
from tests.workflow.screens.missed import table_of
from tests.workflow.screens.test_opening_a_case import at, primary_buttons
from tests.workflow.screens.test_what_leads import row_of

ASKED = "Reply asked for by the Panel"


def ask(story: Story, reply_on: str, *, by: str = "sol", on: str = "2026-12-07") -> None:
    facts = {"reply_on": day(reply_on)}
    process = story.again().notification
    story.act(process, "request_information", by, on, reason="Who is Child B?", facts=facts)


@pytest.fixture
def asked(sent: Story) -> Story:
    """Sent on 4 December, its rapid review due on 29 December, a reply asked for by the 15th."""
    ask(sent, "2026-12-15")
    return sent


def next_of(story: Story) -> tuple[str, str]:
    case = story.again()
    return str(case.next_due_on), case.next_due


def test_the_next_date_stays_that_of_the_law(asked: Story) -> None:
    assert next_of(asked) == ("2026-12-29", "rapid-review")


def test_the_head_and_the_row_name_it(asked: Story, read: Read) -> None:
    ((_, _, due, *_),) = table_of(read("ada", "/home/"))
    assert due.startswith("Tuesday 29 December 2026")
    assert due.endswith(f"Send the rapid review {ASKED} by Tuesday 15 December 2026")
    text = read("ada", at(asked)).one("main").text
    assert f"{ASKED} by Tuesday 15 December 2026" in text
    assert "Not a legal date: a reply is asked for by then." in text
    assert "next step expected" not in text


def test_after_the_reply_the_date_of_the_law_is_the_next(asked: Story) -> None:
    asked.act(asked.case.notification, "reply", "ada", "2026-12-08", reason="A cousin.")
    assert next_of(asked)[1] == "rapid-review"


def test_whoever_asked_is_led_to_read_the_reply_until_they_go_on(asked: Story, read: Read) -> None:
    reading = "Read the reply and triage the incident"
    assert reading not in read("sol", at(asked)).one("main").text
    asked.act(asked.case.notification, "reply", "ada", "2026-12-08", reason="A cousin.")
    assert f"You: {reading} as Secretariat" in row_of(read, "sol")
    assert primary_buttons(read("sol", at(asked))) == [reading]
    ask(asked, "2026-12-18", on="2026-12-09")
    assert reading not in read("sol", at(asked)).one("main").text
    process = asked.again().notification
    asked.act(process, "reply", "ada", "2026-12-09", reason="An aunt.")
    asked.act(asked.again().notification, "link_to_rapid_review", "sol", "2026-12-10")
    assert primary_buttons(read("sol", at(asked))) == []


def test_of_a_reply_to_an_earlier_notification_nothing_is_to_be_read(
    asked: Story, read: Read
) -> None:
    asked.act(asked.case.notification, "reply", "ada", "2026-12-08", reason="A cousin.")
    asked.died("2026-12-08").notified("2026-12-09")
    asked.act(asked.again().notification, "acknowledge", "sol", "2026-12-10")
    assert "You: Triage the incident as Secretariat" in row_of(read, "sol")
    assert primary_buttons(read("sol", at(asked))) == ["Triage the incident"]


def test_an_overdue_date_of_the_law_is_told_though_the_reply_was_due_before(
    asked: Story, read: Read
) -> None:
    with time_machine.travel(moment("2027-01-11", "09:30"), tick=False):
        ((_, _, due, *_),) = table_of(read("ada", "/home/"))
    assert "Overdue by" in due
    assert "Send the rapid review" in due
    assert "Past by" not in due


def test_of_a_returned_rapid_review_it_is_named_too(sent: Story, read: Read) -> None:
    sent.reviewed("2026-12-07", "no")
    facts = {"reply_on": day("2026-12-18")}
    review = sent.rapid_review
    sent.act(review, "return_for_information", "sol", "2026-12-08", reason="More.", facts=facts)
    assert next_of(sent) == ("2026-12-18", "")
    ((_, _, due, *_),) = table_of(read("bea", "/home/"))
    assert due.endswith(ASKED)
    text = read("bea", at(sent)).one("main").text
    assert f"Next date: {ASKED} Friday 18 December 2026" in text
    assert "internal date" not in text.lower()


def test_it_stands_beside_the_six_months(sent: Story, read: Read) -> None:
    sent.reviewed("2026-12-07", "yes")
    sent.act(sent.rapid_review, "consider", "priya", "2026-12-08")
    facts = {"reply_on": day("2027-01-15")}
    sent.act(sent.rapid_review, "ask_for_reply", "sol", "2026-12-09", facts=facts)
    assert f"{ASKED} by Friday 15 January 2027" in read("bea", at(sent)).one("main").text
    assert next_of(sent)[1] == "local-review"


def test_what_is_back_because_it_was_notified_again_was_asked_by_nobody(
    sent: Story, read: Read
) -> None:
    sent.reviewed("2026-12-07", "no").died("2026-12-08").notified("2026-12-09")
    assert sent.rapid_review.state == "returned_for_more_information"
    assert next_of(sent)[1] == "rapid-review"
    assert ASKED not in read("bea", at(sent)).one("main").text


def test_the_department_asks_in_its_own_name(everyone: Cast, read: Read) -> None:
    story = a_case(
        everyone, aware="2026-12-01", outcome="died", abuse="neither", looked_after=True
    ).notified("2026-12-04")
    ask(story, "2026-12-15", by="dele")
    text = read("ada", at(story)).one("main").text
    assert "Reply asked for by the Department for Education" in text
    assert ASKED not in text
