"""The database itself shows what was opened in an emergency until its minute, and no longer."""

from datetime import timedelta

import pytest
import time_machine

from tests import sight
from tests.story import a_case, cast, day, moment
from workflow.models import Capacity, Case, Grant

TODAY = day("2026-12-10")
NOW = moment(TODAY, "09:30")


@pytest.mark.parametrize(("minutes", "number"), [(1, 1), (0, 0), (-1, 0)])
def test_what_is_opened_in_an_emergency_is_shown_until_its_minute(
    db: None, minutes: int, number: int
) -> None:
    with time_machine.travel(NOW, tick=False):
        story = a_case(cast(), aware="2026-12-07")
        cara, ends = story.cast.people["cara"], NOW + timedelta(minutes=minutes)
        given = {"person": cara, "capacity": Capacity.EMERGENCY, "since": TODAY}
        Grant.objects.create(case=story.case, expires_at=ends, **given)
        with sight.of(cara, on=TODAY):
            assert Case.objects.count() == number
