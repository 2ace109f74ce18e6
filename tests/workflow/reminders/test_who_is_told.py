"""At least two who can see a case are told of it, and nobody is the last to refuse."""

from collections.abc import Iterator

import pytest

from tests import databases
from tests.story import Cast, Story, a_case, cast, day, moment, person
from tests.workflow.reminders.telling import reminders, swept, told
from workflow import clock
from workflow.models import Grant, Membership, Organisation, ReminderChoice


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A draft whose five days began on Friday 20 November 2026."""
    with clock.told(moment("2026-11-20")):
        yield a_case(cast(), aware="2026-11-20")


def test_one_holder_alone_is_joined_by_whoever_stands_in(story: Story, committing_db: str) -> None:
    Membership.objects.filter(person=story.cast.ben).update(until=day("2026-11-20"))
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert len(told("day-1")) == 2
        assert "Ada" in told("day-1")


def test_reminders_can_be_refused_while_two_others_get_them_and_not_by_the_last(
    story: Story, committing_db: str
) -> None:
    people: Cast = story.cast
    ReminderChoice.objects.create(person=people.ben, wants="none", chosen_at=clock.now())
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert told("day-1") == {"Ada", "Ben"}
    Membership.objects.create(
        person=people.bea,
        organisation=people.northmoor,
        role="la_notifier",
        since=day("2026-11-01"),
    )
    with databases.as_worker(committing_db):
        swept("2026-11-25")
        assert told("day-3") == {"Ada", "Bea"}
    ReminderChoice.objects.create(person=people.ben, wants="urgent", chosen_at=clock.now())
    with databases.as_worker(committing_db):
        swept("2026-11-27")
        assert told("day-4") == {"Ada", "Bea"}
        assert told("due-today") == {"Ada", "Bea", "Ben"}


def _one_notifier(story: Story) -> None:
    Membership.objects.filter(person=story.cast.ben).update(until=day("2026-11-20"))


def test_who_cannot_see_the_case_does_not_count_among_the_two_who_are_told(
    story: Story, committing_db: str
) -> None:
    _one_notifier(story)
    people = story.cast
    person("Sid", people.panel, "panel_secretariat")
    with databases.as_worker(committing_db):
        swept("2026-12-02")
        assert "Ada" in told("escalated")
        assert len(told("escalated")) == 2
        assert not told("escalated") & {"Sol", "Sid"}


def test_nobody_is_the_last_to_refuse_although_others_who_cannot_see_it_would_be_told(
    story: Story, committing_db: str
) -> None:
    people = story.cast
    person("Sid", people.panel, "panel_secretariat")
    for one in (people.ada, people.ben):
        ReminderChoice.objects.create(person=one, wants="none", chosen_at=clock.now())
    with databases.as_worker(committing_db):
        swept("2026-12-02")
        assert told("escalated") == {"Ada", "Ben"}


def test_a_reserve_is_asked_only_where_the_audience_is_short(
    story: Story, committing_db: str
) -> None:
    Organisation.objects.filter(pk=story.cast.northmoor.pk).update(senior=story.cast.adam)
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert told("day-1") == {"Ada", "Ben"}
    _one_notifier(story)
    with databases.as_worker(committing_db):
        swept("2026-11-25")
        assert told("day-3") == {"Ada", "Adam"}


def test_a_named_senior_who_holds_no_role_there_any_more_is_told_nothing(
    story: Story, committing_db: str
) -> None:
    people = story.cast
    Organisation.objects.filter(pk=people.northmoor.pk).update(senior=people.adam)
    Membership.objects.filter(person=people.adam).update(until=day("2026-12-01"))
    with databases.as_worker(committing_db):
        swept("2026-12-02")
        assert told("escalated") == {"Ada", "Ben"}


def test_whose_sight_of_a_case_was_withdrawn_is_told_nothing_more_of_it(
    story: Story, committing_db: str
) -> None:
    story.notified("2026-11-23")
    Grant.objects.filter(organisation=story.cast.panel).update(withdrawn_at=clock.now())
    with databases.as_worker(committing_db):
        swept("2026-12-30")
        assert told("overdue-weeks:1") or told("escalated")
        assert "Sol" not in {person for _, person, _ in reminders()}
