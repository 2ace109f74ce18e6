"""The one green button of a case, and the words of a row, name what is awaited of the reader."""

import pytest

from tests.story import Cast, Story, a_case, day
from tests.workflow.machine.test_branches import propose, with_approval
from tests.workflow.screens.conftest import Read
from tests.workflow.screens.missed import table_of
from tests.workflow.screens.test_opening_a_case import at, primary_buttons
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.queues import WorkList
from workflow.views.doing import next_act

REPORT = "Complete and publish the local review"
TODAY = "2026-12-10"
APPROVE = "Approve what was sent without you"
TOLD = "Record when the safeguarding partners were told"


def unapproved(everyone: Cast) -> Story:
    """Ada's, sent while Ben, who approves, was away."""
    return with_approval(everyone).notified("2026-11-20", approval_outstanding=True)


def row_of(read: Read, who: str) -> str:
    """Whose turn the one row of somebody's list says it is."""
    ((*_, turns, _),) = table_of(read(who, "/home/"))
    return turns


def test_the_approver_is_led_to_approve_what_was_sent_without_them(
    everyone: Cast, read: Read
) -> None:
    story = unapproved(everyone)
    assert primary_buttons(read("ben", at(story))) == [APPROVE]
    assert f"You: {APPROVE} as Approver" in row_of(read, "ben")


def test_approving_afterwards_comes_before_what_else_waits_for_the_approver(
    everyone: Cast, read: Read
) -> None:
    story = unapproved(everyone).reviewed("2026-11-27", "undecided", decide_by=day("2026-12-18"))
    assert primary_buttons(read("ben", at(story))) == [APPROVE]
    assert f"You: {APPROVE} as Approver" in row_of(read, "ben")


def test_its_author_is_not_asked_to_approve_it_beside_another_turn(everyone: Cast) -> None:
    story = with_approval(everyone, by="ben").notified(
        "2026-11-20", by="ben", approval_outstanding=True
    )
    story.reviewed("2026-11-27", "undecided", decide_by=day("2026-12-18"))
    work = WorkList(everyone.ben, on=day(TODAY))
    (row,) = work.page(work.segments[0]).rows
    (turn,) = [one for one in row.turns if one.role == "Approver"]
    assert next_act(turn) == "Confirm or change the decision"


def test_the_secretariat_is_led_to_a_proposal_that_waits(sent: Story, read: Read) -> None:
    for name in ("acknowledge", "link_to_rapid_review"):
        sent.act(sent.case.notification, name, "sol", "2026-12-07")
    assert primary_buttons(read("sol", at(sent))) == []
    propose(sent, Proposal.WITHDRAWAL, "2026-12-08")
    assert primary_buttons(read("sol", at(sent))) == ["Triage the incident"]
    assert "You: Triage the incident as Secretariat" in row_of(read, "sol")


def test_where_the_partners_are_to_be_told_their_notifier_is_led_there(
    everyone: Cast, read: Read
) -> None:
    elsewhere = a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-04", by="cara")
    assert primary_buttons(read("cara", at(elsewhere))) == [TOLD]
    assert f"You: {TOLD} as Notifier" in row_of(read, "cara")


def test_a_withdrawn_case_says_so_and_offers_no_further_proposal(sent: Story, read: Read) -> None:
    words = "Propose that the criteria are not met, or withdraw"
    assert words in read("ada", at(sent)).one("main").text
    propose(sent, Proposal.WITHDRAWAL, "2026-12-07")
    process = sent.again().notification
    sent.act(process, "withdraw_as_duplicate", "sol", "2026-12-08", reason="The same incident.")
    page = read("ada", at(sent))
    assert f"{sent.case.reference} Withdrawn duplicate" in page.one("main").text
    assert "Not required" not in page.one("main").text
    assert words not in page.one("main").text
    ((*_, status),) = table_of(read("ada", "/queue/?part=closed"))
    assert status == "Withdrawn duplicate"


def test_a_proposal_on_a_closed_case_is_refused_for_what_it_is(sent: Story) -> None:
    propose(sent, Proposal.WITHDRAWAL, "2026-12-07")
    process = sent.again().notification
    sent.act(process, "withdraw_as_duplicate", "sol", "2026-12-08", reason="The same incident.")
    with pytest.raises(services.CannotAdvance, match=r"closed \(Withdrawn duplicate\): reopen it"):
        propose(sent, Proposal.CRITERIA_NOT_MET, "2026-12-09")


def test_a_case_that_ended_with_its_review_says_how_that_ended(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-10-01").notified("2026-10-05").reviewed("2026-10-20")
    story.answered("2026-11-02")
    assert "Practice review No LCSPR" in read("ada", at(story)).one("main").text


@pytest.fixture
def to_be_reviewed(everyone: Cast) -> Story:
    """The partners decided for a local review, and the Panel answered."""
    story = a_case(everyone, aware="2026-10-01").notified("2026-10-05")
    return story.reviewed("2026-10-20", "yes").answered("2026-11-02")


def test_a_decided_review_does_not_lead_to_changing_the_decision(
    to_be_reviewed: Story, read: Read
) -> None:
    page = read("bea", at(to_be_reviewed))
    assert primary_buttons(page) == []
    text = page.one("main").text
    assert f"{REPORT}: this waits for you." in text
    assert "Nothing needs action from you now." not in text
    assert "Confirm or change the decision" in text
    assert f"You: {REPORT} as Business unit" in row_of(read, "bea")


def test_whoever_is_not_waited_for_is_told_so(to_be_reviewed: Story, read: Read) -> None:
    text = read("ada", at(to_be_reviewed)).one("main").text
    assert "Nothing needs action from you now." in text
    assert "this waits for you" not in text


def test_an_undecided_review_leads_to_the_decision(everyone: Cast, read: Read) -> None:
    story = a_case(everyone, aware="2026-11-02").notified("2026-11-04")
    story.reviewed("2026-11-20", "undecided", decide_by=day("2026-12-18"))
    assert primary_buttons(read("ben", at(story))) == ["Confirm or change the decision"]
