"""Every branch of the rapid review and of what follows, told through the real services."""

from typing import Any

import pytest

from tests.story import Story, day, moment
from tests.workflow.machine.reading import deadlines, state
from workflow import services
from workflow.feeds.entries import feed_of
from workflow.models import Deadline, PracticeReview
from workflow.queues.worklist import queue_page

pytestmark = pytest.mark.django_db


def test_the_rapid_review_can_be_sent_before_anyone_acknowledges(sent: Story) -> None:
    sent.reviewed("2026-11-23")
    assert state(sent) == "linked_to_rapid_review"
    (answer,) = deadlines(sent, "panel-response")
    assert (answer.start_on, answer.owed_by) == (day("2026-11-23"), sent.cast.panel)


def test_six_months_run_from_the_day_the_partners_decide_not_from_the_reply(sent: Story) -> None:
    sent.reviewed("2026-12-10", "yes", decided_on=day("2026-12-08"), decision_code="yes")
    sent.answered("2027-01-05")
    (deadline,) = deadlines(sent, "local-review")
    assert (deadline.start_on, deadline.due_on) == (day("2026-12-08"), day("2027-06-08"))
    assert sent.practice_review.state == "decision_yes"


def test_undecided_partners_say_by_when_and_then_decide(sent: Story) -> None:
    sent.reviewed("2026-12-10", "undecided", decide_by=day("2027-01-29"))
    review = sent.practice_review
    assert (review.state, review.expected_on) == ("undecided", day("2027-01-29"))
    sent.act(review, "decide_yes", "ben", "2027-01-28", facts={"decided_on": day("2027-01-28")})
    assert deadlines(sent, "local-review")[0].start_on == day("2027-01-28")


def test_no_lcspr_can_be_reconsidered_after_the_panels_reply(sent: Story) -> None:
    sent.reviewed("2026-12-10", "no").answered("2027-01-05")
    sent.act(sent.practice_review, "decide_yes", "ben", "2027-01-20", reason="The advice.")
    (deadline,) = deadlines(sent, "local-review")
    assert deadline.start_on == day("2027-01-20")
    sent.act(sent.practice_review, "decide_no", "ben", "2027-01-21", reason="Mistaken.")
    sent.act(sent.practice_review, "decide_yes", "ben", "2027-01-22", reason="It was none.")
    first, second = deadlines(sent, "local-review")
    assert (first.cancelled_why, second.is_open) == ("no_lcspr", True)


def test_a_decision_against_an_lcspr_is_reopened_only_for_a_reason(sent: Story) -> None:
    sent.reviewed("2026-12-10", "no").answered("2027-01-05")
    for reason in ("", "  "):
        with pytest.raises(services.CannotAdvance, match="enter a reason"):
            sent.act(sent.practice_review, "decide_yes", "ben", "2027-01-20", reason=reason)
    assert sent.practice_review.state == "no_lcspr"
    assert not deadlines(sent, "local-review")


def test_a_returned_review_stops_the_panels_clock_and_sending_again_starts_it(sent: Story) -> None:
    sent.reviewed("2026-12-01")
    sent.act(
        sent.rapid_review,
        "return_for_information",
        "sol",
        "2026-12-03",
        reason="The chronology stops short.",
        facts={"reply_on": day("2026-12-10")},
    )
    sent.reviewed("2026-12-09")
    first, second = deadlines(sent, "panel-response")
    assert first.cancelled_why == "returned_for_more_information"
    assert second.start_on == day("2026-12-09")
    assert PracticeReview.objects.filter(case=sent.case).count() == 1


def test_only_the_chair_takes_a_case_into_a_national_review(sent: Story) -> None:
    sent.reviewed("2026-12-01")
    with pytest.raises(services.CannotAdvance, match="Panel chair"):
        sent.act(sent.rapid_review, "supersede", "sol", "2026-12-03", reason="Of national note.")
    sent.act(sent.rapid_review, "supersede", "petra", "2026-12-03", reason="Of national note.")
    review = sent.practice_review
    assert (review.kind, review.state) == ("national", "panel_decision")
    for step in ("tell_secretary_of_state", "confirm_reviewer", "start"):
        sent.act(sent.practice_review, step, "petra", "2026-12-04")
    assert sent.practice_review.state == "in_progress"


def in_progress_nationally(sent: Story) -> PracticeReview:
    sent.reviewed("2026-12-01")
    sent.act(sent.rapid_review, "supersede", "petra", "2026-12-03", reason="Of national note.")
    for step in ("tell_secretary_of_state", "confirm_reviewer", "start"):
        sent.act(sent.practice_review, step, "petra", "2026-12-04")
    return sent.practice_review


@pytest.mark.parametrize("who", ["ben", "bea"])
@pytest.mark.parametrize("name", ["discontinue", "draft_report", "await_proceedings"])
def test_the_panel_alone_acts_on_a_national_review(sent: Story, who: str, name: str) -> None:
    review = in_progress_nationally(sent)
    with pytest.raises(services.CannotAdvance, match=r"^Only "):
        sent.act(review, name, who, "2026-12-05", reason="Invented.")
    assert sent.practice_review.state == "in_progress"
    possible = services.possible_acts(sent.again(), by=sent.cast.people[who], on=day("2026-12-05"))
    assert not [one for one in possible if getattr(one.subject, "kind", "") == "national"]


def test_a_national_review_waits_on_the_panel_to_its_end(sent: Story) -> None:
    in_progress_nationally(sent)
    found = [
        (turn.role.slug, turn.organisation)
        for turn in services.turns(sent.again(), on=day("2026-12-05"))
        if turn.subject.MACHINE == PracticeReview.MACHINE
    ]
    assert found == [("panel_secretariat", sent.cast.panel)]
    listed = {
        who: sent.case.pk
        in [
            row.case.pk
            for row in queue_page(sent.cast.people[who], part, on=day("2026-12-05")).rows
        ]
        for who, part in (("sol", "decisions"), ("bea", "needs-action"))
    }
    assert listed == {"sol": True, "bea": False}
    sent.act(sent.practice_review, "discontinue", "petra", "2026-12-06", reason="Invented.")
    assert sent.practice_review.state == "discontinued"


def test_the_copy_of_a_national_report_is_the_panels_to_send_and_no_authoritys(
    sent: Story,
) -> None:
    in_progress_nationally(sent)
    for step in ("draft_report", "seek_approval"):
        sent.act(sent.practice_review, step, "petra", "2027-01-11")
    # Seven working days before 6 April 2027: Easter lies between.
    facts = {"publish_on": day("2027-04-06")}
    sent.act(sent.practice_review, "send_advance_copy", "petra", "2027-03-25", facts=facts)
    assert not deadlines(sent, "advance-copy")
    (copy,) = deadlines(sent, "national-report-to-sos")
    assert (copy.owed_by, copy.due_on) == (sent.cast.panel, day("2027-03-24"))
    assert (copy.met_on, copy in Deadline.objects.late(on=day("2027-03-25"))) == (
        day("2027-03-25"),
        True,
    )
    assert b"national report due" in feed_of(sent.cast.sol, on=day("2027-03-26")).replace(
        b"\r\n ", b""
    )
    why = {"reason": "The trial goes on."}
    sent.act(sent.practice_review, "delay_publication", "petra", "2027-03-29", **why)
    facts = {"publish_on": day("2027-06-01")}
    sent.act(sent.practice_review, "send_advance_copy", "petra", "2027-05-03", facts=facts)
    assert [row.cycle for row in deadlines(sent, "national-report-to-sos")] == [1, 2]
    sent.act(sent.practice_review, "publish", "petra", "2027-06-01")
    assert sent.practice_review.state == "published"
    assert not Deadline.objects.open().filter(case=sent.case).exists()


def test_a_local_review_runs_to_publication_and_its_clocks_stop(sent: Story) -> None:
    sent.reviewed("2026-12-01", "yes").answered("2026-12-15")
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("scope", "bea", {}),
        ("appoint_reviewer", "bea", {}),
        ("start", "bea", {}),
        ("await_proceedings", "bea", {"reason": "A trial is listed."}),
        ("resume", "bea", {}),
        ("draft_report", "bea", {}),
        ("seek_approval", "bea", {}),
        ("send_advance_copy", "ben", {"facts": {"publish_on": day("2027-04-06")}}),
    ]
    for name, by, more in steps:
        sent.act(sent.practice_review, name, by, "2027-03-25", **more)
    (copy,) = deadlines(sent, "advance-copy")
    assert (copy.due_on, copy.met_on) == (day("2027-03-24"), day("2027-03-25"))
    sent.act(sent.practice_review, "publish", "ben", "2027-04-06")
    (review,) = deadlines(sent, "local-review")
    assert (review.due_on, review.met_on) == (day("2027-06-01"), day("2027-04-06"))
    sent.act(sent.practice_review, "monitor", "bea", "2027-04-07")
    sent.act(sent.practice_review, "close", "bea", "2027-12-01", reason="Every action is done.")
    assert sent.practice_review.state == "closed"
    assert sent.case.next_due_on is None


def test_a_later_agreed_date_stands_beside_the_legal_one(sent: Story) -> None:
    services.agree_later_date(
        sent.again(),
        "rapid-review",
        1,
        day("2026-12-18"),
        by=sent.cast.sol,
        on=day("2026-12-01"),
        at=moment("2026-12-01"),
        reason="The partners meet on the 17th.",
    )
    (deadline,) = deadlines(sent, "rapid-review")
    assert (deadline.due_on, deadline.agreed_on) == (day("2026-12-11"), day("2026-12-18"))


def test_the_panel_is_told_that_a_rapid_review_came_in(sent: Story) -> None:
    sent.reviewed("2026-12-01")
    told = sent.case.messages.filter(kind="submit", organisation=sent.cast.panel)
    assert told.count() == 2
