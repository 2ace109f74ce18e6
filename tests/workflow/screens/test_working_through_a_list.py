"""The page of a work list: its title, its parts, its rows, and where its links lead."""

import re

import pytest
from django.test import Client

from tests.story import Cast, Story, a_case, day
from tests.workflow.queues.test_pages_by_position import make
from tests.workflow.screens.conftest import Read, SignIn
from tests.workflow.screens.missed import table_of
from workflow.queues.keyset import SIZES


def test_the_title_says_how_many_need_action(draft: Story, read: Read) -> None:
    page = read("ada", "/home/")
    assert page.one("h1").text == "1 incident needs action"
    (link,) = [one for one in page.all("a") if one.text == draft.case.label]
    assert link.attrs["href"] == f"/cases/{draft.case.address}/"


def test_a_row_says_what_is_due_on_which_day_and_in_how_many_working_days(
    draft: Story, read: Read
) -> None:
    text = read("ada", "/home/").one("table").text
    for words in (
        "Northmoor",
        "Serious harm",
        "Monday 14 December 2026",
        "Due in 2 working days",
        "Notify the Panel",
        "Due soon",
        "You: Continue the notification as Notifier",
        "Draft",
    ):
        assert words in text


def test_what_is_due_stands_in_one_column_with_its_standing(draft: Story, read: Read) -> None:
    ((_, area, due, *_),) = table_of(read("ada", "/home/"))
    assert area == "Northmoor"
    assert due == "Monday 14 December 2026 Due in 2 working days Due soon Notify the Panel"


def test_a_date_that_is_not_of_the_law_is_never_overdue(everyone: Cast, read: Read) -> None:
    draft = a_case(everyone, aware="2026-11-02", abuse="", outcome="").case
    a_case(
        everyone, aware="2026-11-02", outcome="died", abuse="neither", care_leaver=True,
        under_18=False,
    )  # fmt: skip
    page = read("ada", "/queue/?part=drafts")
    dues = " / ".join(due for _, _, due, *_ in table_of(page))
    assert re.search(r"Past by \d+ working days Date passed Internal date", dues)
    assert "Past the date to aim for by 23 working days Date passed" in dues
    assert "Overdue" not in dues
    (head,) = read("ada", f"/cases/{draft.address}/").of_class("app-case-header__note")
    assert re.fullmatch(r"Past by \d+ working days", head.text)
    assert not page.of_class("govuk-tag--red")


def test_who_else_is_waited_for_is_set_apart_from_what_the_reader_does(
    sent: Story, read: Read
) -> None:
    ((*_, turns, _),) = table_of(read("bea", "/home/"))
    assert turns == ("You: Continue the rapid review as Business unit Also waits for: Secretariat")
    ((*_, turns, _),) = table_of(read("ada", "/queue/?part=waiting"))
    assert "Also" not in turns


def test_an_internal_date_in_a_list_is_marked(everyone: Cast, read: Read) -> None:
    case = a_case(everyone, aware="2026-12-01", abuse="", outcome="").case
    assert case.next_due == ""
    text = read("ada", "/home/").one("table").text
    assert "Internal date, not a legal one" in text


@pytest.mark.parametrize("name", ["ada", "sol", "priya", "petra", "ira", "dele", "sam", "cara"])
def test_an_empty_list_says_so(name: str, read: Read) -> None:
    page = read(name, "/home/")
    assert page.one("h1").text.startswith("0 ")
    assert not page.all("table")
    assert "No" in page.one("main").text


def test_a_page_leads_to_the_next_and_back_keeping_what_was_asked(
    everyone: Cast, read: Read
) -> None:
    make(everyone, [1] * (SIZES[0] + 2))
    first = read("ada", "/queue/?part=drafts&kind=not-known&sort=newest")
    (following,) = first.all("a", rel="next")
    assert "kind=not-known" in following.attrs["href"]
    assert "sort=newest" in following.attrs["href"]
    second = read("ada", following.attrs["href"])
    assert len(second.one("tbody").inside) < len(first.one("tbody").inside)
    (back,) = second.all("a", rel="prev")
    assert read("ada", back.attrs["href"]).one("tbody").text == first.one("tbody").text


def test_a_position_beyond_the_last_row_begins_the_list_again(draft: Story, as_: SignIn) -> None:
    answer = as_("ada").get("/queue/?part=drafts&after=2030-01-01.X")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/queue/?part=drafts"


def test_filters_that_match_nothing_say_so_and_can_be_cleared(draft: Story, read: Read) -> None:
    page = read("ada", "/queue/?part=drafts&kind=death")
    assert "Nothing matches these filters." in page.one("main").text
    (clear,) = [one for one in page.all("a") if one.text == "Clear filters"]
    assert clear.attrs["href"] == "/queue/?part=drafts"


def test_only_those_who_see_many_areas_choose_among_them(draft: Story, read: Read) -> None:
    assert not read("ada", "/home/").all("select", id="area")
    areas = read("sol", "/home/").one("select", id="area").text
    assert "Northmoor" in areas
    assert "Southfen" in areas


def test_nonsense_in_the_address_gives_the_list_all_the_same(draft: Story, read: Read) -> None:
    page = read("ada", "/queue/?part=nowhere&kind=x&sort=y&size=9999&after=z&before=%00&area=%27")
    assert page.one("h1").text == "0 incidents need action"


def test_cara_finds_nothing_of_northmoors_in_any_part(
    draft: Story, sent: Story, read: Read
) -> None:
    for part in ("needs-action", "drafts", "waiting", "closed"):
        for sort in ("due", "newest"):
            text = read("cara", f"/queue/?part={part}&sort={sort}").one("main").text
            assert draft.case.address not in text
            assert sent.case.address not in text


def test_the_clock_of_a_shared_list_is_said(draft: Story, read: Read) -> None:
    assert "As at 10 December 2026 at 9:30am." in read("ada", "/home/").one("main").text
    assert draft.case.next_due_on == day("2026-12-14")


def test_somebody_signed_out_is_asked_to_sign_in(db: None) -> None:
    assert Client().get("/home/").headers["Location"] == "/account/login/?next=/home/"
