"""Late is what is sent after a date due of its own notification, whatever else the case owes."""

import pytest

from notifications.services import is_late
from tests.story import Cast, Story, a_case, day

pytestmark = pytest.mark.django_db


def late_on(story: Story, on: str) -> bool:
    """Whether sending on a day would be late."""
    return is_late(story.again(), on=day(on))


def test_a_rapid_review_that_is_due_first_hides_no_late_notification(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-11-19").notified("2026-11-20").died("2026-12-07")
    assert story.again().next_due == "rapid-review"
    assert [late_on(story, on) for on in ("2026-12-14", "2026-12-15")] == [False, True]


def test_a_soft_date_that_is_nearest_hides_no_late_notification(everyone: Cast) -> None:
    story = a_case(
        everyone,
        aware="2026-11-16",
        suspected="2026-11-18",
        outcome="died",
        care_leaver=True,
        under_18=True,
        under_25=True,
    )
    assert story.again().next_due == "care-leaver-death"
    assert [late_on(story, on) for on in ("2026-11-25", "2026-11-26")] == [False, True]


def test_partners_never_told_of_the_first_make_the_second_no_later(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-11-19")
    story.case.partnership = None
    story.case.save()
    story.notified("2026-11-20").died("2026-11-24")
    assert story.again().next_due == "tell-the-partners"
    assert [late_on(story, on) for on in ("2026-11-27", "2026-12-02")] == [False, True]
