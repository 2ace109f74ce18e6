"""The partners decide on a local review, and may confirm or change it; every decision is kept."""

from typing import Any

import pytest
from django.urls import reverse

from reviews.forms.document import paper_of
from reviews.models import PartnersDecision
from tests.notifications.answers import sign_in
from tests.reviews.telling import Told, a_rapid_review
from tests.story import day
from workflow.models import Deadline, Event
from workflow.services import CannotAdvance, NotFound
from workflow.views.recorded import known_of, recorded_words

pytestmark = pytest.mark.django_db


def answered(lcspr: str, outcome: str) -> Told:
    told = a_rapid_review()
    told.filled("2026-12-01", lcspr).sent("2026-12-01")
    told.considered("2026-12-10")
    told.responded("2026-12-14", outcome, reply_by="2027-01-15")
    return told


def history(told: Told) -> list[tuple[str, bool]]:
    rows = PartnersDecision.objects.filter(case=told.case).order_by("number")
    return [(row.decision, row.confirms) for row in rows]


def test_advised_to_have_a_review_the_partners_change_to_yes_and_both_are_kept() -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    decision = told.decided("2027-01-11", "yes", decided_on="2027-01-08")
    assert history(told) == [("no", False), ("yes", False)]
    assert decision.response is not None
    assert told.practice_review.state == "decision_yes"


def test_the_six_months_then_run_from_the_day_they_changed_their_mind() -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    told.decided("2027-01-11", "yes", decided_on="2027-01-08")
    clock = Deadline.objects.get(case=told.case, duty="local-review")
    assert (clock.start_on, clock.due_on) == (day("2027-01-08"), day("2027-07-08"))


def test_the_partners_may_hold_on_to_their_decision_against_the_advice() -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    told.decided("2027-01-11", "no_sufficient_learning")
    assert history(told) == [("no", False), ("no", True)]
    assert told.practice_review.state == "no_lcspr"


def test_a_change_to_no_stops_the_six_months() -> None:
    told = answered("yes", "reconsider")
    told.decided("2027-01-11", "no_recently_reviewed", decided_on="2027-01-07")
    clock = Deadline.objects.get(case=told.case, duty="local-review")
    assert clock.cancelled_on == day("2027-01-11")
    assert told.practice_review.decided_on == day("2027-01-07")


def test_changing_twice_never_leaves_a_clock_running_by_mistake() -> None:
    told = answered("yes", "reconsider")
    told.decided("2027-01-11", "no_recently_reviewed")
    told.decided("2027-01-12", "yes")
    told.decided("2027-01-13", "no_recently_reviewed")
    clocks = Deadline.objects.filter(case=told.case, duty="local-review")
    assert clocks.count() == 2
    assert not clocks.filter(cancelled_on__isnull=True).exists()


def test_what_was_undecided_is_decided_later() -> None:
    told = a_rapid_review()
    told.filled("2026-12-01", "undecided", decide_by="2027-01-29").sent("2026-12-01")
    told.decided("2027-01-20", "yes", by="ben")
    clock = Deadline.objects.get(case=told.case, duty="local-review")
    assert clock.start_on == day("2027-01-20")


@pytest.mark.parametrize("who", ["sol", "priya", "petra", "ira", "dele"])
def test_nobody_decides_for_the_partners(who: str) -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    with pytest.raises(CannotAdvance):
        told.decided("2027-01-11", "yes", by=who)
    with pytest.raises(CannotAdvance):
        told.decided("2027-01-11", "no_sufficient_learning", by=who)
    assert history(told) == [("no", False)]


def test_cara_finds_no_such_case() -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    with pytest.raises(NotFound):
        told.decided("2027-01-11", "yes", by="cara")


def test_everything_wrong_is_said_at_once() -> None:
    told = answered("no_sufficient_learning", "advise_lcspr")
    with pytest.raises(CannotAdvance) as refused:
        told.decided("2027-01-11", "undecided", decided_on="2027-02-01")
    assert len(refused.value.reasons) == 2


BEFORE = "on or after the day of their decision before, Tuesday 1 December 2026"


def test_a_changed_decision_is_not_dated_before_the_one_it_replaces() -> None:
    told = answered("yes", "reconsider")
    with pytest.raises(CannotAdvance, match=BEFORE):
        told.decided("2027-01-11", "no_recently_reviewed", decided_on="2026-11-30")
    assert history(told) == [("yes", False)]
    told.decided("2027-01-11", "no_recently_reviewed", decided_on="2026-12-01")
    assert history(told) == [("yes", False), ("no", False)]


def test_nor_before_the_day_on_which_that_was_confirmed() -> None:
    told = answered("yes", "reconsider")
    told.decided("2027-01-11", "yes", decided_on="2027-01-08")
    with pytest.raises(CannotAdvance, match="their decision before, Friday 8 January 2027"):
        told.decided("2027-01-12", "no_recently_reviewed", decided_on="2027-01-07")


def test_a_decision_that_is_repeated_later_keeps_the_day_on_which_it_was_taken() -> None:
    told = answered("yes", "reconsider")
    told.decided("2027-01-11", "yes", decided_on="2027-01-08")
    told.decided("2027-01-12", "yes", decided_on="2026-12-01")
    (clock,) = Deadline.objects.filter(case=told.case, duty="local-review")
    assert (clock.start_on, clock.revision) == (day("2026-12-01"), 1)
    assert told.practice_review.decided_on == day("2026-12-01")


def mistyped(decided_on: str = "2027-01-11") -> Told:
    """The partners changed their mind, and a day too late was typed."""
    told = answered("no_sufficient_learning", "advise_lcspr")
    told.decided("2027-01-11", "yes", decided_on=decided_on)
    return told


def test_the_same_decision_with_an_earlier_day_puts_its_day_right() -> None:
    told = mistyped()
    told.decided("2027-01-12", "yes", decided_on="2027-01-04")
    assert history(told) == [("no", False), ("yes", False), ("yes", True)]
    (clock,) = Deadline.objects.filter(case=told.case, duty="local-review")
    assert (clock.start_on, clock.due_on) == (day("2027-01-04"), day("2027-07-04"))
    assert (clock.is_open, clock.revision) == (True, 2)
    assert told.practice_review.decided_on == day("2027-01-04")


def test_the_receipt_before_and_the_day_before_are_kept_and_shown() -> None:
    told = mistyped()
    told.decided("2027-01-12", "yes", decided_on="2027-01-04")
    (event,) = Event.objects.filter(case=told.case, act="put_decided_day_right")
    assert (event.payload["before"], event.payload["after"]) == (
        {"decided_on": "2027-01-11"},
        {"decided_on": "2027-01-04"},
    )
    words = recorded_words(event, known_of([event]))
    assert "The partners decided on: Monday 11 January 2027 became Monday 4 January 2027." in words
    assert "Sunday 11 July 2027 became Sunday 4 July 2027." in words
    bea = sign_in(told.cast.bea)
    address = reverse("date-explained", args=[told.case.token, "local-review", 1])
    page = bea.get(address).content.decode()
    assert "What this date was before" in page
    assert "11 July 2027" in page
    listed = bea.get(reverse("reviews:decision", args=[told.case.token])).content.decode()
    assert "The day they decided put right" in listed


def test_a_day_put_right_is_after_the_decision_of_another_kind_that_was_replaced() -> None:
    told = mistyped()
    with pytest.raises(CannotAdvance, match=BEFORE):
        told.decided("2027-01-12", "yes", decided_on="2026-11-30")
    told.decided("2027-01-12", "yes", decided_on="2026-12-01")
    assert told.practice_review.decided_on == day("2026-12-01")


def test_another_decision_is_then_not_dated_before_the_day_that_was_put_right() -> None:
    told = mistyped()
    told.decided("2027-01-12", "yes", decided_on="2027-01-04")
    with pytest.raises(CannotAdvance, match="their decision before, Monday 4 January 2027"):
        told.decided("2027-01-13", "no_recently_reviewed", decided_on="2027-01-03")
    told.decided("2027-01-13", "no_recently_reviewed", decided_on="2027-01-05")
    assert history(told)[-1] == ("no", False)


def test_nor_before_a_day_on_which_it_was_confirmed_before_its_day_was_put_right() -> None:
    told = mistyped("2027-01-08")
    told.decided("2027-01-11", "yes", decided_on="2027-01-10")
    told.decided("2027-01-12", "yes", decided_on="2027-01-04")
    with pytest.raises(CannotAdvance, match="their decision before, Sunday 10 January 2027"):
        told.decided("2027-01-13", "no_recently_reviewed", decided_on="2027-01-05")


def test_the_day_of_a_decision_against_a_review_is_put_right_too() -> None:
    told = answered("yes", "reconsider")
    told.decided("2027-01-11", "no_recently_reviewed", decided_on="2027-01-11")
    told.decided("2027-01-12", "no_recently_reviewed", decided_on="2027-01-04")
    assert told.practice_review.decided_on == day("2027-01-04")
    (clock,) = Deadline.objects.filter(case=told.case, duty="local-review")
    assert (clock.cancelled_why, clock.revision) == ("no_lcspr", 1)


def test_only_a_reason_puts_a_day_right() -> None:
    told = mistyped()
    with pytest.raises(CannotAdvance, match="reasons"):
        told.decided("2027-01-12", "yes", decided_on="2027-01-04", reason=" ")
    assert told.practice_review.decided_on == day("2027-01-11")


def test_a_rapid_review_that_is_sent_again_puts_the_day_right() -> None:
    told = a_rapid_review()
    told.filled("2026-12-01", "yes").sent("2026-12-01")
    why: dict[str, Any] = {"reason": "More.", "facts": {"reply_on": day("2026-12-10")}}
    told.act(told.rapid_review, "return_for_information", "sol", "2026-12-03", **why)
    told.filled("2026-12-07", "yes", decided_on="2026-11-27").sent("2026-12-07")
    (clock,) = Deadline.objects.filter(case=told.case, duty="local-review")
    assert (clock.start_on, clock.revision) == (day("2026-11-27"), 2)


def test_a_rapid_review_that_is_sent_again_changes_no_decision_before_its_day() -> None:
    told = a_rapid_review()
    told.filled("2026-12-01", "yes").sent("2026-12-01")
    why: dict[str, Any] = {"reason": "More.", "facts": {"reply_on": day("2026-12-10")}}
    told.act(told.rapid_review, "return_for_information", "sol", "2026-12-03", **why)
    told.filled("2026-12-07", "no_sufficient_learning", decided_on="2026-11-30")
    page = paper_of(told.rapid_review, on=day("2026-12-07"))
    (refused,) = page.form(page.leaf("declined")).errors["decided_on"]
    assert BEFORE in refused
    with pytest.raises(CannotAdvance, match=BEFORE):
        told.sent("2026-12-07")
    told.filled("2026-12-07", "yes", decided_on="2026-12-01").sent("2026-12-07")
    assert history(told) == [("yes", False), ("yes", True)]
