"""The start, one's account, and leaving: by oneself or for being idle."""

from django.test import Client

from tests.story import PASSWORD, Cast, day
from tests.templates.markup import Markup
from tests.workflow.screens.conftest import Read, SignIn
from workflow.people.membership import join


def test_the_start_page_says_who_which_by_when_and_what_to_do_in_danger(db: None) -> None:
    text = Markup(Client().get("/").content.decode()).one("main").text
    for words in (
        "call 999",
        "Only the local authority can notify it.",
        "There are 4 kinds",
        "must notify a death or serious harm",
        "This should be done within 5 working days of becoming aware",
        "is expected to be there within 15 working days",
        "Each page is saved when you continue",
        "Sign in to start",
    ):
        assert words in text


def test_whoever_is_signed_in_goes_on_to_their_work(as_: SignIn) -> None:
    assert as_("ada").get("/").headers["Location"] == "/home/"


def test_the_account_page_names_roles_and_every_organisation(everyone: Cast, read: Read) -> None:
    join(everyone.ada, everyone.southfen, "la_notifier", on=day("2026-12-01"))
    page = read("ada", "/account/")
    text = page.one("main").text
    for words in ("Ada", everyone.ada.email, "Northmoor", "Southfen", "Notifier", "Sign out"):
        assert words in text
    assert "Northmoor, Southfen" in page.one("header").text


def test_signing_out_ends_on_a_page_that_says_what_is_kept(as_: SignIn) -> None:
    client = as_("ada")
    answer = client.post("/account/logout/")
    assert answer.headers["Location"] == "/signed-out/"
    assert b"You have signed out" in client.get("/signed-out/").content
    assert client.get("/home/").status_code == 302


def test_somebody_idle_too_long_is_told_so_and_comes_back_to_the_same_page(as_: SignIn) -> None:
    client = as_("ada")
    client.session.flush()
    answer = client.get("/queue/?part=drafts")
    assert answer.headers["Location"] == "/timed-out/?next=%2Fqueue%2F%3Fpart%3Ddrafts"
    page = Markup(client.get(answer.headers["Location"]).content.decode())
    (link,) = [one for one in page.all("a") if one.text == "Sign in"]
    assert link.attrs["href"] == "/account/login/?next=/queue/%3Fpart%3Ddrafts"


def test_the_way_back_never_leads_elsewhere(db: None) -> None:
    page = Client().get("/timed-out/?next=https://elsewhere.example/")
    assert b"elsewhere" not in page.content


def test_signing_in_leads_to_the_work_list(everyone: Cast) -> None:
    client = Client()
    typed = {"login": everyone.ada.email, "password": PASSWORD}
    answer = client.post("/account/login/", typed, follow=True)
    assert Markup(answer.content.decode()).one("h1").text == "0 incidents need action"


def test_pages_for_everyone_need_no_sign_in(db: None) -> None:
    for page in ("", "accessibility/", "privacy/", "cookies/", "whats-new/"):
        assert Client().get(f"/help/{page}").status_code == 200
