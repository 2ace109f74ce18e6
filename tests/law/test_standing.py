"""The words and colours of a clock, exactly as every screen shows them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.standing import Standing, aimed_for, internal, standing
from workflow.law.words import nth_time

# Aware Wednesday 2 December 2026; due Wednesday 9 December.
AWARE = dt.date(2026, 12, 2)
DUE = dt.date(2026, 12, 9)


def december(number: int) -> dt.date:
    return dt.date(2026, 12, number)


@pytest.mark.parametrize(
    ("on", "kind", "days", "words", "tag", "colour"),
    [
        (2, "open", 5, "Due in 5 working days", "On track", "blue"),
        (3, "open", 4, "Due in 4 working days", "On track", "blue"),
        (4, "due soon", 3, "Due in 3 working days", "Due soon", "orange"),
        (5, "due soon", 3, "Due in 3 working days", "Due soon", "orange"),
        (8, "due soon", 1, "Due in 1 working day", "Due soon", "orange"),
        (9, "due today", 0, "Due today by 11:59pm", "Due today", "orange"),
        (10, "overdue", 1, "Overdue by 1 working day", "Overdue", "red"),
        (14, "overdue", 3, "Overdue by 3 working days", "Overdue", "red"),
    ],
)
def test_an_open_clock_says_how_long_is_left_or_how_late_it_is(
    on: int, kind: str, days: int, words: str, tag: str, colour: str
) -> None:
    shown = standing(DUE, met_on=None, on=december(on), calendar=COMMITTED)
    assert (shown.kind, shown.working_days, shown.words) == (kind, days, words)
    assert (shown.tag, shown.tag_colour) == (tag, colour)


@pytest.mark.parametrize(
    ("met", "kind", "days", "words", "tag", "colour"),
    [
        (2, "met", 0, "Met, day 0 of 5", "Met", "green"),
        (4, "met", 0, "Met, day 2 of 5", "Met", "green"),
        (6, "met", 0, "Met, day 2 of 5", "Met", "green"),
        (9, "met", 0, "Met, day 5 of 5", "Met", "green"),
        (10, "met late", 1, "Met late by 1 working day", "Met late", "purple"),
        (14, "met late", 3, "Met late by 3 working days", "Met late", "purple"),
    ],
)
def test_a_met_clock_says_on_which_day_or_how_late(
    met: int, kind: str, days: int, words: str, tag: str, colour: str
) -> None:
    receipt = duties.NOTIFY_THE_PANEL.receipt(AWARE, COMMITTED)
    shown = standing(
        DUE, met_on=december(met), on=december(31), calendar=COMMITTED, receipt=receipt
    )
    assert (shown.kind, shown.working_days, shown.words) == (kind, days, words)
    assert (shown.tag, shown.tag_colour) == (tag, colour)


def test_a_clock_without_a_date_has_not_started() -> None:
    shown = standing(None, met_on=None, on=december(1), calendar=COMMITTED)
    assert (shown.words, shown.tag, shown.tag_colour) == ("Not started", "Not started", "grey")


def test_late_over_a_weekend_is_late_before_a_working_day_has_passed() -> None:
    friday, saturday = december(11), december(12)
    open_clock = standing(friday, met_on=None, on=saturday, calendar=COMMITTED)
    assert open_clock == Standing("overdue", 0, "Overdue by less than 1 working day")
    met = standing(friday, met_on=saturday, on=saturday, calendar=COMMITTED)
    assert met == Standing("met late", 0, "Met late by less than 1 working day")


def test_a_date_at_the_weekend_with_no_working_day_left_is_named() -> None:
    shown = standing(december(13), met_on=None, on=december(11), calendar=COMMITTED)
    assert shown == Standing("due soon", 0, "Due on Sunday 13 December 2026")


def test_christmas_shortens_the_working_days_that_are_left() -> None:
    shown = standing(dt.date(2026, 12, 29), met_on=None, on=december(24), calendar=COMMITTED)
    assert shown.words == "Due in 1 working day"


@pytest.mark.parametrize(
    ("slug", "start", "met"),
    [
        ("local-review", dt.date(2026, 8, 31), dt.date(2026, 12, 1)),
        ("advance-copy", dt.date(2027, 1, 8), dt.date(2026, 12, 1)),
    ],
)
def test_a_limit_in_months_or_backwards_is_met_without_a_day_number(
    slug: str, start: dt.date, met: dt.date
) -> None:
    receipt = duties.by_slug(slug).receipt(start, COMMITTED)
    shown = standing(receipt.due, met_on=met, on=december(31), calendar=COMMITTED, receipt=receipt)
    assert shown.words == "Met"


def test_backwards_the_day_number_is_how_many_days_were_left_before_publication() -> None:
    receipt = duties.ADVANCE_COPY.receipt(dt.date(2027, 1, 8), COMMITTED)
    assert receipt.day_number(receipt.due) == 7
    assert receipt.day_number(dt.date(2027, 1, 7)) == 1
    assert receipt.day_number(receipt.start) == 0


@pytest.mark.parametrize(
    ("due", "on", "words", "kind"),
    [
        (dt.date(2029, 1, 31), dt.date(2028, 12, 27), "Due in at least 2 working days", "open"),
        (dt.date(2029, 1, 31), dt.date(2029, 1, 2), "Due on Wednesday 31 January 2029", "open"),
        (
            dt.date(2028, 12, 27),
            dt.date(2029, 1, 8),
            "Overdue by at least 2 working days",
            "overdue",
        ),
        (dt.date(2029, 1, 31), dt.date(2029, 1, 31), "Due today by 11:59pm", "due today"),
    ],
)
def test_beyond_the_published_years_a_standing_is_shown_and_no_number_is_guessed(
    due: dt.date, on: dt.date, words: str, kind: str
) -> None:
    shown = standing(due, met_on=None, on=on, calendar=COMMITTED)
    assert (shown.words, shown.kind) == (words, kind)


@given(
    st.dates(dt.date(2012, 2, 1), dt.date(2028, 11, 1)),
    st.dates(dt.date(2012, 2, 1), dt.date(2028, 11, 1)),
)
def test_a_clock_met_is_late_exactly_when_it_was_met_after_its_due_date(
    due: dt.date, met: dt.date
) -> None:
    shown = standing(due, met_on=met, on=met, calendar=COMMITTED)
    assert (shown.kind == "met late") == (met > due)
    assert shown.working_days >= 0
    unmet = standing(due, met_on=None, on=met, calendar=COMMITTED)
    assert (unmet.kind == "overdue") == (met > due)


def test_a_notification_sent_on_the_sixth_working_day_is_late() -> None:
    due = duties.NOTIFY_THE_PANEL.due(AWARE, COMMITTED)
    sixth = COMMITTED.add(AWARE, 6)
    assert standing(due, met_on=sixth, on=sixth, calendar=COMMITTED).words == (
        "Met late by 1 working day"
    )


def test_what_arises_again_says_in_words_which_time_it_is() -> None:
    assert nth_time("Notify the Panel", 2) == "Notify the Panel, second time"
    assert nth_time("Notify the Panel", 9) == "Notify the Panel, ninth time"
    assert nth_time("Notify the Panel", 10) == "Notify the Panel, number 10"


def test_only_a_date_of_the_law_is_called_overdue() -> None:
    late = standing(dt.date(2026, 11, 9), met_on=None, on=dt.date(2026, 11, 12), calendar=COMMITTED)
    assert late.tag_colour == "red"
    for found, words in (
        (internal(late), "Past by 3 working days"),
        (aimed_for(late), "Past the date to aim for by 3 working days"),
    ):
        assert (found.words, found.tag, found.tag_colour) == (words, "Date passed", "grey")
