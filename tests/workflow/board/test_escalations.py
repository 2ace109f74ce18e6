"""The reminders of a missed date, told on its page and in the list."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases
from tests.story import Cast, Story, a_case, cast, day, moment, person
from tests.workflow.reminders.telling import delivered, swept
from workflow import clock
from workflow.board.asked import Asked
from workflow.board.escalations import ESCALATING, story_of, told_words, words_of
from workflow.board.listing import BreachList, breaches
from workflow.law.ladders import LADDERS
from workflow.models import Deadline, Membership, Outbox

LATE_BY_3 = "2026-12-02"


def test_every_rung_has_words_and_no_code_is_shown() -> None:
    for rungs in LADDERS.values():
        for rung in rungs:
            words = words_of(f"{rung.key}:2" if rung.repeats else rung.key)
            assert words[0].isupper() or words[0].isdigit(), rung.key
            assert "-" not in words, rung.key
    assert words_of("3-days-left") == "3 working days left"
    assert words_of("1-days-left") == "1 working day left"
    assert words_of("overdue-weeks:2") == "Weekly while overdue, number 2"


def test_only_rungs_that_tell_somebody_beyond_the_doers_are_escalations() -> None:
    assert ESCALATING == ["escalated", "overdue-months", "overdue-weeks"]


def test_nobody_told_is_said_in_words() -> None:
    assert told_words(None) == "To nobody yet"
    nothing = {"people": 0, "last": None, "with_leader": 0, "with_leader_last": None}
    assert told_words(nothing) == "To nobody yet"
    found = {"people": 1, "last": "2026-12-09T08:00:00+00:00", "with_leader": 0}
    assert told_words(found) == "To 1 person, last on 9 December 2026"
    riding = {"with_leader": 2, "with_leader_last": "2026-12-02T08:00:00+00:00"}
    with_it = "With “Notify the Panel”: to 2 people, last on 2 December 2026"
    assert told_words({"people": 0, "last": None, **riding}) == with_it
    assert told_words({**found, **riding}) == f"{told_words(found)}. {with_it}"


@pytest.fixture
def everyone(committing_db: str) -> Iterator[Cast]:
    with clock.told(moment("2026-11-20")):
        yield cast()


@pytest.fixture
def missed(everyone: Cast, committing_db: str) -> Story:
    """Due on Friday 27 November; nothing was sent, and the worker has swept each day."""
    story = a_case(everyone, aware="2026-11-20")
    with databases.as_worker(committing_db):
        for on in ("2026-11-27", "2026-11-28", LATE_BY_3):
            swept(on)
            delivered(on)
    return story


def escalated(reader: Cast) -> str:
    """What the list says of the Panel's date."""
    on = day(LATE_BY_3)
    page = BreachList(reader.sam, on, Asked(duty="notify-the-panel")).page()
    (row,) = breaches(page.rows, reader.sam, on=on)
    return row.escalated


def test_the_doers_themselves_are_nobody_beyond_the_doers(missed: Story, everyone: Cast) -> None:
    told = Outbox.objects.filter(reminders__rung="escalated", sent_at__isnull=False)
    # Ben approves too, and is a notifier all the same.
    assert set(told.values_list("person__name", flat=True)) == {"Ada", "Ben"}
    assert escalated(everyone) == "To nobody yet"


@pytest.fixture
def gail(everyone: Cast) -> str:
    """Gail approves at Northmoor and sends nothing herself; on the day after she does that too."""
    found = person("Gail", everyone.northmoor, "la_approver")
    Membership.objects.create(
        person=found, organisation=everyone.northmoor, role="la_notifier", since=day("2026-12-03")
    )
    return found.name


def test_the_list_says_how_many_were_told_beyond_the_doers_and_when_last(
    gail: str, missed: Story, everyone: Cast
) -> None:
    assert escalated(everyone) == "To 1 person, last on 2 December 2026"


@pytest.mark.parametrize(
    "fate",
    [
        {"sent_at": None},
        {"sent_at": None, "cancelled_at": moment(LATE_BY_3)},
        {"sent_at": None, "dead_at": moment(LATE_BY_3)},
        {"bounced_at": moment(LATE_BY_3)},
    ],
)
def test_who_was_sent_nothing_that_arrived_was_not_told(
    gail: str, missed: Story, everyone: Cast, committing_db: str, fate: dict[str, Any]
) -> None:
    with databases.as_worker(committing_db):
        hers = Outbox.objects.filter(person__name=gail, reminders__rung="escalated")
        assert hers.update(**fate) == 1
    assert escalated(everyone) == "To nobody yet"


def story(missed: Story, reader: Any, at: str = LATE_BY_3) -> dict[str, dict[str, Any]]:
    """Each step of the Panel's date, by its words."""
    row = Deadline.objects.get(case=missed.case, duty="notify-the-panel")
    return {one["words"]: one for one in story_of(row, reader, at=moment(at, "09:00"))}


def test_the_story_tells_each_reminder_with_whom_and_what_became_of_it(
    missed: Story, everyone: Cast
) -> None:
    told = story(missed, everyone.ben)
    assert told["Due today"]["outcome"] == "Sent"
    # To Ben his own people by name, to the operator by role.
    both = "Ada (Notifier, Northmoor); Ben (Notifier and Approver, Northmoor)"
    assert told["Escalated to seniors"]["told"] == both
    planned = told["Weekly while overdue, number 1"]
    assert (planned["outcome"], planned["told"]) == ("Planned", "Nobody yet")
    outside = str(story(missed, everyone.sam))
    assert "Notifier, Northmoor" in outside
    assert "Ada" not in outside


def test_the_story_says_that_a_message_came_back(
    missed: Story, everyone: Cast, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        hers = Outbox.objects.filter(person=everyone.ada, reminders__rung="escalated")
        assert hers.update(bounced_at=moment(LATE_BY_3)) == 1
    outcome = story(missed, everyone.ben)["Escalated to seniors"]["outcome"]
    assert outcome == "Bounced. It came back: the address took no mail.; Sent"


def test_the_story_names_people_by_what_they_were_when_they_were_told(
    missed: Story, everyone: Cast
) -> None:
    Membership.objects.filter(person=everyone.ada).update(until=day("2026-12-02"))
    Membership.objects.create(
        person=everyone.ada, organisation=everyone.northmoor, role="la_administrator",
        since=day("2026-12-03"),
    )  # fmt: skip
    told = story(missed, everyone.ben, at="2026-12-04")["Due today"]["told"]
    assert told.startswith("Ada (Notifier, Northmoor)")


def test_the_story_keeps_what_was_told_of_the_date_before_it_moved(
    missed: Story, everyone: Cast
) -> None:
    missed.facts(LATE_BY_3, aware_on=day("2026-11-19"))
    told = story(missed, everyone.ben)
    before = told["Due today, of the date before it moved"]
    assert (before["outcome"], before["told"][:3]) == ("Sent", "Ada")
    # What had not come yet of that date was owed to nobody.
    assert "Weekly while overdue, number 1, of the date before it moved" not in told


def test_a_reminder_that_was_overtaken_by_the_act_is_not_owed_any_more(
    missed: Story, everyone: Cast
) -> None:
    missed.notified("2026-12-03")
    told = story(missed, everyone.ben, at="2026-12-04")
    assert told["Weekly while overdue, number 1"]["outcome"].startswith("Not needed")
