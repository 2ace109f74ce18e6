"""On time, late, and the days taken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.story import day
from workflow.board.tally import Tally, days_taken, total
from workflow.law.calendar import COMMITTED

DUE = date(2026, 11, 20)
ON = date(2026, 12, 10)
DAYS = st.dates(date(2026, 10, 1), date(2027, 1, 31))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=40), DAYS)
def test_each_is_counted_once_or_not_yet_due(
    rows: list[tuple[date, date | None]], on: date
) -> None:
    parts = [Tally(), Tally()]
    for number, (due_on, met_on) in enumerate(rows):
        parts[number % 2].add(due_on, met_on, on=on)
    found = total(parts)
    waiting = sum(met_on is None and on <= due_on for due_on, met_on in rows)
    assert found.decided + waiting == len(rows)
    assert found.on_time == sum(met is not None and met <= due for due, met in rows)
    assert found.late == found.decided - found.on_time


@pytest.mark.parametrize(
    ("on_time", "late", "percent"),
    [(0, 0, None), (0, 3, 0), (3, 0, 100), (1, 2, 33), (2, 1, 67), (1, 7, 13), (199, 1, 100)],
)
def test_per_cent_are_whole_and_a_half_goes_up(
    on_time: int, late: int, percent: int | None
) -> None:
    assert Tally(on_time=on_time, met_late=late).percent == percent


def test_the_median_is_the_middle_or_between_the_two() -> None:
    assert Tally(took=[8, 1, 3]).median == "3"
    assert Tally(took=[8, 1]).median == "4.5"
    assert Tally().median == ""


@pytest.mark.parametrize(
    ("duty", "start", "met", "days"),
    [
        # Across Christmas and New Year, in working days.
        ("notify-the-panel", "2026-12-18", "2026-12-29", 5),
        # Six months are not counted in working days.
        ("local-review", "2026-12-18", "2026-12-29", 11),
        # Counted back from the day of publication.
        ("advance-copy", "2027-01-08", "2026-12-29", 7),
        # Beyond the published bank holidays nothing is guessed.
        ("notify-the-panel", "2099-12-18", "2099-12-29", None),
    ],
)
def test_the_days_taken_are_those_in_which_the_limit_is_set(
    duty: str, start: str, met: str, days: int | None
) -> None:
    assert days_taken(duty, day(start), day(met), COMMITTED) == days
