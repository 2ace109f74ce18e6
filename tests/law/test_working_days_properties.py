"""What is true of every count, whatever the dates."""

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.law.calendar import (
    COMMITTED,
    Calendar,
    CalendarExhausted,
    Proclaimed,
    Receipt,
    add_months,
)

DAYS = st.dates(dt.date(2012, 6, 1), dt.date(2028, 6, 1))
COUNTS = st.integers(-60, 60)
ONE = dt.timedelta(days=1)


def proclaimed(day: dt.date) -> Proclaimed:
    return Proclaimed(day, "A day of thanks", proclaimed_on=day - 10 * ONE, by="Sam")


@given(DAYS, COUNTS)
def test_between_undoes_add(start: dt.date, count: int) -> None:
    assert COMMITTED.between(start, COMMITTED.add(start, count)) == count


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counting_in_two_parts_is_counting_at_once(start: dt.date, one: int, two: int) -> None:
    assert COMMITTED.add(COMMITTED.add(start, one), two) == COMMITTED.add(start, one + two)


@given(DAYS, DAYS, st.integers(1, 60))
def test_a_later_start_is_never_due_earlier(one: dt.date, two: dt.date, count: int) -> None:
    first, second = sorted([one, two])
    assert COMMITTED.add(first, count) <= COMMITTED.add(second, count)


@given(DAYS, COUNTS.filter(bool))
def test_a_due_date_is_a_working_day(start: dt.date, count: int) -> None:
    assert COMMITTED.is_working_day(COMMITTED.add(start, count))


@given(DAYS, st.integers(1, 60))
def test_a_start_on_a_day_off_is_due_as_the_working_day_before(start: dt.date, count: int) -> None:
    before = start
    while not COMMITTED.is_working_day(before):
        before -= ONE
    assert COMMITTED.add(start, count) == COMMITTED.add(before, count)


@given(DAYS, st.integers(1, 60))
def test_backwards_a_day_off_gives_the_date_of_the_working_day_after(
    start: dt.date, count: int
) -> None:
    after = start
    while not COMMITTED.is_working_day(after):
        after += ONE
    assert COMMITTED.add(start, -count) == COMMITTED.add(after, -count)


@given(DAYS)
def test_nothing_added_is_the_day_itself(start: dt.date) -> None:
    assert COMMITTED.add(start, 0) == start
    assert COMMITTED.receipt(start, 0).counted == ()


@given(DAYS, COUNTS)
def test_a_receipt_survives_being_kept(start: dt.date, count: int) -> None:
    receipt = COMMITTED.receipt(start, count)
    assert Receipt.from_json(receipt.as_json()) == receipt


@given(DAYS, COUNTS)
def test_a_receipt_gives_a_reason_for_every_skipped_day_and_none_for_a_counted_one(
    start: dt.date, count: int
) -> None:
    receipt = COMMITTED.receipt(start, count)
    assert len(receipt.counted) == abs(count)
    assert all(skip.reason == COMMITTED.reason(skip.day) for skip in receipt.skipped)
    assert all(COMMITTED.reason(day) is None for day in receipt.counted)


@given(DAYS, DAYS, st.integers(1, 60))
def test_a_proclaimed_day_never_brings_a_due_date_forward(
    start: dt.date, extra: dt.date, count: int
) -> None:
    merged = COMMITTED.with_proclaimed([proclaimed(extra)])
    assert merged.add(start, count) >= COMMITTED.add(start, count)


@given(st.lists(DAYS, max_size=4), st.randoms())
def test_the_order_of_proclaimed_rows_changes_nothing(days: list[dt.date], random: Random) -> None:
    rows = [proclaimed(day) for day in days]
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert COMMITTED.with_proclaimed(rows).edition == COMMITTED.with_proclaimed(shuffled).edition


@given(st.dates(dt.date(2012, 1, 1), dt.date(2028, 12, 31)), st.integers(-9999, 9999))
def test_a_count_is_refused_only_when_the_published_years_hold_too_few_days(
    start: dt.date, count: int
) -> None:
    last = COMMITTED.known_until if count > 0 else COMMITTED.known_from
    enough = abs(COMMITTED.between(start, last)) >= abs(count)
    if enough:
        assert COMMITTED.known_from <= COMMITTED.add(start, count) <= COMMITTED.known_until
    else:
        with pytest.raises(CalendarExhausted):
            COMMITTED.add(start, count)


@given(st.dates(max_value=dt.date(2011, 12, 31)) | st.dates(min_value=dt.date(2029, 1, 1)), COUNTS)
def test_a_start_outside_the_published_years_is_always_refused(start: dt.date, count: int) -> None:
    for question in (COMMITTED.add, COMMITTED.receipt):
        with pytest.raises(CalendarExhausted):
            question(start, count)
    for other in (COMMITTED.known_from, start):
        with pytest.raises(CalendarExhausted):
            COMMITTED.between(start, other)
        with pytest.raises(CalendarExhausted):
            COMMITTED.between(other, start)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 60))
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(
    start: dt.date, number: int
) -> None:
    due = add_months(start, number)
    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == number
    assert due.day == start.day or (due.day < start.day and (due + ONE).day == 1)


def test_two_calendars_of_the_same_days_are_one_value() -> None:
    again = Calendar(reversed(COMMITTED.holidays))
    assert again == COMMITTED
    assert hash(again) == hash(COMMITTED)
    assert again.edition in repr(again)
    assert again != COMMITTED.edition


@pytest.mark.parametrize("kept", [{"unit": "fortnights"}])
def test_what_is_not_a_receipt_is_refused(kept: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="fortnights"):
        Receipt.from_json(kept)
