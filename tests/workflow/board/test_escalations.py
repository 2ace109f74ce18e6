"""The reminders of a missed date, told on its page and in the list."""

from collections.abc import Iterator

import pytest

from tests import databases
from tests.story import Cast, Story, a_case, cast, day, moment
from tests.workflow.reminders.telling import delivered, swept
from workflow import clock
from workflow.board.asked import Asked
from workflow.board.escalations import ESCALATING, story_of, told_words, words_of
from workflow.board.listing import BreachList, breaches
from workflow.law.ladders import LADDERS
from workflow.models import Deadline

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


def test_the_list_says_how_many_were_told_beyond_the_doers_and_when_last(
    missed: Story, everyone: Cast
) -> None:
    on = day(LATE_BY_3)
    page = BreachList(everyone.sam, on, Asked(duty="notify-the-panel")).page()
    (row,) = breaches(page.rows, everyone.sam, on=on)
    assert row.escalated.endswith("people, last on 2 December 2026")


def test_the_story_tells_each_reminder_with_whom_and_what_became_of_it(
    missed: Story, everyone: Cast
) -> None:
    clock_row = Deadline.objects.get(case=missed.case, duty="notify-the-panel")
    told = story_of(clock_row, everyone.ben, at=moment(LATE_BY_3, "09:00"))
    by_words = {one["words"]: one for one in told}
    assert by_words["Due today"]["outcome"] == "Sent"
    # To Ben his own people by name, to the operator by role.
    assert by_words["Escalated to seniors"]["told"] == "Ada; Ben"
    planned = by_words["Weekly while overdue, number 1"]
    assert (planned["outcome"], planned["told"]) == ("Planned", "Nobody yet")
    outside = story_of(clock_row, everyone.sam, at=moment(LATE_BY_3, "09:00"))
    assert "Notifier, Northmoor" in str(outside)
    assert "Ada" not in str(outside)


def test_a_reminder_that_was_overtaken_by_the_act_is_not_owed_any_more(
    missed: Story, everyone: Cast
) -> None:
    missed.notified("2026-12-03")
    clock_row = Deadline.objects.get(case=missed.case, duty="notify-the-panel")
    told = story_of(clock_row, everyone.ben, at=moment("2026-12-04"))
    by_words = {one["words"]: one["outcome"] for one in told}
    assert by_words["Weekly while overdue, number 1"].startswith("Not needed")
