"""A period is a reporting year, one of its quarters, or a month: nothing else is one."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from workflow.board import periods


@pytest.mark.parametrize(
    ("slug", "first", "last", "title"),
    [
        ("2026-27", date(2026, 4, 1), date(2027, 3, 31), "Year to 31 March 2027"),
        ("2026-27-q1", date(2026, 4, 1), date(2026, 6, 30), "Quarter: April to June 2026"),
        ("2026-27-q4", date(2027, 1, 1), date(2027, 3, 31), "Quarter: January to March 2027"),
        ("2027-02", date(2027, 2, 1), date(2027, 2, 28), "February 2027"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
    ],
)
def test_a_period_has_its_days_and_its_words(
    slug: str, first: date, last: date, title: str
) -> None:
    found = periods.of_address(slug)
    assert found is not None
    assert (found.first, found.last, found.title, found.slug) == (first, last, title, slug)


@pytest.mark.parametrize(
    "slug",
    ["", "2026", "2026-13", "2026-28", "2026-00", "2026-11-q1", "2026-27-q5", "1999-05", "x",
     "9999-12", "٢٠٢٦-١١", "2026-27 "],
)  # fmt: skip
def test_what_is_no_period_is_none(slug: str) -> None:
    assert periods.of_address(slug) is None


def test_the_reporting_year_turns_on_the_first_of_april() -> None:
    assert periods.current(date(2027, 3, 31)).slug == "2026-27"
    assert periods.current(date(2027, 4, 1)).slug == "2027-28"


def test_the_quarters_and_the_months_of_a_year_follow_on_without_a_gap() -> None:
    year = periods.year_of(2026)
    quarters = [periods.quarter_of(2026, number) for number in (1, 2, 3, 4)]
    months = [periods.month_of(day) for day in year.months]
    assert len(months) == 12
    for parts in (quarters, months):
        assert (parts[0].first, parts[-1].last) == (year.first, year.last)
        for one, following in pairwise(parts):
            assert following.first == one.last + timedelta(days=1)


def test_what_is_offered_has_begun_and_is_found_again_by_its_address() -> None:
    on = date(2026, 12, 10)
    offered = periods.offered(on)
    assert offered[0] == ("2026-27", "Year to 31 March 2027")
    assert len(offered) == len(set(offered)) > 20
    for slug, title in offered:
        found = periods.of_address(slug)
        assert found is not None
        assert found.title == title
        assert found.first <= on
