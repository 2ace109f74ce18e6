"""The dates that two independent calculators agreed on before any code was written."""

import datetime as dt

import pytest

from workflow.law import duties
from workflow.law.calendar import COMMITTED


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# aware, D1 due, the reading not followed (day 1 = the day itself), D5 if sent on D1's due date,
# D6 if the rapid review was received on D5's due date.
VECTORS = [
    ("2026-11-19", "2026-11-26", "2026-11-25", "2026-12-17", "2027-01-12"),
    ("2026-11-21", "2026-11-27", "2026-11-27", "2026-12-18", "2027-01-13"),
    ("2026-12-17", "2026-12-24", "2026-12-23", "2027-01-19", "2027-02-09"),
    ("2026-12-18", "2026-12-29", "2026-12-24", "2027-01-20", "2027-02-10"),
    ("2026-12-23", "2027-01-04", "2026-12-31", "2027-01-25", "2027-02-15"),
    ("2026-12-24", "2027-01-05", "2027-01-04", "2027-01-26", "2027-02-16"),
    ("2027-03-24", "2027-04-02", "2027-04-01", "2027-04-23", "2027-05-17"),
    ("2026-04-01", "2026-04-10", "2026-04-09", "2026-05-01", "2026-05-26"),
    ("2022-09-13", "2022-09-21", "2022-09-20", "2022-10-12", "2022-11-02"),
    ("2023-05-02", "2023-05-10", "2023-05-09", "2023-06-01", "2023-06-22"),
]
AWARE = [vector[0] for vector in VECTORS]


@pytest.mark.parametrize(("aware", "d1", "variant", "d5", "d6"), VECTORS, ids=AWARE)
def test_a_notification_its_rapid_review_and_the_response_are_due_on_the_agreed_days(
    aware: str, d1: str, variant: str, d5: str, d6: str
) -> None:
    sent = duties.NOTIFY_THE_PANEL.due(day(aware), COMMITTED)
    received = duties.RAPID_REVIEW.due(sent, COMMITTED)
    assert sent == day(d1)
    assert received == day(d5)
    assert duties.PANEL_RESPONSE.due(received, COMMITTED) == day(d6)


@pytest.mark.parametrize("duty", [duties.TELL_THE_PARTNERS, duties.LOOKED_AFTER_CHILD_DEATH])
@pytest.mark.parametrize("vector", VECTORS, ids=AWARE)
def test_the_partners_and_ofsted_have_the_same_five_working_days(
    vector: tuple[str, ...], duty: duties.Duty
) -> None:
    assert duty.due(day(vector[0]), COMMITTED) == day(vector[1])


@pytest.mark.parametrize("vector", VECTORS, ids=AWARE)
def test_the_reading_that_counts_the_day_itself_would_never_be_later(
    vector: tuple[str, ...],
) -> None:
    aware, due, variant = map(day, vector[:3])
    # Where the day itself can be day 1, four more follow; a day off cannot be day 1.
    more = 4 if COMMITTED.is_working_day(aware) else 5
    assert COMMITTED.add(aware, more) == variant
    assert variant <= due


@pytest.mark.parametrize(
    ("decided", "due"), [("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29")]
)
def test_six_months_from_the_end_of_august_end_with_february(decided: str, due: str) -> None:
    receipt = duties.LOCAL_REVIEW.receipt(day(decided), COMMITTED)
    assert receipt.due == day(due)
    assert receipt.clamped
    assert receipt.words == "6 calendar months after"


@pytest.mark.parametrize(
    ("published", "copy"), [("2027-01-08", "2026-12-29"), ("2027-04-06", "2027-03-24")]
)
def test_the_copy_goes_seven_working_days_before_publication(published: str, copy: str) -> None:
    receipt = duties.ADVANCE_COPY.receipt(day(published), COMMITTED)
    assert receipt.due == day(copy)
    assert duties.NATIONAL_REPORT_TO_SOS.due(day(published), COMMITTED) == day(copy)
    assert receipt.words == "7 working days before"


def test_the_receipt_of_the_state_funeral_names_it() -> None:
    receipt = duties.NOTIFY_THE_PANEL.receipt(day("2022-09-13"), COMMITTED)
    reasons = {skip.day: skip.reason for skip in receipt.skipped}
    assert reasons == {
        day("2022-09-17"): "Weekend",
        day("2022-09-18"): "Weekend",
        day("2022-09-19"): "Bank Holiday for the State Funeral of Queen Elizabeth II",
    }


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
    ],
)
def test_the_bank_holidays_of_the_year_are_these(year: int, days: str) -> None:
    held = [holiday.day for holiday in COMMITTED.holidays if holiday.day.year == year]
    assert held == [day(f"{year}-{one}") for one in days.split()]
