"""A deadline administrator proclaims a bank holiday on the pages: asked, checked, confirmed."""

from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.story import Cast, Story, day, moment
from tests.templates.markup import Markup
from workflow.models import Deadline, Event, ProclaimedHoliday

TYPED = {
    "day-day": "7", "day-month": "June", "day-year": "2027",
    "title": "Bank holiday for an invented jubilee",
    "proclaimed-day": "11", "proclaimed-month": "1", "proclaimed-year": "2027",
}  # fmt: skip
CHECK = f"/working-days/add/check/?{urlencode(TYPED)}"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> object:
    with time_machine.travel(moment("2027-06-02", "12:00"), tick=False):
        yield


def browser(everyone: Cast, name: str) -> Client:
    client = Client()
    client.force_login(everyone.people[name])
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Markup(answer.content.decode()).one("main").text


def edition(client: Client, address: str) -> str:
    (field,) = [
        one
        for one in Markup(client.get(address).content.decode()).all("input")
        if one.attrs.get("name") == "edition"
    ]
    return str(field.attrs["value"])


def confirm(client: Client, address: str) -> str:
    answer = client.post(address, {"edition": edition(client, address)})
    assert answer.status_code == 302
    return text(client, answer["Location"])


def test_the_question_leads_to_a_page_that_shows_what_would_move(
    everyone: Cast, draft: Story, sent: Story
) -> None:
    sam = browser(everyone, "sam")
    answer = sam.post("/working-days/add/", TYPED)
    assert answer["Location"] == CHECK
    page = text(sam, CHECK)
    assert "3 open dates of 2 cases would move." in page
    assert f"{sent.case.label}" in page
    assert "Tuesday 15 June 2027" in page
    assert "Wednesday 16 June 2027" in page
    assert not ProclaimedHoliday.objects.exists()


def test_confirmed_it_moves_them_and_says_how_many(
    everyone: Cast, draft: Story, sent: Story
) -> None:
    sam = browser(everyone, "sam")
    done = confirm(sam, CHECK)
    assert "Bank holiday added" in done
    assert "3 open dates of 2 cases moved" in done
    listed = text(sam, "/working-days/")
    assert "Monday 7 June 2027" in listed
    assert "Sam, 2 June 2027 at midday" in listed or "Sam, 2 June 2027 at 12" in listed


def test_a_closed_date_stays_and_the_trail_shows_who_moved_the_open_one(
    everyone: Cast, sent: Story
) -> None:
    closed = Deadline.objects.get(case=sent.case, duty="notify-the-panel")
    before = (closed.due_on, closed.receipt)
    confirm(browser(everyone, "sam"), CHECK)
    closed.refresh_from_db()
    assert (closed.due_on, closed.receipt) == before
    case = f"/cases/{sent.case.address}"
    trail = text(browser(everyone, "ada"), f"{case}/timeline/")
    assert "Due date moved By Deadline administrator, Service operator" in trail
    assert "Bank holiday proclaimed for Monday 7 June 2027" in trail
    assert "Send the rapid review: Tuesday 15 June 2027 became Wednesday 16 June 2027." in trail


def test_the_page_of_the_date_says_that_it_moved_from_what_when_and_why(
    everyone: Cast, sent: Story
) -> None:
    confirm(browser(everyone, "sam"), CHECK)
    page = text(browser(everyone, "ira"), f"/cases/{sent.case.address}/dates/rapid-review/1/")
    assert "Bank holiday for an invented jubilee (proclaimed 11 January 2027)" in page
    assert "Moved From Tuesday 15 June 2027, on 2 June 2027. Bank holiday proclaimed" in page
    assert "What this date was before" in page
    assert "Tuesday 15 June 2027" in page
    assert "Wednesday 16 June 2027 (now)" in page
    assert "Bank holiday proclaimed for Monday 7 June 2027: Bank holiday for an invented" in page


def test_it_is_withdrawn_the_same_way(everyone: Cast, draft: Story) -> None:
    sam = browser(everyone, "sam")
    confirm(sam, CHECK)
    address = reverse("proclaim-withdraw", args=[ProclaimedHoliday.objects.get().pk])
    assert "2 open dates of 1 case would move." in text(sam, address)
    assert "Bank holiday withdrawn" in confirm(sam, address)
    row = Deadline.objects.get(case=draft.case, duty="notify-the-panel")
    assert row.due_on == day("2027-06-08")
    assert "is not a proclaimed bank holiday" in text(sam, address)


def test_a_calendar_that_changed_meanwhile_is_looked_at_again(everyone: Cast, draft: Story) -> None:
    sam = browser(everyone, "sam")
    seen = edition(sam, CHECK)
    other = CHECK.replace("day-day=7", "day-day=9")
    confirm(sam, other)
    answer = sam.post(CHECK, {"edition": seen})
    assert "The calendar has changed since you looked" in answer.content.decode()
    assert ProclaimedHoliday.objects.count() == 1


def test_a_second_click_adds_nothing(everyone: Cast, draft: Story) -> None:
    sam = browser(everyone, "sam")
    seen = {"edition": edition(sam, CHECK)}
    sam.post(CHECK, seen)
    answer = sam.post(CHECK, seen)
    assert "is a bank holiday already" in answer.content.decode()
    assert Event.objects.filter(act="dates_moved").count() == 1


def test_wrong_answers_are_refused_beside_the_question(everyone: Cast) -> None:
    sam = browser(everyone, "sam")
    weekend = sam.post("/working-days/add/", {**TYPED, "day-day": "6"}).content.decode()
    assert "Sunday 6 June 2027 is at a weekend" in weekend
    assert "Bank holiday for an invented jubilee" in weekend
    past = sam.post("/working-days/add/", {**TYPED, "day-day": "1"}).content.decode()
    assert "The day of the bank holiday must be today or in the future" in past
    empty = sam.post("/working-days/add/", {}).content.decode()
    assert "Enter what the bank holiday is for" in empty


def test_dates_that_are_behind_are_shown_and_worked_out_again(everyone: Cast, draft: Story) -> None:
    Deadline.objects.filter(case=draft.case).update(due_on=day("2027-06-07"))
    sam = browser(everyone, "sam")
    assert "Of the open dates, 2 are not what the calendar" in text(sam, "/working-days/")
    assert "2 open dates of 1 case moved" in confirm(sam, "/working-days/rework/")
    assert "No open date would move." in text(sam, "/working-days/rework/")


@pytest.mark.parametrize("name", ["ada", "sol", "adam", "priya", "dele"])
def test_nobody_else_may_open_these_pages(everyone: Cast, name: str) -> None:
    client = browser(everyone, name)
    for address in ("/working-days/", "/working-days/add/", CHECK, "/working-days/rework/"):
        assert client.get(address).status_code == 403, address
        assert client.post(address).status_code in (403, 405), address
