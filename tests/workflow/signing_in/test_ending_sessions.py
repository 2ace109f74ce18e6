"""Sessions are listed, ended one by one or all, and dead at the next request."""

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tests.story import PASSWORD, Cast
from tests.templates.markup import Markup
from tests.workflow.signing_in.conftest import ELSEWHERE, SignIn
from workflow.models import Person
from workflow.signing_in import ending

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def listed(client: Client) -> list[str]:
    page = Markup(client.get("/account/sessions/").content.decode())
    return [element.text for element in page.one("main").inside if element.tag == "h2"]


def test_every_place_is_listed_this_one_first(enters_: SignIn) -> None:
    enters_("ada", network=ELSEWHERE, agent=IPHONE)
    here = enters_("ada", agent=FIREFOX)
    enters_("ben", agent=FIREFOX)
    assert listed(here) == ["Firefox on Windows (this one)", "Safari on an iPhone"]


def test_one_is_ended_and_the_others_go_on(everyone: Cast, enters_: SignIn) -> None:
    phone, desk, here = (enters_("ada", agent=agent) for agent in (IPHONE, FIREFOX, FIREFOX))
    phone_key = next(
        row.pk
        for row in UserSession.objects.filter(user=everyone.ada)
        if "iPhone" in row.user_agent
    )
    here.post(reverse("account-session-end", args=[phone_key]))
    assert [is_in(one) for one in (phone, desk, here)] == [False, True, True]


def test_nobody_ends_a_session_of_somebody_else(everyone: Cast, enters_: SignIn) -> None:
    ada, ben = enters_("ada"), enters_("ben")
    key = UserSession.objects.get(user=everyone.ada).pk
    assert ben.post(reverse("account-session-end", args=[key])).status_code == 404
    assert is_in(ada)


def test_all_others_are_ended_listed_or_not(everyone: Cast, enters_: SignIn) -> None:
    there, here = enters_("ada"), enters_("ada")
    unlisted = Client()
    unlisted.force_login(everyone.ada)
    here.post("/account/sessions/end/")
    assert [is_in(one) for one in (there, unlisted, here)] == [False, False, True]
    assert len(listed(here)) == 1


def deactivate(person: Person, here: Client) -> None:
    person.is_active = False
    person.save()


def change_password(person: Person, here: Client) -> None:
    new = "a-new-invented-passphrase"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/account/password/change/", typed)


def end_everywhere(person: Person, here: Client) -> None:
    ending.end_everywhere(person)


@pytest.mark.parametrize("act", [deactivate, change_password, end_everywhere])
def test_a_session_is_dead_at_its_next_request_after(
    everyone: Cast, enters_: SignIn, act: Callable[[Person, Client], None]
) -> None:
    there, here = enters_("ada"), enters_("ada")
    ben = enters_("ben")
    act(everyone.ada, here)
    assert not is_in(there)
    assert is_in(here) is (act is change_password)
    assert is_in(ben)


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Windows"), (IPHONE, "Safari on an iPhone"), ("", "A browser")],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert ending.device(agent) == words


@pytest.mark.parametrize(("path", "words"), [("one", "has ended"), ("others", "everywhere else")])
def test_what_was_ended_is_said(enters_: SignIn, path: str, words: str) -> None:
    page = Markup(enters_("ada").get(f"/account/sessions/?ended={path}").content.decode())
    assert words in page.of_class("govuk-notification-banner")[0].text
