"""Open cases in which no legal date runs: on whom they wait, and since when."""

import pytest

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.machine.test_branches import propose, with_approval
from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import not_met, page_of, table_of, told
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Case, NotificationProcess, PracticeReview, RapidReview

ADDRESS = "/late/without-a-clock/"


@pytest.fixture
def answered(everyone: Cast) -> Story:
    """The Panel has answered, and whether a local review follows is undecided."""
    return (
        a_case(everyone, aware="2026-10-01")
        .notified("2026-10-05")
        .reviewed("2026-10-20", "undecided", decide_by=day("2026-12-20"))
        .answered("2026-11-02")
    )


def test_a_case_without_a_clock_says_on_whom_it_waits_and_since_when(
    answered: Story, sent: Story, as_: SignIn
) -> None:
    assert answered.again().next_due == ""
    rows = table_of(page_of(as_("sam"), ADDRESS))
    assert [row[0] for row in rows] == [answered.case.label]
    (row,) = rows
    assert "Business unit" in row[3] or "Approver" in row[3]
    assert "Practice review: " in row[3]
    assert row[4].endswith("2026")
    assert sent.case.label not in str(rows)


def test_what_is_to_be_approved_afterwards_waits_on_the_approver_since_it_was_sent(
    everyone: Cast, as_: SignIn
) -> None:
    story = with_approval(everyone).notified("2026-11-20", approval_outstanding=True)
    not_met(story)
    (row,) = table_of(page_of(as_("sam"), ADDRESS))
    assert row[0] == story.case.label
    assert row[3] == "Approver Notification: approval of what was sent without it"
    assert row[4:] == ["20 November 2026", "Monday 23 November 2026"]


def test_a_proposal_waits_on_the_secretariat_since_it_was_last_made(
    answered: Story, as_: SignIn
) -> None:
    propose(answered, Proposal.CRITERIA_NOT_MET, "2026-11-03")
    services.decline_proposal(
        answered.again(), by=answered.cast.sol, on=day("2026-11-04"), at=moment("2026-11-04"),
        reason="They are met.",
    )  # fmt: skip
    propose(answered, Proposal.CRITERIA_NOT_MET, "2026-11-05")
    (row,) = table_of(page_of(as_("sam"), ADDRESS))
    assert row[3].endswith("Secretariat Notification: a proposal to answer")
    assert row[4].endswith("5 November 2026")


def test_such_a_case_is_in_no_list_of_missed_dates(answered: Story, as_: SignIn) -> None:
    for kind in ("guidance", "statutory", "service-level"):
        rows = table_of(page_of(as_("sam"), f"/late/list/?kind={kind}"))
        assert answered.case.label not in str(rows)


def test_an_authority_sees_its_own_and_the_operator_may_narrow_by_area(
    answered: Story, as_: SignIn
) -> None:
    assert len(table_of(page_of(as_("ben"), ADDRESS))) == 1
    assert table_of(page_of(as_("cara"), ADDRESS)) == []
    assert len(table_of(page_of(as_("sam"), f"{ADDRESS}?area=9901"))) == 1
    assert table_of(page_of(as_("sam"), f"{ADDRESS}?region=South+East")) == []


def test_the_board_leads_to_it(answered: Story, as_: SignIn) -> None:
    assert ADDRESS in [one.attrs.get("href") for one in page_of(as_("sam"), "/late/").all("a")]


def test_every_open_case_has_a_date_so_none_waits_unseen(everyone: Cast, answered: Story) -> None:
    told(everyone)
    open_ones = {
        row.case_id
        for machine in (NotificationProcess, RapidReview, PracticeReview)
        for row in machine.objects.filter(expected_on__isnull=False)
    }
    assert open_ones
    assert not Case.objects.filter(pk__in=open_ones, next_due_on__isnull=True).exists()
