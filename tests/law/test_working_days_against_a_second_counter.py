"""Every start from 2012 to 2028 and every count to 60, both ways, against `oracle`."""

import datetime as dt

import pytest

from tests.law import oracle
from workflow.law.calendar import COMMITTED, CalendarExhausted

STARTS = [
    oracle.FIRST + number * oracle.DAY for number in range((oracle.LAST - oracle.FIRST).days + 1)
]
MOST = 60


@pytest.fixture(scope="module")
def holidays() -> set[dt.date]:
    return oracle.committed_holidays()


@pytest.mark.parametrize("year", range(2012, 2029))
def test_the_table_holds_what_the_rules_and_the_one_off_days_give(year: int) -> None:
    committed = {day for day in oracle.committed_holidays() if day.year == year}
    assert committed == oracle.derived_holidays(year)


def test_the_horizon_is_the_first_and_the_last_day_of_the_published_years() -> None:
    assert (COMMITTED.known_from, COMMITTED.known_until) == (oracle.FIRST, oracle.LAST)
    assert len(STARTS) == 6210


@pytest.mark.parametrize("step", [1, -1], ids=["forwards", "backwards"])
def test_every_start_and_every_count_gives_the_day_the_second_counter_gives(
    step: int, holidays: set[dt.date]
) -> None:
    add = COMMITTED.add
    wrong: list[tuple[dt.date, int]] = []
    refused = 0
    for start in STARTS:
        for count, expected in enumerate(oracle.answers(start, step, holidays, MOST)):
            if expected is None:
                refused += 1
                with pytest.raises(CalendarExhausted):
                    add(start, step * count)
            elif add(start, step * count) != expected:
                wrong.append((start, step * count))
    assert not wrong, wrong[:10]
    assert refused > 1000, "the counts past the horizon were not tried"


@pytest.mark.parametrize("step", [1, -1], ids=["forwards", "backwards"])
def test_every_span_holds_as_many_working_days_as_the_second_counter_meets(
    step: int, holidays: set[dt.date]
) -> None:
    between = COMMITTED.between
    wrong: list[tuple[dt.date, dt.date]] = []
    for start in STARTS:
        for day, met in oracle.walk(start, step, holidays):
            if between(start, day) != step * met:
                wrong.append((start, day))
            if met == MOST:
                break
    assert not wrong, wrong[:10]


@pytest.mark.parametrize("count", [5, 15, -7])
def test_every_receipt_lists_each_day_on_the_way_once(count: int, holidays: set[dt.date]) -> None:
    step = 1 if count > 0 else -1
    for start in STARTS:
        due = oracle.answers(start, step, holidays, abs(count))[-1]
        if due is None:
            continue
        receipt = COMMITTED.receipt(start, count)
        way = [
            start + step * number * oracle.DAY for number in range(1, abs((due - start).days) + 1)
        ]
        assert receipt.due == due
        assert list(receipt.counted) == [
            day for day in way if day.isoweekday() < 6 and day not in holidays
        ]
        skipped = [skip.day for skip in receipt.skipped]
        assert sorted([*receipt.counted, *skipped]) == sorted(way)
