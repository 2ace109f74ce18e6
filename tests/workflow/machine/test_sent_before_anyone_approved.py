"""What was sent while no approver was there waits for one: by a date, in a list, with a message."""

import pytest

from tests.story import Cast, Story, day, moment
from tests.watch import UNAPPROVED, asked_of_somebody, holes_in
from tests.workflow.machine.test_branches import propose, with_approval
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Outbox
from workflow.outbox.wording import wording
from workflow.queues import WorkList

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = "2026-11-20", "2026-11-23"


@pytest.fixture
def unapproved(everyone: Cast) -> Story:
    """Ada's, sent on a Friday while Ben was away."""
    return with_approval(everyone).notified(FRIDAY, approval_outstanding=True)


def in_bens_list(story: Story, on: str) -> bool:
    ben = story.cast.ben
    ben.forget_memberships()
    work = WorkList(ben, on=day(on))
    segment = work.segment("needs-action")
    assert segment is not None
    return any(row.case.pk == story.case.pk for row in work.page(segment).rows)


def approved(story: Story, on: str) -> None:
    services.approve_after_sending(
        story.again(), by=story.cast.ben, on=day(on), at=moment(on), note=""
    )


def test_it_waits_for_the_approver_until_the_next_working_day(unapproved: Story) -> None:
    case = unapproved.again()
    assert UNAPPROVED in asked_of_somebody(case)
    (turn,) = [t for t in services.turns(case, on=day(FRIDAY)) if t.role.slug == "la_approver"]
    assert (turn.expected_on, turn.people) == (day(MONDAY), [unapproved.cast.ben])
    assert holes_in(case, on=day(FRIDAY)) == []


def test_it_stands_in_the_approvers_list_until_one_has_read_it(unapproved: Story) -> None:
    assert in_bens_list(unapproved, FRIDAY)
    approved(unapproved, MONDAY)
    assert not in_bens_list(unapproved, MONDAY)
    assert UNAPPROVED not in asked_of_somebody(unapproved.again())


def test_the_approvers_are_told_by_a_message_that_says_what_to_do(unapproved: Story) -> None:
    told = Outbox.objects.filter(kind="approve_afterwards")
    assert [row.person for row in told] == [unapproved.cast.ben]
    assert "approve it" in wording("approve_afterwards").act


def test_nobody_is_told_where_an_approver_sends(everyone: Cast) -> None:
    story = with_approval(everyone)
    story.act(story.case.notification, "ask_for_approval", "ada", FRIDAY)
    story.notified(FRIDAY, by="ben", approval_outstanding=True)
    assert not Outbox.objects.filter(kind="approve_afterwards").exists()


def test_it_still_waits_when_nothing_else_does(unapproved: Story) -> None:
    propose(unapproved, Proposal.CRITERIA_NOT_MET, MONDAY)
    unapproved.act(
        unapproved.again().notification, "confirm_criteria_not_met", "sol", MONDAY, reason="Agreed."
    )
    case = unapproved.again()
    assert (case.next_due_on, case.next_due) == (day(MONDAY), "")
    assert holes_in(case, on=day(MONDAY)) == []
    assert in_bens_list(unapproved, MONDAY)
    approved(unapproved, MONDAY)
    assert unapproved.again().next_due_on is None
