"""Every address of the sign-in package answers with a page of ours, or leads to one."""

import pytest
from allauth.account.urls import urlpatterns
from django.test import Client
from django.urls import reverse

from tests.templates.markup import Markup
from workflow import clock
from workflow.people.person import Person

ARGUMENTS = {
    "account_confirm_email": ["no-such-key"],
    "account_reset_password_from_key": ["1", "no-such-key"],
}
NAMES = [pattern.name for pattern in urlpatterns]
PASSWORD = "invented horse battery staple"


@pytest.fixture
def ada(db: None) -> Person:
    return Person.objects.create_person(
        email="ada@northmoor.example", name="Ada Example", password=PASSWORD, joined_at=clock.now()
    )


def heading(client: Client, name: str) -> str:
    response = client.get(reverse(name, args=ARGUMENTS.get(name)), follow=True)
    assert response.status_code == 200
    found = Markup(response.content.decode())
    assert found.of_class("app-footer"), "drawn by the package itself"
    return found.one("h1").text


@pytest.mark.parametrize("name", NAMES)
def test_a_visitor_meets_our_pages_only(client: Client, db: None, name: str) -> None:
    assert heading(client, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_person_signed_in_meets_our_pages_only(client: Client, ada: Person, name: str) -> None:
    client.force_login(ada)
    assert heading(client, name)


def test_a_wrong_password_leads_back_to_the_address(client: Client, ada: Person) -> None:
    answers = {"login": ada.email, "password": "not this one"}
    response = client.post(reverse("account_login"), answers)
    found = Markup(response.content.decode())
    links = [e for e in found.of_class("govuk-error-summary")[0].inside if e.tag == "a"]
    assert [(e.text, e.attrs["href"]) for e in links] == [
        ("Check your email address and password. One of them is wrong", "#id_login")
    ]
    assert found.one("input", id="id_login").attrs["value"] == ada.email
    assert "value" not in found.one("input", id="id_password").attrs
    assert found.one("title").text.startswith("Error: Sign in")


def test_an_unknown_address_is_refused_in_the_same_words(client: Client, ada: Person) -> None:
    def refused(email: str) -> str:
        answers = {"login": email, "password": "not this one"}
        body = client.post(reverse("account_login"), answers).content.decode()
        return Markup(body).of_class("govuk-error-summary")[0].text

    assert refused(ada.email) == refused("nobody@northmoor.example")


def test_a_reset_is_answered_the_same_for_a_stranger(client: Client, ada: Person) -> None:
    def answered(email: str) -> str:
        response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        return Markup(response.content.decode()).one("main").text

    assert answered(ada.email) == answered("nobody@northmoor.example")


def test_short_and_common_passwords_are_refused_with_the_reason(
    client: Client, ada: Person
) -> None:
    client.force_login(ada)
    answers = {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
    response = client.post(reverse("account_change_password"), answers)
    found = Markup(response.content.decode())
    assert "at least 12 characters" in found.of_class("govuk-error-summary")[0].text
