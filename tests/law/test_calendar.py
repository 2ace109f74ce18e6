"""The horizon, the proclaimed days and the committed table."""

import datetime as dt
from pathlib import Path

import pytest

from workflow.law import bank_holidays
from workflow.law.calendar import COMMITTED, Calendar, CalendarExhausted, Proclaimed, add_months

FUNERAL = dt.date(2022, 9, 19)
# The calendar as it was known on the day a notification was being prepared, 8 September 2022.
BEFORE = Calendar(holiday for holiday in COMMITTED.holidays if holiday.day != FUNERAL)
PROCLAIMED = Proclaimed(FUNERAL, "State funeral", proclaimed_on=dt.date(2022, 9, 10), by="Sam")


def test_a_start_before_the_first_published_year_is_refused_in_one_sentence() -> None:
    with pytest.raises(CalendarExhausted) as refusal:
        COMMITTED.add(dt.date(2011, 12, 30), 5)
    assert str(refusal.value) == (
        "Bank holidays in England and Wales are known from 1 January 2012 to 31 December 2028, "
        "so Friday 30 December 2011 is outside the calendar."
    )


@pytest.mark.parametrize(
    ("start", "count", "sentence"),
    [
        (dt.date(2028, 12, 29), 1, "so 1 working day after Friday 29 December 2028 cannot be"),
        (dt.date(2012, 1, 3), -2, "so 2 working days before Tuesday 3 January 2012 cannot be"),
    ],
)
def test_an_answer_outside_the_published_years_is_refused(
    start: dt.date, count: int, sentence: str
) -> None:
    with pytest.raises(CalendarExhausted, match=sentence):
        COMMITTED.add(start, count)
    with pytest.raises(ValueError, match=sentence):
        COMMITTED.receipt(start, count)


def test_the_last_published_days_are_still_counted() -> None:
    assert COMMITTED.add(dt.date(2028, 12, 22), 3) == dt.date(2028, 12, 29)
    assert COMMITTED.add(dt.date(2012, 1, 4), -1) == dt.date(2012, 1, 3)
    assert COMMITTED.add(dt.date(2028, 12, 31), -1) == dt.date(2028, 12, 29)
    assert COMMITTED.add(dt.date(2012, 1, 1), 1) == dt.date(2012, 1, 3)


@pytest.mark.parametrize("day", [dt.date(2011, 12, 31), dt.date(2029, 1, 1)])
def test_whether_a_day_beyond_the_horizon_is_a_working_day_is_not_guessed(day: dt.date) -> None:
    with pytest.raises(CalendarExhausted):
        COMMITTED.is_working_day(day)
    with pytest.raises(CalendarExhausted):
        COMMITTED.reason(day)


def test_an_instant_is_not_a_date() -> None:
    instant = dt.datetime(2026, 12, 18, 9, 30, tzinfo=dt.UTC)
    for count in (5, 0, -5):
        with pytest.raises(TypeError, match="dates, not instants"):
            COMMITTED.add(instant, count)


def test_a_substitute_day_and_an_extra_day_say_so() -> None:
    assert COMMITTED.reason(dt.date(2026, 12, 28)) == "Boxing Day (substitute day)"
    assert COMMITTED.reason(dt.date(2012, 6, 5)) == "Queen’s Diamond Jubilee (extra bank holiday)"
    assert COMMITTED.reason(dt.date(2026, 12, 26)) == "Weekend"
    assert COMMITTED.reason(dt.date(2026, 12, 29)) is None


def test_a_proclaimed_day_moves_the_due_date_under_a_new_edition() -> None:
    merged = BEFORE.with_proclaimed([PROCLAIMED])
    aware = dt.date(2022, 9, 13)
    assert BEFORE.add(aware, 5) == dt.date(2022, 9, 20)
    receipt = merged.receipt(aware, 5)
    assert receipt.due == dt.date(2022, 9, 21)
    assert receipt.skipped[-1].reason == "State funeral (proclaimed 10 September 2022)"
    assert receipt.edition == merged.edition
    assert merged.edition.startswith(f"{BEFORE.edition}+1-proclaimed-")
    assert merged.proclaimed == (PROCLAIMED,)


def test_proclaimed_days_add_up_one_after_another_or_together() -> None:
    other = Proclaimed(dt.date(2026, 6, 12), "A day of thanks", dt.date(2026, 1, 5), by="Sam")
    together = BEFORE.with_proclaimed([other, PROCLAIMED])
    assert BEFORE.with_proclaimed([PROCLAIMED]).with_proclaimed([other]) == together
    assert together.between(dt.date(2026, 6, 11), dt.date(2026, 6, 12)) == 0


def test_a_proclaimed_day_that_is_published_already_changes_nothing() -> None:
    assert COMMITTED.with_proclaimed([PROCLAIMED]) is COMMITTED
    assert COMMITTED.with_proclaimed([]) is COMMITTED
    published = "Bank Holiday for the State Funeral of Queen Elizabeth II"
    assert COMMITTED.reason(FUNERAL) == published
    assert Calendar(COMMITTED.holidays, [PROCLAIMED]).reason(FUNERAL) == published


def test_a_proclaimed_day_beyond_the_horizon_does_not_move_the_horizon() -> None:
    beyond = Proclaimed(dt.date(2029, 5, 4), "Far away", dt.date(2028, 1, 1), by="Sam")
    assert COMMITTED.with_proclaimed([beyond]) is COMMITTED


def test_of_two_rows_for_one_day_the_one_proclaimed_first_stands() -> None:
    later = Proclaimed(FUNERAL, "Said again", dt.date(2022, 9, 12), by="Otto")
    assert BEFORE.with_proclaimed([later, PROCLAIMED]).proclaimed == (PROCLAIMED,)


def test_a_year_of_months_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert add_months(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)
    assert add_months(dt.date(2026, 1, 31), -2) == dt.date(2025, 11, 30)
    assert COMMITTED.year_receipt(dt.date(2028, 2, 29), 1).clamped


HEADER = "date,weekday,title,notes,one_off_or_moved"
YEAR = [
    "2026-01-01,Thursday,New Year's Day,,",
    "2026-04-03,Friday,Good Friday,,",
    "2026-04-06,Monday,Easter Monday,,",
    "2026-05-04,Monday,Early May bank holiday,,",
    "2026-05-25,Monday,Spring bank holiday,,",
    "2026-08-31,Monday,Summer bank holiday,,",
    "2026-12-25,Friday,Christmas Day,,",
    "2026-12-28,Monday,Boxing Day,Substitute day,",
]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (YEAR[:-1], "2026 has only 7 bank holidays"),
        ([*YEAR, YEAR[-1]], "each day must stand once"),
        ([YEAR[1], YEAR[0], *YEAR[2:]], "must be in order"),
        (
            [YEAR[0].replace("Thursday", "Friday"), *YEAR[1:]],
            "2026-01-01 is a Thursday, not Friday",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_not_used(
    tmp_path: Path, lines: list[str], why: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        bank_holidays.read(table)


def test_a_table_of_one_whole_year_is_a_calendar_of_that_year(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join([HEADER, *YEAR]), encoding="utf-8")
    calendar = Calendar(bank_holidays.read(table))
    assert (calendar.known_from, calendar.known_until) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
    )
    assert calendar.edition.startswith("england-and-wales-2026-2026-")


def test_the_licence_stands_beside_the_table() -> None:
    readme = bank_holidays.TABLE.with_name("README.md").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in readme
