"""Sending stops the fifteen working days and freezes what was sent, with the decision in it."""

from dataclasses import replace

import pytest

from reviews.forms.document import paper_of
from reviews.forms.report import report_of
from reviews.models import PartnersDecision, SentReview
from reviews.services.refusals import AskFirst
from reviews.services.sending import refusals
from tests.reviews.telling import SENTINEL, Told, a_rapid_review
from tests.story import day
from workflow.deadlines.calendar import calendar
from workflow.models import Deadline, Event, Outbox
from workflow.services import AlreadyDone, CannotAdvance, NotFound

pytestmark = pytest.mark.django_db

DAY_15, DAY_16 = "2026-12-14", "2026-12-15"


@pytest.fixture
def told() -> Told:
    return a_rapid_review(notified="2026-11-23")


def standing(told: Told, duty: str, on: str) -> str:
    clock = Deadline.objects.get(case=told.case, duty=duty)
    return clock.standing(on=day(on), calendar=calendar()).words


def test_sent_on_day_fifteen_at_two_minutes_to_midnight_is_met_on_day_fifteen(told: Told) -> None:
    told.filled(DAY_15).sent(DAY_15, clock="23:58")
    assert standing(told, "rapid-review", "2027-02-01") == "Met, day 15 of 15"
    assert told.rapid_review.state == "submitted"


def test_sent_on_day_sixteen_is_late_and_keeps_its_reason(told: Told) -> None:
    told.filled(DAY_16, late="agency_information")
    sent = told.sent(DAY_16)
    assert standing(told, "rapid-review", "2027-02-01") == "Met late by 1 working day"
    assert sent.late_reason == "agency_information"
    clock = Deadline.objects.get(case=told.case, duty="rapid-review")
    assert clock.late_reason == "agency_information"


def test_a_late_one_without_a_reason_is_refused_in_words(told: Told) -> None:
    told.filled(DAY_16)
    with pytest.raises(CannotAdvance) as refused:
        told.sent(DAY_16)
    assert "Give the reason for sending the rapid review late." in refused.value.reasons


def test_it_can_be_sent_at_once_before_anyone_acknowledged_the_notification(told: Told) -> None:
    assert told.again().notification.state == "submitted"
    told.filled("2026-11-23").sent("2026-11-23")
    assert told.rapid_review.state == "submitted"
    assert told.case.notification.state == "linked_to_rapid_review"


def test_what_was_sent_stays_as_it_was_when_the_pages_change(told: Told) -> None:
    sent = told.filled("2026-12-01").sent("2026-12-01")
    told.typed("summary", {"text": ["Rewritten"], "finished": ["yes"]}, on="2026-12-02")
    kept = SentReview.objects.get(pk=sent.pk)
    summary = next(part for part in kept.content if part["slug"] == "summary")
    assert SENTINEL in summary["pages"][0]["rows"][0]["text"]
    assert kept.answers["summary"] == 1


def test_every_heading_is_in_what_was_sent_in_words_not_codes(told: Told) -> None:
    sent = told.filled("2026-12-01").sent("2026-12-01")
    slugs = [part["slug"] for part in sent.content]
    assert slugs[:3] == ["meeting", "participants", "agencies"]
    assert {"family", "practice", "equality", "parallel", "decision", "national"} <= set(slugs)
    assert "lateness" not in slugs
    words = str(sent.content)
    assert "Inquest" in words
    assert "no_sufficient_learning" not in words


def test_an_empty_rapid_review_is_not_sent_and_each_gap_is_named(told: Told) -> None:
    with pytest.raises(CannotAdvance) as refused:
        told.sent("2026-12-01")
    assert "Add at least 1 participant" in refused.value.reasons
    assert "Select what the partners have decided" in refused.value.reasons
    assert not SentReview.objects.exists()
    assert told.rapid_review.state == "opened"


def test_not_known_yet_holds_nothing_up(told: Told) -> None:
    told.filled("2026-12-01")
    unknown = {"text-not-known": ["not-known"], "finished": ["yes"]}
    told.typed("voice", unknown, on="2026-12-01")
    sent = told.sent("2026-12-01")
    voice = next(part for part in sent.content if part["slug"] == "voice")
    assert voice["pages"][0]["rows"][0]["gap"] == "not known"


def test_saying_that_the_criteria_are_not_met_is_asked_about_first(told: Told) -> None:
    told.filled("2026-12-01", met=False)
    with pytest.raises(AskFirst):
        told.sent("2026-12-01", confirmed=False)
    assert told.rapid_review.state == "opened"
    assert told.sent("2026-12-01", confirmed=True).criteria_met is False


def test_undecided_until_a_date_shows_that_date_as_whose_turn_it_is(told: Told) -> None:
    told.filled("2026-12-01", "undecided", decide_by="2027-01-29").sent("2026-12-01")
    assert told.practice_review.state == "undecided"
    assert told.practice_review.expected_on == day("2027-01-29")
    decision = PartnersDecision.objects.get(case=told.case)
    assert (decision.decision, decision.decided_on) == ("undecided", None)
    assert not Deadline.objects.filter(case=told.case, duty="local-review").exists()


def test_undecided_until_a_date_that_has_passed_is_refused(told: Told) -> None:
    told.filled("2026-12-01", "undecided", decide_by="2026-12-04")
    report = report_of(paper_of(told.rapid_review, on=day("2026-12-07")))
    assert any(
        "date by which the partners" in why
        for why in refusals(told.rapid_review, replace(report, gaps=[]), on=day("2026-12-07"))
    )


def test_the_six_months_run_from_the_day_they_decided_not_from_the_panels_reply(
    told: Told,
) -> None:
    told.filled("2026-12-01", "yes", decided_on="2026-11-30").sent("2026-12-01")
    clock = Deadline.objects.get(case=told.case, duty="local-review")
    assert (clock.start_on, clock.due_on) == (day("2026-11-30"), day("2027-05-30"))
    told.considered("2026-12-10")
    told.responded("2026-12-14", "agree_lcspr")
    clock.refresh_from_db()
    assert clock.start_on == day("2026-11-30")


def test_the_panels_clock_starts_the_day_it_was_sent(told: Told) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    clock = Deadline.objects.get(case=told.case, duty="panel-response")
    assert clock.start_on == day("2026-12-01")
    assert clock.rule.lateness == "service level"


@pytest.mark.parametrize("lcspr", ["yes", "no_sufficient_learning"])
@pytest.mark.parametrize("decided_on", ["2017-12-01", "2019-12-01", "2026-11-22"])
def test_the_partners_can_not_have_decided_before_the_notification(
    told: Told, lcspr: str, decided_on: str
) -> None:
    told.filled("2026-12-01", lcspr)
    review = told.rapid_review
    review.case = told.again()
    report = report_of(paper_of(review, on=day("2026-12-01")))
    early = replace(report, decided=replace(report.decided, decided_on=day(decided_on)))
    words = "The day the partners decided must be on or after the day of notification."
    assert refusals(review, early, on=day("2026-12-01")) == [words]
    told.filled("2026-12-01", lcspr, decided_on=decided_on)
    paper = paper_of(review, on=day("2026-12-01"))
    assert [problem.text for problem in paper.problems()] == [words.removesuffix(".")]
    with pytest.raises(CannotAdvance):
        told.sent("2026-12-01")


def test_sending_twice_tells_who_was_first(told: Told) -> None:
    told.filled("2026-12-01").sent("2026-12-01")
    with pytest.raises(AlreadyDone) as first:
        told.sent("2026-12-01", by="ada", clock="10:01")
    assert first.value.who == "Bea"


def test_another_authority_can_not_send_it(told: Told) -> None:
    told.filled("2026-12-01")
    with pytest.raises(NotFound):
        told.sent("2026-12-01", by="cara")


def test_nothing_that_was_written_is_in_the_trail_or_in_a_message(told: Told) -> None:
    told.filled("2026-12-01")
    told.signed("ira", "dissent", "2026-12-01", comment=f"Because {SENTINEL}")
    told.sent("2026-12-01")
    payloads = [*Event.objects.values_list("payload", flat=True)]
    payloads += [*Outbox.objects.values_list("payload", flat=True)]
    assert payloads
    assert SENTINEL not in str(payloads)
    assert "Robin" not in str(payloads)


def test_what_is_read_has_nouns_for_headings_and_no_task() -> None:
    told = a_rapid_review().filled("2026-12-01")
    titles = [chapter["title"] for chapter in told.sent("2026-12-01").content]
    assert {"Participants", "Agencies"} <= set(titles)
    verbs = {"List", "Give", "Describe", "Summarise", "Record", "Say", "Tell", "Analyse"}
    assert not [title for title in titles if title.split()[0] in verbs]
