"""The Panel may ask for more: the partnership sends again, and both versions are kept."""

import pytest

from reviews.models import SentReview
from reviews.services.reading import signatures
from tests.reviews.telling import Told, a_rapid_review
from tests.story import day
from workflow.models import Deadline
from workflow.services import CannotAdvance

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    told = a_rapid_review()
    told.signed("ira", "agree", "2026-12-01", clock="09:00")
    told.filled("2026-12-01").sent("2026-12-01")
    told.act(
        told.rapid_review,
        "return_for_information",
        "sol",
        "2026-12-03",
        reason="Please say more",
        facts={"reply_on": day("2026-12-10")},
    )
    return told


def test_it_waits_for_the_partnership_until_the_date_asked_for(told: Told) -> None:
    assert told.rapid_review.state == "returned_for_more_information"
    assert told.rapid_review.expected_on == day("2026-12-10")


def test_it_is_sent_again_and_both_versions_are_kept(told: Told) -> None:
    told.typed("summary", {"text": ["Second words"], "finished": ["yes"]}, on="2026-12-08")
    told.sent("2026-12-09")
    first, second = SentReview.objects.filter(case=told.case).order_by("version")
    assert (first.version, second.version) == (1, 2)
    assert "Second words" in str(second.content)
    assert "Second words" not in str(first.content)
    assert (first.answers["summary"], second.answers["summary"]) == (1, 2)


def test_the_fifteen_days_stay_met_as_of_the_first_sending(told: Told) -> None:
    told.sent("2027-01-20")
    clock = Deadline.objects.get(case=told.case, duty="rapid-review")
    assert clock.met_on == day("2026-12-01")


def test_the_panels_answer_stops_the_clock_that_started_anew(told: Told) -> None:
    told.sent("2026-12-09")
    told.considered("2026-12-15")
    told.responded("2026-12-16", "agree_no_lcspr")
    clocks = Deadline.objects.filter(case=told.case, duty="panel-response").order_by("cycle")
    assert [(clock.start_on, clock.met_on) for clock in clocks] == [
        (day("2026-12-01"), None),
        (day("2026-12-09"), day("2026-12-16")),
    ]
    assert clocks[0].cancelled_on == day("2026-12-03")
    assert told.again().next_due_on is None


def test_a_view_of_the_first_version_is_marked_as_that(told: Told) -> None:
    sent = told.sent("2026-12-09")
    board = next(mark for mark in sent.signed if mark["partner"] == "icb")
    assert (board["view"], board["earlier_version"]) == ("agree", True)
    told.signed("ira", "agree", "2026-12-10")
    assert not signatures(told.rapid_review, on=day("2026-12-10"))[1].stale


def test_a_decision_already_taken_is_not_opened_again(told: Told) -> None:
    told.filled("2026-12-08", "undecided")
    with pytest.raises(CannotAdvance) as refused:
        told.sent("2026-12-09")
    assert any("already decided" in why for why in refused.value.reasons)


def test_an_undecided_one_may_name_a_later_day() -> None:
    told = a_rapid_review()
    told.filled("2026-12-01", "undecided", decide_by="2026-12-20").sent("2026-12-01")
    told.act(
        told.rapid_review,
        "return_for_information",
        "sol",
        "2026-12-03",
        reason="More",
        facts={"reply_on": day("2026-12-10")},
    )
    told.filled("2026-12-08", "undecided", decide_by="2027-01-29").sent("2026-12-09")
    assert told.practice_review.expected_on == day("2027-01-29")
