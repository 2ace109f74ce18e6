"""Whoever began a notification, asked for its approval or changed a page is an author of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.story import Cast, Story, day, moment, person
from tests.workflow.machine.test_branches import with_approval
from tests.workflow.machine.test_nobody_approves_their_own import FRIDAY, approvals, rows
from workflow import services
from workflow.machine.approval import may_approve, tell_where_nobody_is_left
from workflow.models import Answers, NotificationProcess, Outbox, Person
from workflow.people.responsible import Fallback
from workflow.sealed import answers

pytestmark = pytest.mark.django_db
Change = Callable[[Story, Person], Any]


def saves(story: Story, who: Person, document: str = "notification") -> Answers:
    typed: Any = {"typed": {"location": ["invented"]}, "seen_version": 0}
    return answers.save(story.again(), document, "where", by=who, at=moment(FRIDAY), **typed)


def saves_again(story: Story, who: Person) -> Answers:
    saves(story, story.cast.ada)
    typed: Any = {"typed": {"location": ["another"]}, "seen_version": 1}
    where = (story.again(), "notification", "where")
    return answers.save(*where, by=who, at=moment(FRIDAY), **typed)


def adds(story: Story, who: Person) -> Answers:
    how: Any = {"typed": {}, "by": who, "at": moment(FRIDAY)}
    return answers.add_item(story.again(), "notification", "children", **how)


def removes(story: Story, who: Person) -> Answers:
    child = adds(story, story.cast.ada)
    how: Any = {"seen_version": child.version, "by": who, "at": moment(FRIDAY)}
    return answers.remove_item(story.again(), "notification", "children", child.item, **how)


def able(story: Story, who: Person) -> bool:
    return may_approve(story.again(), who, on=day(FRIDAY))


def asked_by_ada(story: Story) -> Story:
    story.act(story.case.notification, "ask_for_approval", "ada", FRIDAY)
    return story


@pytest.mark.parametrize("change", [saves, saves_again, adds, removes])
def test_an_approver_who_changed_a_page_does_not_approve_what_another_asks_for(
    everyone: Cast, change: Change
) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    story = with_approval(everyone)
    assert able(story, everyone.ben)
    change(story, everyone.ben)
    asked_by_ada(story)
    assert (able(story, everyone.ben), able(story, nell)) == (False, True)
    assert [turn.people for turn in approvals(story)] == [[nell]]
    assert rows(story, nell, "needs-action")
    assert not rows(story, everyone.ben, "needs-action")
    with pytest.raises(services.CannotAdvance, match="other than its author"):
        story.notified(FRIDAY, by="ben")
    everyone.people["nell"] = nell
    story.notified(FRIDAY, by="nell")
    assert story.case.notification.approved_by == nell


def test_an_approver_who_began_it_does_not_approve_it_whoever_asks(everyone: Cast) -> None:
    story = asked_by_ada(with_approval(everyone, by="ben"))
    assert story.case.notification.author == everyone.ada
    assert story.case.notification.authors == {everyone.ada.pk, everyone.ben.pk}
    assert not able(story, everyone.ben)


def test_where_every_approver_wrote_of_it_whoever_names_approvers_is_told(everyone: Cast) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    story = with_approval(everyone, by="ben")
    adds(story, nell)
    asked_by_ada(story)
    told = Outbox.objects.filter(kind="nobody_may_approve")
    assert [one.person for one in told] == [everyone.adam]
    (turn,) = approvals(story)
    assert isinstance(turn.people, Fallback)
    assert turn.people == [everyone.adam]
    assert rows(story, everyone.adam, "needs-action")
    assert not rows(story, everyone.ben, "needs-action")
    assert not rows(story, nell, "needs-action")


def test_an_approver_who_wrote_holds_no_sending_and_does_not_approve_it_afterwards(
    everyone: Cast,
) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    story = with_approval(everyone)
    saves(story, everyone.ben)
    story.notified(FRIDAY, approval_outstanding=True)
    told = Outbox.objects.filter(kind="approve_afterwards")
    assert [one.person for one in told] == [nell]
    assert rows(story, nell, "needs-action")
    assert not rows(story, everyone.ben, "needs-action")
    how: Any = {"on": day(FRIDAY), "at": moment(FRIDAY)}
    with pytest.raises(services.CannotAdvance, match="other than its author"):
        services.approve_after_sending(story.again(), by=everyone.ben, **how)
    services.approve_after_sending(story.again(), by=nell, **how)


@pytest.mark.parametrize("change", [saves, saves_again, adds, removes])
def test_an_approver_who_corrects_what_was_sent_unapproved_does_not_approve_it(
    everyone: Cast, change: Change
) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    story = with_approval(everyone).notified(FRIDAY, approval_outstanding=True)
    assert able(story, everyone.ben)
    change(story, everyone.ben)
    assert (able(story, everyone.ben), able(story, nell)) == (False, True)
    assert [turn.people for turn in approvals(story)] == [[nell]]
    assert not rows(story, everyone.ben, "needs-action")
    how: Any = {"on": day(FRIDAY), "at": moment(FRIDAY)}
    with pytest.raises(services.CannotAdvance, match="whoever corrected it since"):
        services.approve_after_sending(story.again(), by=everyone.ben, **how)
    services.approve_after_sending(story.again(), by=nell, **how)


def test_an_approver_corrects_what_they_approved_and_stays_its_approver(everyone: Cast) -> None:
    story = with_approval(everyone).notified(FRIDAY, approval_outstanding=True)
    how: Any = {"by": everyone.ben, "on": day(FRIDAY), "at": moment(FRIDAY)}
    services.approve_after_sending(story.again(), **how)
    saves(story, everyone.ben)
    process = story.again().notification
    assert process.approved_by == everyone.ben
    assert everyone.ben.pk not in process.authors


def test_where_the_only_approver_corrected_it_whoever_names_approvers_is_told(
    everyone: Cast,
) -> None:
    story = with_approval(everyone).notified(FRIDAY, approval_outstanding=True)
    how: Any = {"on": day(FRIDAY), "at": moment(FRIDAY)}
    tell_where_nobody_is_left(story.again(), **how)
    told = Outbox.objects.filter(kind="nobody_may_approve")
    assert not told.exists()
    saves(story, everyone.ben)
    for _ in range(2):
        tell_where_nobody_is_left(story.again(), **how)
    assert [one.person for one in told] == [everyone.adam]
    assert rows(story, everyone.adam, "needs-action")

    everyone.people["nell"] = person("Nell", everyone.northmoor, "la_approver")
    tell_where_nobody_is_left(story.again(), **how)
    assert len(told) == 1, "somebody may"
    adds(story, everyone.people["nell"])
    tell_where_nobody_is_left(story.again(), **how)
    assert [one.person for one in told.all()] == [everyone.adam] * 2


def test_an_author_of_an_earlier_notification_is_none_of_the_next(everyone: Cast) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    everyone.people["nell"] = nell
    story = with_approval(everyone)
    saves(story, everyone.ben)
    story.notified(FRIDAY, by="nell").died("2026-11-23")
    assert able(story, everyone.ben)
    # Nor is who still writes in the papers of the one before.
    adds(story, everyone.ben)
    assert able(story, everyone.ben)
    saves(story, everyone.ben, "notification-2")
    assert not able(story, everyone.ben)


def test_who_wrote_in_another_document_of_the_case_is_no_author(everyone: Cast) -> None:
    story = with_approval(everyone)
    saves(story, everyone.ben, "rapid-review-1")
    assert able(story, everyone.ben)


def test_the_database_takes_no_author_for_an_approver(everyone: Cast) -> None:
    story = with_approval(everyone)
    saves(story, everyone.ben)
    rows_of_it = NotificationProcess.objects.filter(case=story.case)
    for author in (everyone.ada, everyone.ben):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows_of_it.update(approved_by=author)
