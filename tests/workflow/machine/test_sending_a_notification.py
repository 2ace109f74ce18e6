"""Sending stops the clocks of notifying and, for the Panel, opens the rapid review at once."""

import pytest

from tests.story import Story, a_case, cast, day, moment
from workflow import services
from workflow.law.calendar import COMMITTED
from workflow.models import Deadline, Event, Grant, Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return a_case(cast(), aware="2026-11-19")


def clock(story: Story, duty: str, cycle: int = 1) -> Deadline:
    return Deadline.objects.get(case=story.case, duty=duty, cycle=cycle)


def test_the_clock_of_notifying_runs_from_awareness(story: Story) -> None:
    deadline = clock(story, "notify-the-panel")
    assert (deadline.start_on, deadline.due_on) == (day("2026-11-19"), day("2026-11-26"))
    assert story.case.next_due_on == day("2026-11-26")
    assert story.case.reference is None


def test_sending_in_time_meets_the_clock_and_opens_the_rapid_review(story: Story) -> None:
    story.notified("2026-11-26")
    assert clock(story, "notify-the-panel").met_on == day("2026-11-26")
    review = clock(story, "rapid-review")
    assert (review.start_on, review.due_on) == (day("2026-11-26"), day("2026-12-17"))
    assert story.rapid_review.state == "opened"
    assert story.case.reference == f"SIN-{story.case.address}"
    assert story.case.next_due == "rapid-review"


def test_a_notification_sent_on_the_sixth_working_day_is_late(story: Story) -> None:
    story.notified("2026-11-27", late_reason="administrative")
    deadline = clock(story, "notify-the-panel")
    standing = deadline.standing(on=day("2026-12-01"), calendar=COMMITTED)
    assert standing.words == "Met late by 1 working day"
    assert deadline.late_reason == "administrative"


def test_the_recipients_the_law_names_see_it_from_then_on(story: Story) -> None:
    before = set(Grant.objects.filter(case=story.case).values_list("capacity", flat=True))
    assert before == {"notifying_authority", "operator"}
    story.notified("2026-11-20")
    after = Grant.objects.filter(case=story.case).values_list("capacity", "since")
    given = {capacity for capacity, since in after if since == day("2026-11-20")}
    assert given == {"panel", "dfe", "ofsted", "partner"}
    told = Outbox.objects.filter(case=story.case, kind="submit")
    assert told.count() == 5


def test_the_trail_tells_each_act_once_in_sequence(story: Story) -> None:
    story.notified("2026-11-20")
    events = list(Event.objects.filter(case=story.case).order_by("sequence"))
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.act for event in events] == ["open", "record_facts", "submit", "open"]
    assert events[2].capacity == "la_notifier"


def test_nothing_is_sent_before_the_awareness_date_is_known() -> None:
    everyone = cast()
    story = a_case(everyone, aware="2026-11-19", aware_on=None)
    with pytest.raises(services.CannotAdvance) as refusal:
        story.notified("2026-11-20")
    assert "became aware" in refusal.value.reasons[0]


def test_partners_nobody_knows_are_not_said_to_be_told(story: Story) -> None:
    story.cast.partnership.members.update(until=day("2026-11-01"))
    story.notified("2026-11-20")
    assert clock(story, "tell-the-partners").is_open
    services.record_partners_told(
        story.again(),
        told_on=day("2026-11-23"),
        by=story.cast.ada,
        on=day("2026-11-24"),
        at=moment("2026-11-24"),
    )
    assert clock(story, "tell-the-partners").met_on == day("2026-11-23")


def test_another_authoritys_notifier_does_not_even_find_it(story: Story) -> None:
    with pytest.raises(services.NotFound):
        story.notified("2026-11-20", by="cara")


def test_the_panel_cannot_send_for_the_authority_what_it_cannot_see(story: Story) -> None:
    with pytest.raises(services.NotFound):
        story.notified("2026-11-20", by="priya")


def test_sending_twice_is_refused_with_who_was_first(story: Story) -> None:
    story.notified("2026-11-20")
    with pytest.raises(services.AlreadyDone) as refusal:
        story.notified("2026-11-20", by="ben")
    assert (refusal.value.who, refusal.value.what) == ("Ada", "Notification sent")
