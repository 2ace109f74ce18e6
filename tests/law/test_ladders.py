"""Which reminders a clock owes, and when."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.law import duties, ladders
from workflow.law.calendar import COMMITTED
from workflow.law.duty import Duty

LONDON = ZoneInfo("Europe/London")


def planned(
    duty: Duty, start: str, *, set_on: str | None = None, hour: int = 10, until: str | None = None
) -> list[tuple[str, str]]:
    """The rungs of a clock as (key, London moment), set at an hour of a day."""
    start_on = date.fromisoformat(start)
    set_at = datetime.fromisoformat(f"{set_on or start}T{hour:02}:00").replace(tzinfo=LONDON)
    found = ladders.ladder(
        duty,
        start_on=start_on,
        due_on=duty.due(start_on, COMMITTED),
        set_at=set_at,
        calendar=COMMITTED,
        until=datetime.fromisoformat(f"{until}T23:00").replace(tzinfo=LONDON) if until else set_at,
    )
    return [(one.key, f"{one.at.astimezone(LONDON):%a %Y-%m-%d %H:%M}") for one in found]


def test_notifying_is_reminded_on_days_1_3_4_and_5_then_late_then_escalated() -> None:
    assert planned(duties.NOTIFY_THE_PANEL, "2026-12-18") == [
        ("day-1", "Mon 2026-12-21 08:00"),
        ("day-3", "Wed 2026-12-23 08:00"),
        ("day-4", "Thu 2026-12-24 08:00"),
        ("due-today", "Tue 2026-12-29 08:00"),
        ("overdue", "Wed 2026-12-30 08:00"),
        ("escalated", "Mon 2027-01-04 08:00"),
        ("overdue-weeks:1", "Wed 2027-01-06 08:00"),
    ]


def test_the_rapid_review_is_reminded_on_day_5_and_with_10_5_3_1_and_0_days_left() -> None:
    keys = [key for key, _ in planned(duties.RAPID_REVIEW, "2026-03-02")]
    assert keys == [
        "10-days-left",
        "agency-returns",
        "5-days-left",
        "3-days-left",
        "sign-offs",
        "1-days-left",
        "due-today",
        "overdue",
        "escalated",
        "overdue-weeks:1",
    ]


def test_the_local_review_is_reminded_in_months_and_on_a_due_date_at_a_weekend() -> None:
    # Six months from 31 August end on Sunday 28 February.
    found = dict(planned(duties.LOCAL_REVIEW, "2026-08-31"))
    assert found["month-3"] == "Mon 2026-11-30 08:00"
    assert found["due-today"] == "Sun 2027-02-28 08:00"
    assert found["overdue"] == "Mon 2027-03-01 08:00"
    # 28 March is Easter Sunday: the working day after it is the Tuesday.
    assert found["overdue-months:1"] == "Tue 2027-03-30 08:00"


def test_only_the_first_day_late_is_told_at_a_weekend() -> None:
    found = dict(planned(duties.NOTIFY_THE_PANEL, "2026-11-20"))
    assert found["due-today"] == "Fri 2026-11-27 08:00"
    assert found["overdue"] == "Sat 2026-11-28 08:00"
    assert found["escalated"] == "Wed 2026-12-02 08:00"


def test_a_clock_set_late_owes_at_once_the_last_rung_that_passed_and_no_other() -> None:
    found = planned(duties.NOTIFY_THE_PANEL, "2026-11-02", set_on="2026-11-10", hour=15)
    assert found[0] == ("overdue", "Tue 2026-11-10 15:00")
    assert [key for key, _ in found] == ["overdue", "escalated", "overdue-weeks:1"]


def test_a_clock_set_within_its_time_owes_nothing_that_passed() -> None:
    found = planned(duties.NOTIFY_THE_PANEL, "2026-11-02", set_on="2026-11-05", hour=15)
    assert found[0] == ("day-4", "Fri 2026-11-06 08:00")


def test_an_escalation_owed_at_once_waits_for_the_next_working_morning() -> None:
    found = planned(duties.NOTIFY_THE_PANEL, "2026-11-02", set_on="2026-11-14", hour=15)
    assert found[0] == ("escalated", "Mon 2026-11-16 08:00")


def test_weekly_reminders_go_on_for_as_long_as_a_duty_is_open() -> None:
    found = planned(duties.NOTIFY_THE_PANEL, "2026-03-02", until="2026-05-01")
    weeks = [moment for key, moment in found if key.startswith("overdue-weeks")]
    assert len(weeks) == 8
    assert weeks[0] == "Mon 2026-03-16 08:00"
    assert weeks[-1] > "Fri 2026-05-01"


def test_a_care_leavers_date_is_aimed_for_and_never_late() -> None:
    keys = [key for key, _ in planned(duties.CARE_LEAVER_DEATH, "2026-03-02")]
    assert keys == ["1-days-left", "aim-today"]


def test_every_duty_has_a_ladder_and_every_key_one_voice() -> None:
    assert set(ladders.LADDERS) == {duty.slug for duty in duties.ALL}
    voices: dict[str, set[bool]] = {}
    for rungs in ladders.LADDERS.values():
        for rung in rungs:
            voices.setdefault(rung.key, set()).add(rung.quiet)
    assert all(len(voice) == 1 for voice in voices.values())


@pytest.mark.parametrize("slug", sorted(ladders.LADDERS))
def test_beyond_the_published_holidays_nothing_is_guessed(slug: str) -> None:
    duty = duties.by_slug(slug)
    last = COMMITTED.known_until
    found = ladders.ladder(
        duty,
        start_on=last,
        due_on=last + timedelta(days=7),
        set_at=ladders.in_london(last),
        calendar=COMMITTED,
        until=ladders.in_london(last),
    )
    assert all(one.key in {"overdue", "date-set"} for one in found)


@given(
    start=st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 9, 1)),
    slug=st.sampled_from(sorted(slug for slug, rungs in ladders.LADDERS.items() if rungs)),
    late=st.integers(min_value=0, max_value=60),
)
def test_every_rung_is_at_8_in_london_or_at_the_moment_of_setting(
    start: date, slug: str, late: int
) -> None:
    duty = duties.by_slug(slug)
    set_at: Any = datetime.combine(
        start + timedelta(days=late), datetime.min.time(), tzinfo=LONDON
    ) + timedelta(hours=13)
    found = ladders.ladder(
        duty,
        start_on=start,
        due_on=duty.due(start, COMMITTED),
        set_at=set_at,
        calendar=COMMITTED,
        until=set_at,
    )
    assert len({one.key for one in found}) == len(found)
    for one in found:
        local = one.at.astimezone(LONDON)
        rung = ladders.rung(slug, one.key)
        assert one.at >= set_at
        assert one.at == set_at or (local.hour, local.minute) == (8, 0)
        loud_on_any_day = rung.any_day and not rung.quiet
        assert loud_on_any_day or COMMITTED.is_working_day(local.date())
