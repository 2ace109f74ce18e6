"""The copy before publication is due from the day publication is planned, and moves with it."""

from typing import Any

import pytest

from tests.story import Cast, Story, a_case, day, moment
from workflow import services
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(everyone: Cast) -> Story:
    """The partners decided on a review on 1 December 2026."""
    story = a_case(everyone, aware="2026-11-16").notified("2026-11-20")
    return story.reviewed("2026-12-01", "yes").answered("2026-12-15")


def plan(story: Story, publish_on: str, on: str, *, by: str = "bea", reason: str = "") -> Event:
    said: dict[str, Any] = {"by": story.cast.people[by], "on": day(on), "at": moment(on)}
    event = services.plan_publication(story.practice_review, day(publish_on), reason=reason, **said)
    story.again()
    return event


def copies(story: Story) -> list[tuple[str, bool, str]]:
    rows = Deadline.objects.filter(case=story.case, duty="advance-copy").order_by("cycle")
    return [(str(row.due_on), row.is_open, row.cancelled_why) for row in rows]


def to_approval(story: Story, on: str) -> None:
    for name in ("scope", "appoint_reviewer", "start", "draft_report", "seek_approval"):
        story.act(story.practice_review, name, "bea", on)


def test_the_clock_starts_when_a_day_is_planned(decided: Story) -> None:
    """Seven working days before 6 April 2027: Easter lies between."""
    assert copies(decided) == []
    event = plan(decided, "2027-04-06", "2027-01-11")
    assert copies(decided) == [("2027-03-24", True, "")]
    assert str(decided.case.next_due_on) == "2027-03-24"
    assert event.payload["publish_on"] == "2027-04-06"


def test_a_day_that_moves_takes_the_open_clock_with_it_and_says_why(decided: Story) -> None:
    plan(decided, "2027-04-06", "2027-01-11")
    with pytest.raises(services.CannotAdvance, match="why the day of publication moves"):
        plan(decided, "2027-05-20", "2027-02-01")
    event = plan(decided, "2027-05-20", "2027-02-01", reason="The trial ends in May.")
    assert copies(decided) == [("2027-05-11", True, "")]
    assert event.payload["before"] == "2027-04-06"


def test_sending_the_copy_meets_the_planned_clock_and_starts_no_other(decided: Story) -> None:
    plan(decided, "2027-04-06", "2027-01-11")
    to_approval(decided, "2027-02-01")
    decided.act(decided.practice_review, "send_advance_copy", "ben", "2027-03-24")
    assert copies(decided) == [("2027-03-24", False, "")]
    row = Deadline.objects.get(duty="advance-copy")
    assert (row.met_on, row.due_on) == (day("2027-03-24"), day("2027-03-24"))


def test_a_copy_never_sent_is_overdue_from_the_day_after(decided: Story) -> None:
    plan(decided, "2027-04-06", "2027-01-11")
    late = Deadline.objects.overdue(on=day("2027-03-25")).filter(duty="advance-copy")
    assert late.exists()
    assert not Deadline.objects.overdue(on=day("2027-03-24")).filter(duty="advance-copy").exists()


def test_a_delay_ends_the_clock_and_a_new_day_starts_another(decided: Story) -> None:
    plan(decided, "2027-04-06", "2027-01-11")
    to_approval(decided, "2027-02-01")
    delayed = {"reason": "A trial was listed."}
    decided.act(decided.practice_review, "delay_publication", "ben", "2027-03-01", **delayed)
    assert copies(decided) == [("2027-03-24", False, "publication_delayed")]
    assert decided.practice_review.publish_on is None
    plan(decided, "2027-09-01", "2027-06-01")
    assert copies(decided)[1] == ("2027-08-20", True, "")


def test_a_day_that_moves_after_the_copy_was_sent_is_only_noted(decided: Story) -> None:
    plan(decided, "2027-04-06", "2027-01-11")
    to_approval(decided, "2027-02-01")
    decided.act(decided.practice_review, "send_advance_copy", "ben", "2027-03-24")
    plan(decided, "2027-04-20", "2027-03-30", reason="A printer failed.")
    assert copies(decided) == [("2027-03-24", False, "")]
    assert decided.practice_review.publish_on == day("2027-04-20")


@pytest.mark.parametrize("by", ["sol", "ira", "priya", "cara"])
def test_only_the_partners_side_plans_it(decided: Story, by: str) -> None:
    with pytest.raises((services.CannotAdvance, services.NotFound)):
        plan(decided, "2027-04-06", "2027-01-11", by=by)


def test_a_day_in_the_past_or_without_a_review_is_refused(decided: Story, everyone: Cast) -> None:
    with pytest.raises(services.CannotAdvance, match="today or in the future"):
        plan(decided, "2027-01-04", "2027-01-11")
    other = a_case(everyone, aware="2026-11-16").notified("2026-11-20").reviewed("2026-12-01")
    with pytest.raises(services.CannotAdvance, match="No publication can be planned"):
        plan(other, "2027-04-06", "2027-01-11")
