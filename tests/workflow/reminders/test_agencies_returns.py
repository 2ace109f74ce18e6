"""On day 5 of a rapid review its people are reminded of the agencies' returns, if any may be out.

Which agency has answered is sealed. What the sweep can know is whether the facts are gathered: the
partners have met on them, the report is drafted, or the signing has begun.
"""

import json
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection

from tests import databases
from tests.prove.oracle import rungs
from tests.story import Story, a_case, cast, day, moment
from tests.workflow.reminders.telling import delivered, swept
from workflow import clock
from workflow.models import Reminder

# The rapid review began on Tuesday 3 November 2026 and is due on the 24th.
SENT, DAY_FIVE = "2026-11-03", "2026-11-10"
LINE = "see that the agencies’ returns are in: no meeting or draft is recorded yet"


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A rapid review that was opened."""
    with clock.told(moment(SENT)):
        yield a_case(cast(), aware=SENT).notified(SENT)


def on_day_five(database: str) -> dict[str, str]:
    """Whom the step was recorded for that morning, and why it was withheld; what is due is sent."""
    with databases.as_worker(database):
        swept(DAY_FIVE)
        delivered(DAY_FIVE)
    rows = Reminder.objects.filter(rung="agency-returns")
    return dict(rows.values_list("person__name", "withheld"))


def digests() -> dict[str, str]:
    """What each person's digest says."""
    found = (one for one in mail.outbox if one.subject.startswith("Your dates"))
    return {one.to[0].partition("@")[0]: str(one.body) for one in found}


def test_the_day_is_the_one_that_the_second_reckoning_gives() -> None:
    owed = dict(rungs("rapid-review", day(SENT), moment(SENT), moment("2026-12-31")))
    assert owed["agency-returns"] == moment(DAY_FIVE, "08:00")


@pytest.mark.parametrize("asked", [False, True])
def test_whoever_prepares_it_is_reminded_until_the_facts_are_gathered(
    asked: bool, story: Story, committing_db: str
) -> None:
    if asked:
        story.act(story.rapid_review, "ask_for_returns", "bea", "2026-11-04")
    found = on_day_five(committing_db)
    assert {"Ada", "Bea"} <= found.keys()
    assert set(found.values()) == {""}
    assert "Ira" not in found
    by = "send the rapid review by Tuesday 24 November 2026 (due in 10 working days)"
    assert f"{story.case.label}: {by}; {LINE}" in digests()["bea"]


@pytest.mark.parametrize("act", ["hold_meeting", "draft_report", "seek_signatures"])
def test_once_they_are_gathered_nobody_is(act: str, story: Story, committing_db: str) -> None:
    story.act(story.rapid_review, act, "bea", "2026-11-09")
    assert set(on_day_five(committing_db).values()) == {"gathered"}
    assert story.case.label in digests()["bea"]
    assert LINE not in digests()["bea"]


def test_of_the_trail_the_worker_sees_that_the_partners_met_and_not_what_was_asked_of_whom(
    story: Story, committing_db: str
) -> None:
    for number, act in enumerate(("ask_for_returns", "hold_meeting", "draft_report")):
        story.act(story.rapid_review, act, "bea", f"2026-11-0{4 + number}")
    with databases.as_worker(committing_db), connection.cursor() as cursor:
        cursor.execute("SELECT act, payload FROM workflow_event")
        seen = dict(cursor.fetchall())
    assert seen.keys() == {"open", "hold_meeting", "draft_report"}
    assert json.loads(seen["hold_meeting"]).keys() <= {"from", "to", "clocks"}
