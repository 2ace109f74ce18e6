"""Nobody is asked to approve their own; where nobody else may, who can change that is told."""

from collections.abc import Callable
from typing import Any

import pytest

from notifications.views.approving import can_name
from tests import sight
from tests.story import Cast, Story, a_case, day, moment, person
from tests.watch import holes_in
from tests.workflow.machine.test_branches import with_approval
from workflow import services
from workflow.access.models import Capacity
from workflow.machine.approval import who_names_approvers
from workflow.machine.turn import Turn
from workflow.models import Grant, Membership, Outbox, Person
from workflow.outbox.mail import about_a_case, compose
from workflow.people.responsible import Fallback
from workflow.queues import WorkList
from workflow.queues.rows import QueueRow

pytestmark = pytest.mark.django_db
FRIDAY = "2026-11-20"


def asked(everyone: Cast) -> Story:
    """Ben's own notification, which he asks to have approved."""
    story = with_approval(everyone, by="ben")
    story.act(story.case.notification, "ask_for_approval", "ben", FRIDAY)
    return story


def sent_unapproved(everyone: Cast) -> Story:
    """Ben's own notification, sent before anybody could approve it."""
    return with_approval(everyone, by="ben").notified(FRIDAY, by="ben", approval_outstanding=True)


def rows(story: Story, who: Person, part: str) -> list[QueueRow]:
    who.forget_memberships()
    work = WorkList(who, on=day(FRIDAY))
    segment = work.segment(part)
    assert segment is not None
    assert segment.slug == part
    return [row for row in work.page(segment).rows if row.case.pk == story.case.pk]


def approvals(story: Story) -> list[Turn]:
    found = services.turns(story.again(), on=day(FRIDAY))
    return [turn for turn in found if turn.role.slug == "la_approver"]


@pytest.mark.parametrize("story_of", [asked, sent_unapproved])
def test_it_is_on_another_approvers_list_and_not_on_its_authors(
    everyone: Cast, story_of: Callable[[Cast], Story]
) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    story = story_of(everyone)
    assert rows(story, nell, "needs-action")
    assert not rows(story, everyone.ben, "needs-action")
    (row,) = rows(story, everyone.ben, "waiting")
    assert [turn.is_mine for turn in row.turns if turn.slug == "la_approver"] == [False]
    assert [turn.people for turn in approvals(story)] == [[nell]]
    assert not Outbox.objects.filter(kind="nobody_may_approve").exists()
    told = Outbox.objects.filter(kind="approve_afterwards")
    assert [one.person for one in told] == ([nell] if story_of is sent_unapproved else [])


@pytest.mark.parametrize("story_of", [asked, sent_unapproved])
def test_where_nobody_else_may_the_administrator_is_told_to_name_somebody(
    everyone: Cast, story_of: Callable[[Cast], Story]
) -> None:
    story = story_of(everyone)
    assert not rows(story, everyone.ben, "needs-action")
    told = Outbox.objects.filter(kind__in=["nobody_may_approve", "approve_afterwards"])
    assert [(one.kind, one.person) for one in told] == [("nobody_may_approve", everyone.adam)]
    assert "make somebody else an approver" in about_a_case(told[0]).text
    case = story.again()
    (turn,) = approvals(story)
    assert isinstance(turn.people, Fallback)
    assert turn.people == [everyone.adam]
    assert turn.people.because.startswith("Nobody else holds the role Approver at Northmoor")
    assert holes_in(case, on=day(FRIDAY)) == []


def test_where_its_authority_has_no_administrator_the_operators_is_told(everyone: Cast) -> None:
    everyone.adam.memberships.update(until="2026-11-19")
    asked(everyone)
    told = Outbox.objects.filter(kind="nobody_may_approve")
    assert [one.person for one in told] == [everyone.sam]


def test_of_a_restricted_case_of_which_nobody_named_names_others_the_named_are_told_whom_to_ask(
    everyone: Cast,
) -> None:
    story = with_approval(everyone)
    named = [everyone.ada.pk, everyone.ben.pk]
    how: Any = {"by": everyone.ben, "on": day(FRIDAY), "at": moment(FRIDAY), "reason": "Staff."}
    with sight.of(everyone.ben, on=day(FRIDAY)):
        services.restrict(story.again(), named, **how)
    Membership.objects.filter(person=everyone.ben, role="la_approver").update(until="2026-11-19")
    everyone.ben.forget_memberships()
    story.act(story.case.notification, "ask_for_approval", "ada", FRIDAY)
    rows = Outbox.objects.filter(kind__contains="_may_").order_by("person__name")
    assert [(row.kind, row.person) for row in rows] == [
        ("nobody_named_may_name", everyone.ada),
        ("nobody_named_may_name", everyone.ben),
    ]
    for row in rows:
        letter = compose(row, on=day(FRIDAY))
        assert letter is not None
        assert row.person is not None
        assert letter.to == (row.person.email,)
        assert "Ask an administrator of your authority" in letter.words.text
    assert can_name(story.again(), {everyone.ada.pk}, on=day(FRIDAY)) == []


def test_of_a_restricted_case_who_is_named_is_told_and_the_administrator_hears_nothing(
    everyone: Cast,
) -> None:
    story = with_approval(everyone, by="ben")
    named = [everyone.ada.pk, everyone.ben.pk]
    how: Any = {"by": everyone.ben, "on": day(FRIDAY), "at": moment(FRIDAY), "reason": "Staff."}
    services.restrict(story.again(), named, **how)
    story.act(story.case.notification, "ask_for_approval", "ben", FRIDAY)
    rows = Outbox.objects.filter(kind__contains="may_approve").select_related("case", "person")
    letters = [(row.kind, compose(row, on=day(FRIDAY))) for row in rows]
    reached = [(kind, letter.to) for kind, letter in letters if letter is not None]
    assert reached == [("nobody_named_may_approve", (everyone.ben.email,))]
    # Not even a row that waits is for whoever is not named.
    assert len(letters) == 1
    assert can_name(story.again(), {everyone.ben.pk}, on=day(FRIDAY)) == ["Ben"]


def test_of_a_restricted_case_who_names_an_approver_is_of_its_own_authority_or_else_the_panel(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19", by="ben").notified(FRIDAY, by="ben")
    case, on = story.case, day(FRIDAY)
    # As an authority has the case that gave it away and reads on.
    reads_on: Any = {"organisation": everyone.southfen, "capacity": Capacity.OTHER_AREA}
    Grant.objects.create(case=case, authority=case.authority, since=on, **reads_on)
    people = [everyone.people[name].pk for name in ("ada", "ben", "cara", "petra")]
    how: Any = {"by": everyone.ben, "on": on, "at": moment(FRIDAY), "reason": "Staff."}
    with sight.of(everyone.ben, on=on):
        services.restrict(story.again(), people, **how)
    assert who_names_approvers(story.again(), on=on) == [everyone.ben]
    everyone.ben.memberships.update(until="2026-11-19")
    assert who_names_approvers(story.again(), on=on) == [everyone.petra]


def test_whoever_is_named_an_approver_then_is_asked(everyone: Cast) -> None:
    story = asked(everyone)
    nell = person("Nell", everyone.northmoor, "la_approver")
    assert rows(story, nell, "needs-action")
    everyone.people["nell"] = nell
    story.notified(FRIDAY, by="nell")
    assert story.again().notification.approved_by == nell


def test_other_turns_of_an_approver_stay_theirs(everyone: Cast) -> None:
    story = with_approval(everyone, by="ben")
    story.act(story.case.notification, "consider_threshold", "ben", FRIDAY)
    assert rows(story, everyone.ben, "needs-action")
