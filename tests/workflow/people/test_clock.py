"""The clock: instants in UTC, dates in London."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from workflow import clock


@pytest.mark.parametrize(
    ("instant", "on"),
    [
        ("2026-03-29T00:59:59", date(2026, 3, 29)),
        ("2026-03-31T22:59:59", date(2026, 3, 31)),
        ("2026-03-31T23:00:00", date(2026, 4, 1)),
        ("2026-10-24T23:00:00", date(2026, 10, 25)),
        ("2026-10-25T23:30:00", date(2026, 10, 25)),
        ("2026-12-31T23:59:59", date(2026, 12, 31)),
    ],
)
def test_a_day_begins_at_midnight_in_london(instant: str, on: date) -> None:
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert clock.london_date(at) == on
    with time_machine.travel(at, tick=False):
        assert clock.today() == on
        assert clock.now() == at


def test_the_present_instant_is_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_an_instant_without_a_zone_has_no_london_date() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        clock.london_date(datetime.fromisoformat("2026-04-01T00:00:00"))
