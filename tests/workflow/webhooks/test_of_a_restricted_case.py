"""Of a restricted case no system is told anything, nor that it was one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests import databases, sight
from tests.story import Cast, Story, a_case, cast, day, moment
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.receiver import Receiver
from workflow import services
from workflow.models import Case, Outbox
from workflow.webhooks.delivering import call_all
from workflow.webhooks.managing import Registered

Worker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    return cast()


@pytest.fixture
def worker(committing_db: str) -> Worker:
    return lambda: databases.as_worker(committing_db)


@pytest.fixture
def story(everyone: Cast, hook: Registered) -> Story:
    return a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY)


def rows() -> Any:
    return Outbox.objects.filter(webhook__isnull=False)


def waiting() -> int:
    return int(rows().filter(sent_at=None, dead_at=None, cancelled_at=None).count())


def restricted(story: Story) -> None:
    ben = story.cast.ben
    named = [story.cast.people[one].pk for one in ("ada", "ben", "petra", "sol")]
    with sight.of(ben, on=day(TODAY)):
        case = Case.objects.get(pk=story.case.pk)
        how: Any = {"by": ben, "on": day(TODAY), "at": moment(TODAY), "reason": "A relative."}
        services.restrict(case, named, **how)


def lifted(story: Story) -> None:
    ben = story.cast.ben
    with sight.of(ben, on=day(TODAY)):
        case = Case.objects.get(pk=story.case.pk)
        how: Any = {"by": ben, "on": day(TODAY), "at": moment(TODAY), "reason": "None of ours."}
        services.lift(case, **how)


def test_what_waits_is_cancelled_as_it_is_restricted(
    story: Story, receiver: Receiver, worker: Worker
) -> None:
    assert waiting() > 1
    restricted(story)
    assert not waiting()
    # As if somebody had written them at that very moment.
    with worker():
        rows().update(cancelled_at=None)
        call_all()
    assert not receiver.requests
    assert not waiting()


def test_nothing_of_that_time_is_told_afterwards(
    story: Story, receiver: Receiver, worker: Worker
) -> None:
    before = rows().count()
    restricted(story)
    story.act(story.again().notification, "acknowledge", "sol", TODAY)
    lifted(story)
    assert rows().count() == before
    with worker():
        assert call_all() == 0
    assert not receiver.requests
    story.reviewed(TODAY)
    with worker():
        assert call_all() == rows().count() - before > 0
