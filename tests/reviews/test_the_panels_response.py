"""The Panel considers and answers; it advises, the partners decide, and both are kept."""

import pytest

from reviews.models import Assessment, PanelResponse, PartnersDecision
from reviews.services import considering
from reviews.services.refusals import AskFirst
from tests.reviews.telling import SENTINEL, Told, a_rapid_review
from tests.story import day, moment
from workflow.models import Deadline, Event, Outbox
from workflow.services import CannotAdvance

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    told = a_rapid_review()
    told.filled("2026-12-01").sent("2026-12-01")
    return told


def test_the_panels_findings_are_kept_and_never_in_the_trail(told: Told) -> None:
    told.considered("2026-12-10", themes=["babies"], learning=f"More, {SENTINEL}")
    found = Assessment.objects.get(case=told.case)
    assert (found.quality, found.themes, found.by) == ("good", ["babies"], told.cast.priya)
    assert SENTINEL in found.notes
    assert told.rapid_review.state == "panel_considered"
    assert SENTINEL not in str(list(Event.objects.values_list("payload", flat=True)))


def test_an_answer_that_agrees_goes_out_and_stops_the_panels_clock(told: Told) -> None:
    told.considered("2026-12-10")
    response = told.responded("2026-12-14", "agree_no_lcspr")
    assert (response.differs, response.reply_by) == (False, None)
    clock = Deadline.objects.get(case=told.case, duty="panel-response")
    assert clock.met_on == day("2026-12-14")
    assert told.rapid_review.state == "response_issued"


def test_an_answer_that_differs_is_asked_about_first(told: Told) -> None:
    told.considered("2026-12-10", agrees_decision=False)
    with pytest.raises(AskFirst):
        told.responded("2026-12-14", "advise_lcspr", reply_by="2027-01-15", confirmed=False)
    assert not PanelResponse.objects.exists()
    assert told.rapid_review.state == "panel_considered"
    response = told.responded("2026-12-14", "advise_lcspr", reply_by="2027-01-15")
    assert (response.differs, response.reply_by) == (True, day("2027-01-15"))


def test_the_answer_changes_nothing_that_the_partners_decided(told: Told) -> None:
    told.considered("2026-12-10")
    told.responded("2026-12-14", "advise_lcspr", reply_by="2027-01-15")
    assert told.practice_review.state == "no_lcspr"
    assert PartnersDecision.objects.filter(case=told.case).count() == 1


def test_advice_without_a_day_to_reply_by_is_refused(told: Told) -> None:
    told.considered("2026-12-10")
    with pytest.raises(CannotAdvance) as refused:
        told.responded("2026-12-14", "reconsider")
    assert "date by which the partners" in refused.value.reasons[0]


def test_the_partnership_is_told_without_a_word_of_it(told: Told) -> None:
    told.considered("2026-12-10")
    told.responded("2026-12-14", "agree_no_lcspr")
    message = Outbox.objects.get(case=told.case, kind="issue_response")
    assert message.organisation == told.cast.northmoor
    assert SENTINEL not in str(message.payload)


@pytest.mark.parametrize("who", ["ada", "bea", "ira", "dele"])
def test_nobody_outside_the_panel_considers_it(told: Told, who: str) -> None:
    with pytest.raises(CannotAdvance):
        told.considered("2026-12-10", by=who)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("who", ["sol", "priya", "bea"])
def test_only_the_chair_takes_it_into_a_national_review(told: Told, who: str) -> None:
    with pytest.raises(CannotAdvance):
        into_national_review(told, who)


def into_national_review(told: Told, who: str) -> PanelResponse:
    return considering.take_into_national_review(
        told.rapid_review,
        text="Of national importance",
        by=told.cast.people[who],
        on=day("2026-12-11"),
        at=moment("2026-12-11"),
    )


def test_the_chair_takes_it_into_a_national_review_and_the_partnership_reads_why(
    told: Told,
) -> None:
    response = into_national_review(told, "petra")
    assert (response.outcome, response.sent is None) == ("national_review", False)
    assert told.rapid_review.state == "superseded_by_national_review"
    assert told.practice_review.kind == "national"


def test_a_national_review_may_begin_before_anything_was_sent() -> None:
    told = a_rapid_review()
    assert into_national_review(told, "petra").sent is None


def test_a_code_that_no_list_offers_is_refused_in_words(told: Told) -> None:
    with pytest.raises(CannotAdvance) as refused:
        told.considered("2026-12-10", quality="splendid", themes=["babies", "weather"])
    assert sorted(refused.value.reasons) == [
        "Choose how good it is from the list.",
        "Choose the themes from the list.",
    ]
    assert told.rapid_review.state == "submitted"
