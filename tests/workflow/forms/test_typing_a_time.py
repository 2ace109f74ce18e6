"""A time of day in one box, and the two hours a year when it is not enough."""

from datetime import UTC, date, datetime, time

import pytest

from workflow.forms import (
    DateField,
    GovukForm,
    NoSingleMomentError,
    TimeField,
    london_instant,
    london_instants,
    london_words,
    short_time,
)

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


class Form(GovukForm):
    received_on = DateField("Date received")
    received_time = TimeField("Time received")

    def clean(self) -> None:
        self.moment = self.instant("received_on", "received_time")


def form(text: str, on: date = date(2026, 6, 4)) -> Form:
    boxes = {f"received_on-{part}": [str(getattr(on, part))] for part in ("day", "month", "year")}
    return Form({**boxes, "received_time": [text]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:32am", time(9, 32)),
        ("9.32 am", time(9, 32)),
        ("9:32 a.m.", time(9, 32)),
        ("0932", time(9, 32)),
        ("09:32", time(9, 32)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12:05pm", time(12, 5)),
        ("1:05PM", time(13, 5)),
        ("13:05", time(13, 5)),
        ("23:59", time(23, 59)),
        ("midday", time(12)),
        ("0:00", time(0)),
    ],
)
def test_a_time_may_be_typed_in_many_ways(text: str, expected: time) -> None:
    typed = form(text)
    assert typed.is_valid(), typed.errors
    assert typed.cleaned["received_time"] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Enter time received"),
        ("9", "Time received must be a time with hours and minutes, like 9:32am or 14:05"),
        (
            "24:00",
            "Time received must be between 0:00 and 23:59. Use 0:00 on the next day for midnight",
        ),
        ("25:00", "Time received must be a real time, like 9:32am or 14:05"),
        ("13:05am", "Time received must be a real time, like 9:32am or 14:05"),
        ("9:60", "Time received must be a real time, like 9:32am or 14:05"),
        ("morning", "Time received must be a time with hours and minutes, like 9:32am or 14:05"),
        ("٩:٣٢", "Time received must use the digits 0 to 9"),
    ],
)
def test_a_wrong_time_is_refused_with_an_example(text: str, message: str) -> None:
    assert form(text).errors["received_time"] == [message]


def test_a_date_and_a_time_make_an_instant() -> None:
    summer = form("9:32am")
    assert summer.is_valid()
    assert summer.moment == datetime(2026, 6, 4, 8, 32, tzinfo=UTC)


def test_the_hour_the_clocks_skipped_is_refused() -> None:
    assert london_instants(SPRING, time(1, 30)) == ()
    skipped = form("1:30am", SPRING)
    assert skipped.errors["received_time"] == [
        "1:30am did not happen on 29 March 2026: the clocks went forward from 1am to 2am"
    ]


def test_the_hour_that_came_twice_asks_which() -> None:
    twice = form("1:30am", AUTUMN)
    assert twice.errors["received_time"][0] == (
        "1:30am happened twice on 25 October 2026, when the clocks went back. "
        "Add BST for the first or GMT for the second, like 1:30am BST"
    )


@pytest.mark.parametrize(("zone", "hour"), [("BST", 0), ("gmt", 1)])
def test_the_hour_that_came_twice_is_settled_by_its_zone(zone: str, hour: int) -> None:
    settled = form(f"1:30am {zone}", AUTUMN)
    assert settled.is_valid(), settled.errors
    assert settled.moment == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_a_zone_that_was_not_in_force_is_refused() -> None:
    with pytest.raises(NoSingleMomentError, match="was not GMT"):
        london_instant(date(2026, 6, 4), time(9, 32), zone="GMT")


def test_a_wrong_date_makes_no_instant_and_one_error() -> None:
    wrong = Form({"received_on-day": ["31"], "received_time": ["9:32am"]})
    assert list(wrong.errors) == ["received_on"]
    assert wrong.moment is None


@pytest.mark.parametrize(
    ("at", "words"),
    [(time(0), "midnight"), (time(12), "midday"), (time(9, 5), "9:05am"), (time(12, 1), "12:01pm")],
)
def test_a_time_is_said_in_words(at: time, words: str) -> None:
    assert short_time(at) == words


def test_an_instant_is_said_in_london_time_and_only_the_double_hour_with_its_zone() -> None:
    assert london_words(datetime(2026, 6, 4, 8, 32, tzinfo=UTC)) == "4 June 2026 at 9:32am"
    double = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert london_words(double) == "25 October 2026 at 1:30am GMT"
