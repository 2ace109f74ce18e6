"""The Panel defers to a later meeting; the partners put off their decision. No clock stops."""

import pytest

from tests.story import Cast, Story, a_case, day
from workflow import services
from workflow.models import Deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_the_panel(everyone: Cast) -> Story:
    story = a_case(everyone, aware="2026-11-16").notified("2026-11-20")
    story.reviewed("2026-12-01", "undecided", decide_by=day("2026-12-18"), decided_on=None)
    story.act(story.rapid_review, "triage", "sol", "2026-12-02")
    return story


def defer(
    story: Story, meet_on: str, on: str, *, by: str = "priya", reason: str = "Too full."
) -> None:
    facts = {"meet_on": day(meet_on)}
    story.act(story.rapid_review, "defer", by, on, reason=reason, facts=facts)


def test_a_deferred_review_waits_for_the_panel_until_that_day(with_the_panel: Story) -> None:
    due = Deadline.objects.get(duty="panel-response").due_on
    defer(with_the_panel, "2027-01-14", "2026-12-07")
    review = with_the_panel.rapid_review
    assert (review.state, review.expected_on) == ("panel_triage", day("2027-01-14"))
    clock = Deadline.objects.get(duty="panel-response")
    assert (clock.due_on, clock.is_open) == (due, True)
    defer(with_the_panel, "2027-02-11", "2027-01-14")
    assert with_the_panel.rapid_review.expected_on == day("2027-02-11")
    with_the_panel.act(with_the_panel.rapid_review, "consider", "priya", "2027-02-11")


def test_deferring_asks_why_and_is_the_panels_alone(with_the_panel: Story) -> None:
    with pytest.raises(services.CannotAdvance, match="enter a reason"):
        defer(with_the_panel, "2027-01-14", "2026-12-07", reason=" ")
    with pytest.raises(services.CannotAdvance, match="Only"):
        defer(with_the_panel, "2027-01-14", "2026-12-07", by="bea")


def test_putting_off_the_decision_moves_its_date_and_sends_nothing(with_the_panel: Story) -> None:
    sent_on = with_the_panel.rapid_review.sent_on
    facts = {"decide_by": day("2027-01-29")}
    with_the_panel.act(
        with_the_panel.practice_review, "put_off", "bea", "2026-12-18",
        reason="The post-mortem is awaited.", facts=facts,
    )  # fmt: skip
    review = with_the_panel.practice_review
    assert (review.state, review.expected_on) == ("undecided", day("2027-01-29"))
    assert with_the_panel.rapid_review.sent_on == sent_on
    assert with_the_panel.rapid_review.state == "panel_triage"
    with_the_panel.act(review, "decide_yes", "bea", "2027-01-20")
    assert with_the_panel.practice_review.state == "decision_yes"
