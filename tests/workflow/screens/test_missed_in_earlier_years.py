"""What was missed before the period of the figures is told beside them, with the way to it."""

from datetime import date

import pytest

from tests.story import Cast, Story, a_case, day
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import of_file, page_of, table_of, told
from workflow.board import periods
from workflow.board.asked import Asked


@pytest.fixture
def stories(everyone: Cast) -> dict[str, Story]:
    return {**told(everyone), "forgotten": a_case(everyone, aware="2026-03-02")}


def earlier(read: Read, name: str, query: str = "") -> dict[str, str]:
    """The lists of earlier dates that the board names, with their addresses."""
    links = read(name, f"/late/?{query}").all("a")
    return {one.text: one.attrs["href"] for one in links if "period=before-" in one.attrs["href"]}


def test_the_board_says_how_many_of_earlier_years_and_leads_to_them(
    stories: dict[str, Story], read: Read, as_: SignIn
) -> None:
    text = read("sam", "/late/").one("main").text
    assert "Missed before 1 April 2026, and in none of the figures and tables of this" in text
    found = earlier(read, "sam", "duty=notify-1")
    assert list(found) == ["Still open: 1", "Met late: 1"]
    (row,) = table_of(page_of(as_("sam"), found["Still open: 1"]))
    assert row[0] == stories["forgotten"].case.label
    (row,) = table_of(page_of(as_("sam"), found["Met late: 1"]))
    assert row[0] == stories["last year"].case.label


def test_each_number_is_that_of_its_list(
    stories: dict[str, Story], read: Read, as_: SignIn
) -> None:
    for query in ("", "area=9901", "period=2026-11", "period=2026-27-q3", "kind=service-level"):
        for words, href in earlier(read, "sam", query).items():
            heading = page_of(as_("sam"), href).one("h1").text
            assert heading.split()[0] == words.rpartition(" ")[2], (query, words)
    month = earlier(read, "sam", "duty=notify-1&period=2026-11")
    assert "Known late by a correction: 1" in month


def test_where_nothing_was_missed_before_the_board_says_so(everyone: Cast, read: Read) -> None:
    a_case(everyone, aware="2026-11-02")
    assert not earlier(read, "sam")
    assert "of this period No date of this kind." in read("sam", "/late/").one("main").text


def test_an_authority_is_told_of_its_own_alone(stories: dict[str, Story], read: Read) -> None:
    assert earlier(read, "ben")
    assert not earlier(read, "cara")


def test_the_list_and_its_file_say_what_they_are_narrowed_to(
    stories: dict[str, Story], read: Read, as_: SignIn
) -> None:
    href = earlier(read, "sam", "duty=notify-1")["Still open: 1"]
    chosen = [
        one.text for one in page_of(as_("sam"), href).all("option") if "selected" in one.attrs
    ]
    assert "Before 1 April 2026" in chosen
    rows, beside = of_file(as_("sam"), "ods", href.partition("?")[2])
    assert [row[0] for row in rows] == [stories["forgotten"].case.label]
    assert ["Due in", "Before 1 April 2026"] in beside
    # The figures have months, so they take the year that runs.
    board = page_of(as_("sam"), href.replace("/late/list/", "/late/"))
    chosen = [one.text for one in board.all("option") if "selected" in one.attrs]
    assert "Year to 31 March 2027" in chosen


@pytest.mark.parametrize(
    ("slug", "last"),
    [("2026-27", "2026-03-31"), ("2026-27-q3", "2026-09-30"), ("2026-11", "2026-10-31")],
)
def test_before_a_period_is_all_up_to_its_first_day(slug: str, last: str) -> None:
    found = periods.of_address(f"before-{slug}")
    assert found is not None
    assert (found.first, found.last) == (date.min, day(last))
    assert Asked.from_address({"period": found.slug}).period == found.slug


@pytest.mark.parametrize("slug", ["before-", "before-before-2026-27", "before-2026", "before-x"])
def test_before_what_is_no_period_is_none(slug: str) -> None:
    assert periods.of_address(slug) is None
