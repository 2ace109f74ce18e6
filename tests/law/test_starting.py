"""From which day a clock of notifying runs when abuse is suspected only later."""

import datetime as dt

import pytest

from workflow.law import duties
from workflow.law.starting import starts_on

AWARE, SUSPECTED = dt.date(2026, 11, 19), dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("duty", "suspected_on", "start"),
    [
        (duties.NOTIFY_THE_PANEL, None, AWARE),
        (duties.NOTIFY_THE_PANEL, SUSPECTED, SUSPECTED),
        (duties.TELL_THE_PARTNERS, SUSPECTED, SUSPECTED),
        (duties.NOTIFY_THE_PANEL, dt.date(2026, 11, 1), AWARE),
        (duties.LOOKED_AFTER_CHILD_DEATH, SUSPECTED, AWARE),
        (duties.CARE_LEAVER_DEATH, SUSPECTED, AWARE),
    ],
)
def test_a_later_suspicion_starts_only_the_clocks_that_turn_on_it(
    duty: duties.Duty, suspected_on: dt.date | None, start: dt.date
) -> None:
    assert starts_on(duty, aware_on=AWARE, suspected_on=suspected_on) == start
