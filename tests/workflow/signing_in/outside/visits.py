"""Somebody's way to the provider of Northmoor and back."""

from typing import Any

from django.test import Client

from tests.provider.running import Running
from tests.story import PASSWORD
from tests.templates.markup import Markup
from workflow.models import Person

START, MINE = "/account/with/northmoor/", "/account/organisation/"
CONNECT, CONFIRM = f"{MINE}northmoor/connect/", f"{MINE}northmoor/confirm/"
ASKED, SET_UP = "/account/second-step/authenticate/", "/account/second-step/totp/activate/"
SITE = "http://service.example"


def by_password(person: Person) -> Client:
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def returned(client: Client, northmoor: Running, who: str, path: str = START) -> str:
    """Somebody goes to the provider and says who they are: the address they come back to."""
    return northmoor.leads_back(client.get(path).headers["Location"], who)


def connected(person: Person, northmoor: Running, who: str) -> Client:
    client = by_password(person)
    back = client.get(returned(client, northmoor, who, CONNECT))
    assert back.headers["Location"] == CONFIRM
    assert client.post(CONFIRM).headers["Location"] == f"{MINE}?done=connected"
    return client


def comes_in(northmoor: Running, who: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.get(returned(client, northmoor, who))


def is_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


def words(answer: Any) -> str:
    assert answer.status_code == 403
    return Markup(answer.content.decode()).one("main").text
