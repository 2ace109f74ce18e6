"""Each role's list holds what waits for that role, as the machines say, and nobody else's."""

import pytest

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.queues.conftest import Listed
from workflow import services
from workflow.machine.turn import role_of_turn, stand_of
from workflow.models import Membership, Organisation
from workflow.people.membership import leave
from workflow.queues import WorkList

TODAY = "2026-12-10"


@pytest.fixture
def draft(everyone: Cast) -> Story:
    return a_case(everyone, aware="2026-12-07")


@pytest.fixture
def sent(everyone: Cast) -> Story:
    return a_case(everyone, aware="2026-12-01").notified("2026-12-04")


def test_a_draft_needs_action_from_its_authority_alone(draft: Story, listed: Listed) -> None:
    for name in ("ada", "ben"):
        assert listed(name, "needs-action", on=TODAY) == [draft.case.label]
        assert listed(name, "drafts", on=TODAY) == [draft.case.label]
    for name in ("sol", "priya", "petra", "dele", "ira"):
        assert listed(name, "needs-action", on=TODAY) == [], name


def transferred(story: Story) -> None:
    services.propose_transfer(
        story.again(),
        story.cast.southfen,
        by=story.cast.ada,
        on=day(TODAY),
        at=moment(TODAY),
        reason="It was on the other side.",
    )


def test_a_case_offered_to_another_authority_needs_its_answer(draft: Story, listed: Listed) -> None:
    assert listed("cara", "needs-action", on=TODAY) == []
    transferred(draft)
    assert listed("cara", "needs-action", on=TODAY) == [draft.case.label]


def test_a_transfer_of_what_was_sent_needs_the_secretariats_agreement(
    sent: Story, listed: Listed
) -> None:
    sent.act(sent.case.notification, "acknowledge", "sol", TODAY)
    sent.act(sent.case.notification, "link_to_rapid_review", "sol", TODAY)
    assert listed("sol", "needs-action", on=TODAY) == []
    transferred(sent)
    assert listed("sol", "needs-action", on=TODAY) == [sent.case.label]
    assert listed("cara", "needs-action", on=TODAY) == []


def test_sending_moves_a_case_from_the_notifier_to_the_secretariat_and_the_business_unit(
    sent: Story, listed: Listed
) -> None:
    assert listed("ada", "needs-action", on=TODAY) == []
    assert listed("ada", "waiting", on=TODAY) == [sent.case.label]
    assert listed("bea", "needs-action", on=TODAY) == [sent.case.label]
    assert listed("sol", "new", on=TODAY) == [sent.case.label]
    assert listed("sol", "needs-action", on=TODAY) == [sent.case.label]


def test_each_step_moves_a_case_through_the_secretariats_list(sent: Story, listed: Listed) -> None:
    where = ("new", "to-triage", "rapid-reviews", "decisions")
    steps = [[part for part in where if listed("sol", part, on=TODAY)]]
    sent.act(sent.case.notification, "acknowledge", "sol", TODAY)
    steps.append([part for part in where if listed("sol", part, on=TODAY)])
    sent.reviewed(TODAY)
    steps.append([part for part in where if listed("sol", part, on=TODAY)])
    sent.act(sent.rapid_review, "triage", "sol", TODAY)
    steps.append([part for part in where if listed("sol", part, on=TODAY)])
    assert steps == [["new"], ["to-triage"], ["rapid-reviews"], ["decisions"]]
    assert listed("priya", "needs-action", on=TODAY) == [sent.case.label]


def test_the_partners_are_asked_to_sign_and_nobody_else(sent: Story, listed: Listed) -> None:
    assert listed("ira", "needs-action", on=TODAY) == []
    sent.act(sent.rapid_review, "seek_signatures", "bea", TODAY)
    for name in ("ira", "polly", "lena"):
        assert listed(name, "needs-action", on=TODAY) == [sent.case.label]
    assert listed("bea", "needs-action", on=TODAY) == []


def test_a_looked_after_childs_death_without_suspicion_waits_for_the_department(
    everyone: Cast, listed: Listed
) -> None:
    story = a_case(
        everyone, aware="2026-12-01", outcome="died", abuse="neither", looked_after=True
    ).notified("2026-12-04")
    assert listed("dele", "needs-action", on=TODAY) == [story.case.label]
    assert listed("sol", "needs-action", on=TODAY) == []


def test_what_goes_to_the_panel_does_not_wait_for_the_department(
    sent: Story, listed: Listed
) -> None:
    assert listed("dele", "needs-action", on=TODAY) == []
    assert listed("dele", "waiting", on=TODAY) == [sent.case.label]


def test_a_case_is_overdue_from_the_day_after_its_date(draft: Story, listed: Listed) -> None:
    assert draft.case.next_due_on == day("2026-12-14")
    assert listed("adam", "overdue", on="2026-12-14") == []
    assert listed("adam", "overdue", on="2026-12-15") == [draft.case.label]


def test_a_closed_case_is_in_the_closed_part_only(everyone: Cast, listed: Listed) -> None:
    story = a_case(everyone, aware="2026-10-01").notified("2026-10-05").reviewed("2026-10-20")
    story.answered("2026-11-02")
    assert story.case.next_due_on is None
    for name in ("ada", "sol", "sam"):
        assert listed(name, "closed", on=TODAY) == [story.case.label]
        assert listed(name, "waiting", on=TODAY) == []
        assert listed(name, "open" if name == "sam" else "needs-action", on=TODAY) == []


def test_cara_never_sees_northmoors_cases(sent: Story, draft: Story, everyone: Cast) -> None:
    work = WorkList(everyone.cara, on=day(TODAY))
    assert work.segments[0].slug == "needs-action"
    for segment in work.segments:
        assert work.page(segment).rows == [], segment.slug
    assert {str(count) for count in work.counts(work.segments).values()} == {"0"}


def test_what_waits_for_a_role_that_nobody_holds_is_in_the_list_of_whom_it_passes_to(
    sent: Story, everyone: Cast, listed: Listed
) -> None:
    assert listed("ben", "needs-action", on=TODAY) == []
    leave(Membership.objects.get(person=everyone.bea), on=day("2026-12-09"))
    assert listed("ben", "needs-action", on=TODAY) == [sent.case.label]


def test_the_chair_gets_a_part_for_what_passes_to_her(sent: Story, everyone: Cast) -> None:
    assert WorkList(everyone.petra, on=day(TODAY)).segments[0].slug == "decisions"
    leave(Membership.objects.get(person=everyone.sol), on=day("2026-12-09"))
    work = WorkList(everyone.petra, on=day(TODAY))
    assert work.segments[0].slug == "needs-action"
    assert [row.case for row in work.page(work.segments[0]).rows] == [sent.case]


def test_the_list_and_the_case_page_name_the_same_turns(sent: Story, draft: Story) -> None:
    sent.reviewed(TODAY, "yes")
    for story in (sent, draft):
        case = story.again()
        machines = services.machines_of(case)
        by_list = [role_of_turn(stand_of(one), case) for one in machines]
        by_page = [turn.role.slug for turn in services.turns(case, on=day(TODAY))]
        assert [role for role in by_list if role] == by_page


def test_somebody_with_no_role_has_no_list(everyone: Cast) -> None:
    assert WorkList(everyone.otto, on=day(TODAY)).segments == []
    panel = Organisation.objects.get(key="panel")
    leave(Membership.objects.get(person=everyone.priya, organisation=panel), on=day("2026-12-09"))
    everyone.priya.forget_memberships()
    assert WorkList(everyone.priya, on=day(TODAY)).segments == []


def test_the_row_says_whose_turn_it_is_when_and_where_it_stands(
    sent: Story, everyone: Cast
) -> None:
    work = WorkList(everyone.bea, on=day(TODAY))
    (row,) = work.page(work.segments[0]).rows
    assert [(turn.role, turn.is_mine) for turn in row.turns] == [
        ("Secretariat", False),
        ("Business unit", True),
    ]
    assert [(one.machine, one.words) for one in row.statuses] == [
        ("Notification", "Sent"),
        ("Rapid review", "Opened"),
    ]
    assert row.standing.words == "Due in 11 working days"
    assert (row.due_for, row.is_internal) == ("Send the rapid review", False)
