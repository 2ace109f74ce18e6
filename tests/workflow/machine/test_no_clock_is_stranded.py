"""No clock goes on when nobody can stop it any more, and none stops that nobody has met."""

import random
from typing import Any

import pytest

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.machine.reading import deadlines, running_in_vain, without_a_clock
from workflow import services
from workflow.models import PracticeReview, RapidReview

pytestmark = pytest.mark.django_db


def test_a_rapid_review_at_the_panel_goes_back_when_the_case_is_notified_again(
    sent: Story,
) -> None:
    sent.reviewed("2026-12-01")
    sent.died("2026-12-02").notified("2026-12-02")
    assert sent.rapid_review.state == "returned_for_more_information"
    first, second = deadlines(sent, "rapid-review")
    assert (first.is_open, second.is_open) == (False, True)
    assert [row.cancelled_why for row in deadlines(sent, "panel-response")] == ["notified_again"]
    sent.reviewed("2026-12-09")
    assert not any(row.is_open for row in deadlines(sent, "rapid-review"))
    assert RapidReview.objects.filter(case=sent.case).count() == 1


def test_partners_who_are_not_known_are_not_told_by_a_second_notification(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19")
    story.case.partnership = None
    story.case.save()
    story.notified("2026-11-20")
    story.died("2026-11-24").notified("2026-11-24")
    told = deadlines(story, "tell-the-partners")
    assert [(row.cycle, row.is_open) for row in told] == [(1, True), (2, True)]


def test_partners_told_once_are_told_by_a_second_notification_too(sent: Story) -> None:
    sent.died("2026-11-24").notified("2026-11-24")
    assert not any(row.is_open for row in deadlines(sent, "tell-the-partners"))


def test_deciding_against_a_review_ends_the_clock_of_its_copy(sent: Story) -> None:
    sent.reviewed("2026-12-01", lcspr="yes")
    review = sent.practice_review
    services.plan_publication(
        review, day("2027-03-01"), by=sent.cast.ben, on=day("2026-12-02"), at=moment("2026-12-02")
    )
    sent.act(review, "decide_no", "ben", "2026-12-03", reason="Other work answers it.")
    assert [row.cancelled_why for row in deadlines(sent, "advance-copy")] == ["no_lcspr"]
    assert sent.case.next_due != "advance-copy"


@pytest.mark.parametrize(("decision", "state"), [("yes", "decision_yes"), ("no", "no_lcspr")])
def test_what_is_decided_after_a_review_is_over_is_a_decision_of_its_own(
    sent: Story, decision: str, state: str
) -> None:
    sent.reviewed("2026-12-01", lcspr="yes")
    sent.act(sent.practice_review, "discontinue", "ben", "2026-12-02", reason="Not needed.")
    sent.died("2026-12-03").notified("2026-12-03")
    sent.reviewed("2026-12-10", lcspr=decision)
    assert PracticeReview.objects.filter(case=sent.case).count() == 2
    assert sent.practice_review.state == state
    running = [row.start_on for row in deadlines(sent, "local-review") if row.is_open]
    assert running == ([day("2026-12-10")] if decision == "yes" else [])


def test_the_day_by_which_partners_decide_is_not_the_day_by_which_the_panel_acts(
    sent: Story,
) -> None:
    sent.reviewed("2026-12-01", lcspr="undecided", decide_by=day("2026-12-31"))
    assert sent.practice_review.expected_on == day("2026-12-31")
    assert sent.rapid_review.expected_on == day("2026-12-08")


FACTS: dict[str, tuple[Any, ...]] = {
    "outcome": ("died", "seriously_harmed", "other", ""),
    "abuse": ("known", "suspected", "neither", ""),
    "place": ("in_area", "outside_england", "elsewhere_in_england", ""),
    "looked_after": (True, False, None),
    "care_leaver": (True, False, None),
    "under_18": (True, False, None),
    "under_25": (True, False, None),
    "looked_after_by_another": (True, False),
    "aware_on": (day("2026-11-19"), day("2026-11-17"), day("2018-06-01")),
}


@pytest.mark.parametrize("seed", range(2))
def test_whatever_the_facts_become_each_duty_that_arises_has_a_clock_and_no_other_runs(
    everyone: Cast, seed: int
) -> None:
    story, dice = a_case(everyone, aware="2026-11-19"), random.Random(seed)
    for step in range(60):
        name = dice.choice(list(FACTS))
        story.facts("2026-11-20", **{name: dice.choice(FACTS[name])})
        assert without_a_clock(story) == running_in_vain(story) == [], (step, story.case.facts)
