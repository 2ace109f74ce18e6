"""Half an hour of doing nothing, a quarter for the Panel's people, and a working day at most."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.story import Cast, a_case
from tests.templates.markup import Markup
from tests.workflow.signing_in.conftest import SignIn
from workflow.models import KeptPage
from workflow.sealed import kept


def is_in(client: Client) -> bool:
    answer = client.get("/account/")
    if answer.status_code == 302:
        assert answer.headers["Location"] == "/timed-out/?next=%2Faccount%2F"
    return answer.status_code == 200


@pytest.mark.parametrize(("name", "minutes"), [("ada", 30), ("sol", 15), ("priya", 15)])
def test_whoever_does_nothing_is_signed_out(
    enters_: SignIn, now: time_machine.Traveller, name: str, minutes: int
) -> None:
    client = enters_(name)
    for _ in range(3):
        assert is_in(client)
        now.shift(timedelta(minutes=minutes, seconds=-1))
    assert is_in(client)
    now.shift(timedelta(minutes=minutes))
    assert not is_in(client)


def test_after_eight_hours_it_ends_whatever_was_done(
    enters_: SignIn, now: time_machine.Traveller
) -> None:
    client = enters_("ada")
    for _ in range(24):
        assert is_in(client)
        now.shift(timedelta(minutes=20))
    assert not is_in(client)


def test_a_new_sign_in_begins_a_new_day(enters_: SignIn, now: time_machine.Traveller) -> None:
    client = enters_("ada")
    now.shift(timedelta(hours=8))
    assert not is_in(client)
    assert is_in(enters_("ada"))


def test_the_page_tells_its_script_how_long(enters_: SignIn, now: time_machine.Traveller) -> None:
    client = enters_("sol")
    now.shift(timedelta(minutes=10))
    dialog = Markup(client.get("/account/").content.decode()).one("dialog")
    assert (dialog.attrs["data-idle"], dialog.attrs["data-warn"]) == ("900", "300")
    assert dialog.attrs["data-longest"] == str(settings.SESSION_LONGEST_HOURS * 3600 - 600)
    assert dialog.attrs["data-timed-out"] == "/timed-out/?next=%2Faccount%2F"
    assert not Markup(Client().get("/").content.decode()).all("dialog")


def test_staying_signed_in_takes_a_press_and_nothing_else(
    enters_: SignIn, now: time_machine.Traveller
) -> None:
    client = enters_("ada")
    now.shift(timedelta(minutes=29))
    assert client.get("/account/stay/").status_code == 405
    assert client.post("/account/stay/").status_code == 204
    now.shift(timedelta(minutes=29))
    assert is_in(client)
    now.shift(timedelta(minutes=30))
    assert client.post("/account/stay/").status_code == 302


def test_a_page_whose_time_is_up_has_its_words_kept_and_does_nothing(
    everyone: Cast, enters_: SignIn
) -> None:
    story = a_case(everyone, aware="2026-12-07")
    address = f"/cases/{story.case.address}/notification/description/"
    client = enters_("ada")
    page = Markup(client.get(address).content.decode())
    ticket = next(e for e in page.all("input") if e.attrs.get("name") == "ticket")
    typed = {"ticket": ticket.attrs["value"], "description": "Child A.", "finished": "no"}
    answer = client.post(address, {**typed, "keep-only": "1"})
    assert "Your answers were kept" in answer.content.decode()
    found = kept.waiting(everyone.ada, address, on=story.case.opened_on)
    assert found is not None
    assert found.typed == {"description": ["Child A."], "finished": ["no"]}


def test_without_a_ticket_nothing_is_kept_and_nothing_done(everyone: Cast, enters_: SignIn) -> None:
    story = a_case(everyone, aware="2026-12-07")
    address = f"/cases/{story.case.address}/notification/description/"
    answer = enters_("ada").post(address, {"description": "Child A.", "keep-only": "1"})
    assert answer.headers["Location"] == address
    assert not KeptPage.objects.exists()
