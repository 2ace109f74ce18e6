"""Every branch of the notification, told as a story through the real services."""

import pytest

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.machine.reading import deadlines, state
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Deadline, Event, RapidReview

pytestmark = pytest.mark.django_db


def propose(story: Story, proposal: Proposal, on: str) -> None:
    services.propose(
        story.again(),
        proposal,
        by=story.cast.ada,
        on=day(on),
        at=moment(on),
        reason="Invented reason.",
    )


def test_an_incident_that_a_partner_refers_is_taken_up_by_the_authority(everyone: Cast) -> None:
    case = services.open_case(
        authority=everyone.northmoor,
        by=everyone.polly,
        on=day("2026-11-19"),
        at=moment("2026-11-19"),
        referred=True,
    )
    story = Story(everyone, case)
    assert state(story) == "referred"
    assert story.case.next_due_on == day("2026-11-20")
    story.act(story.case.notification, "start_draft", "ada", "2026-11-19")
    assert story.case.notification.author == everyone.ada


def test_deciding_not_to_notify_is_the_approvers_and_stops_the_clocks(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-11-19")
    process = story.case.notification
    with pytest.raises(services.CannotAdvance, match="Only Approver"):
        story.act(process, "decide_not_to_notify", "ada", "2026-11-20", reason="No harm found.")
    with pytest.raises(services.CannotAdvance, match="enter a reason"):
        story.act(process, "decide_not_to_notify", "ben", "2026-11-20")
    story.act(process, "decide_not_to_notify", "ben", "2026-11-20", reason="No harm found.")
    assert state(story) == "not_notified"
    assert {row.cancelled_why for row in deadlines(story, "notify-the-panel")} == {"not_notified"}
    assert story.case.next_due_on is None


def test_a_case_not_notified_is_looked_at_again_with_a_clock_of_its_own(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-11-19")
    story.act(
        story.case.notification, "decide_not_to_notify", "ben", "2026-11-20", reason="No harm."
    )
    story.act(
        story.case.notification,
        "reopen",
        "ada",
        "2026-12-07",
        reason="New medical opinion.",
        facts={"aware_on": day("2026-12-07")},
    )
    first, second = deadlines(story, "notify-the-panel")
    assert (first.cancelled_why, first.due_on) == ("not_notified", day("2026-11-26"))
    assert (second.is_open, second.due_on) == (True, day("2026-12-14"))


def test_information_can_be_asked_for_and_given_without_reopening_the_clock(sent: Story) -> None:
    sent.act(
        sent.case.notification,
        "request_information",
        "sol",
        "2026-11-23",
        reason="Which hospital?",
        facts={"reply_on": day("2026-11-27")},
    )
    assert (state(sent), sent.case.notification.expected_on) == (
        "information_requested",
        day("2026-11-27"),
    )
    sent.act(sent.case.notification, "reply", "ada", "2026-11-24", reason="Answered.")
    assert state(sent) == "acknowledged"
    assert not any(row.is_open for row in deadlines(sent, "notify-the-panel"))


def test_criteria_not_met_needs_the_authoritys_proposal_and_the_secretariats_agreement(
    sent: Story,
) -> None:
    with pytest.raises(services.CannotAdvance, match="must first propose"):
        sent.act(
            sent.case.notification, "confirm_criteria_not_met", "sol", "2026-11-24", reason="x"
        )
    propose(sent, Proposal.CRITERIA_NOT_MET, "2026-11-23")
    sent.act(sent.case.notification, "confirm_criteria_not_met", "sol", "2026-11-24", reason="Yes.")
    assert state(sent) == "criteria_not_met"
    assert sent.rapid_review.state == "no_longer_required"
    assert [row.cancelled_why for row in deadlines(sent, "rapid-review")] == ["criteria_not_met"]
    assert sent.case.next_due_on is None


def test_a_proposal_that_is_declined_changes_nothing(sent: Story) -> None:
    propose(sent, Proposal.CRITERIA_NOT_MET, "2026-11-23")
    services.decline_proposal(
        sent.again(),
        by=sent.cast.sol,
        on=day("2026-11-24"),
        at=moment("2026-11-24"),
        reason="The harm is serious.",
    )
    assert (state(sent), sent.case.notification.proposal) == ("submitted", "")
    assert sent.rapid_review.state == "opened"


def test_a_duplicate_is_withdrawn_only_with_agreement(sent: Story) -> None:
    propose(sent, Proposal.WITHDRAWAL, "2026-11-23")
    sent.act(sent.case.notification, "withdraw_as_duplicate", "sol", "2026-11-24", reason="Yes.")
    assert state(sent) == "withdrawn_duplicate"


def looked_after_death(everyone: Cast) -> Story:
    story = a_case(everyone, aware="2026-11-19", outcome="died", abuse="neither", looked_after=True)
    return story.notified("2026-11-20")


def test_a_looked_after_childs_death_without_suspicion_is_closed_by_a_person(
    everyone: Cast,
) -> None:
    story = looked_after_death(everyone)
    assert not RapidReview.objects.filter(case=story.case).exists()
    assert {row.duty for row in Deadline.objects.filter(case=story.case)} == {
        "looked-after-child-death"
    }
    (turn,) = services.turns(story.case, on=day("2026-11-20"))
    assert (turn.role.slug, turn.people) == ("dfe_receiver", [everyone.dele])
    story.act(story.case.notification, "close_without_review", "dele", "2026-11-24")
    assert state(story) == "closed_no_review"


def test_a_case_for_the_panel_is_never_closed_without_a_review(sent: Story) -> None:
    with pytest.raises(services.CannotAdvance, match="goes to the Panel"):
        sent.act(sent.case.notification, "close_without_review", "sol", "2026-11-24")


def test_abuse_suspected_after_closure_goes_on_in_the_same_case_with_new_clocks(
    everyone: Cast,
) -> None:
    story = looked_after_death(everyone)
    story.act(story.case.notification, "close_without_review", "dele", "2026-11-24")
    story.act(
        story.case.notification,
        "abuse_now_suspected",
        "ada",
        "2027-01-11",
        reason="The inquest heard new evidence.",
        facts={
            "abuse": "suspected",
            "aware_on": day("2027-01-11"),
            "suspected_on": day("2027-01-11"),
        },
    )
    assert [row.due_on for row in deadlines(story, "notify-the-panel")] == [day("2027-01-18")]
    assert [row.cycle for row in deadlines(story, "looked-after-child-death")] == [1, 2]
    story.notified("2027-01-14")
    assert deadlines(story, "rapid-review")[0].start_on == day("2027-01-14")


def test_abuse_suspected_while_information_is_asked_for_waits_for_no_reply(
    everyone: Cast,
) -> None:
    story = looked_after_death(everyone)
    asked = {"reply_on": day("2026-12-01")}
    process = story.case.notification
    story.act(process, "request_information", "dele", "2026-11-24", reason="Why?", facts=asked)
    facts = {"abuse": "suspected", "aware_on": day("2026-11-25")}
    story.act(
        story.case.notification, "abuse_now_suspected", "ada", "2026-11-25", reason="A finding.",
        facts=facts,
    )  # fmt: skip
    assert story.again().notification.state == "draft"
    assert [row.due_on for row in deadlines(story, "notify-the-panel")] == [day("2026-12-02")]


def test_harm_that_becomes_a_death_keeps_the_old_clocks_and_the_open_review(sent: Story) -> None:
    sent.act(
        sent.case.notification,
        "harm_became_death",
        "ada",
        "2026-11-30",
        reason="The child has died.",
        facts={"outcome": "died", "aware_on": day("2026-11-30")},
    )
    sent.notified("2026-12-01")
    notify = deadlines(sent, "notify-the-panel")
    assert [row.met_on for row in notify] == [day("2026-11-20"), day("2026-12-01")]
    assert [row.start_on for row in deadlines(sent, "rapid-review")] == [
        day("2026-11-20"),
        day("2026-12-01"),
    ]
    assert RapidReview.objects.filter(case=sent.case).count() == 1
    sent.reviewed("2026-12-10")
    assert {row.met_on for row in deadlines(sent, "rapid-review")} == {day("2026-12-10")}


def test_correcting_the_awareness_date_moves_the_open_clock_and_keeps_what_was_believed(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19")
    story.facts("2026-11-20", aware_on=day("2026-11-17"))
    (deadline,) = deadlines(story, "notify-the-panel")
    assert deadline.due_on == day("2026-11-24")
    event = Event.objects.filter(case=story.case, act="record_facts").latest("sequence")
    assert event.payload["before"] == {"aware_on": "2026-11-19"}
    assert story.case.next_due_on == day("2026-11-24")


def with_approval(everyone: Cast, by: str = "ada") -> Story:
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    return a_case(everyone, aware="2026-11-19", by=by)


def test_where_approval_is_asked_for_a_second_person_sends(everyone: Cast) -> None:
    story = with_approval(everyone)
    with pytest.raises(services.CannotAdvance, match="other than its author"):
        story.notified("2026-11-20")
    story.act(story.case.notification, "ask_for_approval", "ada", "2026-11-20")
    story.notified("2026-11-20", by="ben")
    assert story.case.notification.approved_by == everyone.ben


def test_an_approver_does_not_approve_what_they_wrote(everyone: Cast) -> None:
    story = with_approval(everyone, by="ben")
    with pytest.raises(services.CannotAdvance, match="other than its author"):
        story.notified("2026-11-20", by="ben")


def test_an_absent_approver_holds_nothing_up_and_reads_it_afterwards(everyone: Cast) -> None:
    story = with_approval(everyone)
    story.notified("2026-11-20", approval_outstanding=True)
    assert story.case.notification.approval_outstanding
    services.approve_after_sending(
        story.case, by=everyone.ben, on=day("2026-11-23"), at=moment("2026-11-23")
    )
    assert not story.again().notification.approval_outstanding


def test_nobody_approves_afterwards_what_they_sent_themselves(everyone: Cast) -> None:
    story = with_approval(everyone, by="ben")
    story.notified("2026-11-20", by="ben", approval_outstanding=True)
    with pytest.raises(services.CannotAdvance, match="other than its author"):
        services.approve_after_sending(
            story.again(), by=everyone.ben, on=day("2026-11-23"), at=moment("2026-11-23")
        )


def test_what_nobody_holds_passes_to_a_named_senior_the_same_day(sent: Story) -> None:
    everyone = sent.cast
    everyone.northmoor.senior = everyone.ben
    everyone.northmoor.save()
    (row,) = everyone.bea.memberships.all()
    row.until = day("2026-11-22")
    row.save()
    review_turn = next(
        turn
        for turn in services.turns(sent.again(), on=day("2026-11-23"))
        if turn.role.slug == "business_unit"
    )
    assert review_turn.people == [everyone.ben]


def test_nothing_personal_is_in_the_trail_or_the_outbox(sent: Story) -> None:
    propose(sent, Proposal.CRITERIA_NOT_MET, "2026-11-23")
    written = [
        str(event.payload) + event.reason_code for event in Event.objects.filter(case=sent.case)
    ]
    written += [str(message.payload) + message.dedupe for message in sent.case.messages.all()]
    assert not any("Invented reason" in text for text in written)
    kept = Event.objects.get(case=sent.case, act="propose_criteria_not_met")
    assert kept.reason == "Invented reason."
