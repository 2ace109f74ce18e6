"""The dates of a restricted case move although nobody who moves dates sees it."""

import pytest

from tests import sight
from tests.story import Cast, Story, day
from tests.workflow.deadlines.test_moving_dates import JUBILEE, SAID, TITLE, due, proclaim
from workflow import services
from workflow.access import context
from workflow.deadlines.proclaiming import addition
from workflow.machine import moving_dates
from workflow.machine.moving_dates import change_calendar
from workflow.models import Case, Event


def test_the_date_of_a_restricted_case_moves_although_nobody_who_moves_it_sees_it(
    everyone: Cast, draft: Story, sent: Story
) -> None:
    named = [everyone.people[name].pk for name in ("ada", "ben", "petra")]
    with sight.of(everyone.ben, on=SAID["on"]):
        services.restrict(sent.again(), named, by=everyone.ben, reason="A relative.", **SAID)
    with sight.shut():
        moved = proclaim(everyone)
    assert due(sent, "rapid-review") == day("2027-06-16")
    assert due(draft, "notify-the-panel") == day("2027-06-09")
    assert moved.cases == 2
    assert Event.objects.filter(case=sent.case, act="dates_moved").count() == 1


def test_a_case_that_is_restricted_while_dates_move_moves_too(
    everyone: Cast, draft: Story, sent: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_dates, "BATCH", 1)
    named = [everyone.people[name].pk for name in ("ada", "ben", "petra")]

    def restrict(done: int, of: int) -> None:
        if done < of:
            with context.acting(everyone.ben, on=SAID["on"]):
                case = Case.objects.get(pk=sent.case.pk)
                services.restrict(case, named, by=everyone.ben, reason="A relative.", **SAID)

    change = addition(JUBILEE, TITLE, by=everyone.sam, **SAID)
    with sight.shut():
        moved = change_calendar(change, by=everyone.sam, progress=restrict, **SAID)
    assert sent.again().restricted
    assert due(sent, "rapid-review") == day("2027-06-16")
    assert due(draft, "notify-the-panel") == day("2027-06-09")
    assert moved.cases == 2
