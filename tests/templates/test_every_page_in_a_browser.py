"""The pages that are there after something was done, in Chromium.

What each reader comes to by its address alone is looked at where it is walked, `test_routes.py`.
Whichever of a run's walks is the last asks whether a page of every route was seen: that is asked
only where all of them are run.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from axes.conf import settings as axes
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.story import Cast, cast, moment
from tests.templates.leading import enters, pages_after_something
from tests.templates.looking import Looks, Seen, file_of_this_run
from tests.templates.routes import routes
from tests.templates.test_routes import AFTER, Open, every_stage, left_out
from tests.workflow.signing_in.codes import shown
from workflow.people import reference

ERRORS = sorted(path.name for path in (Path(settings.BASE_DIR) / "templates").glob("[0-9]*.html"))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    found = cast()
    reference.load()
    return found


def test_no_page_after_something_has_a_barrier(
    everyone: Cast, open_page: Open, committing_db: str
) -> None:
    stories, looks = every_stage(everyone), Looks(open_page(width=320), Seen(file_of_this_run()))
    for route_name, name, client, address in pages_after_something(
        everyone, stories[1], committing_db
    ):
        looks.fetched(route_name, client, address, told=f"{address} as {name}")
    _second_step(everyone, looks)
    _refusals(everyone, looks)
    unseen = left_out(looks, AFTER)
    assert looks.wrong == {}
    assert unseen == set()


def _second_step(everyone: Cast, looks: Looks) -> None:
    """Whoever has a second step sees the pages about it, signed in with it a moment ago."""
    app = Authenticator.objects.get(user=everyone.ben, type=Authenticator.Type.TOTP)
    client = enters(everyone.ben)
    client.post(reverse("mfa_authenticate"), {"code": shown(decrypt(app.data["secret"]))})
    key = Authenticator.objects.get(user=everyone.ben, type=Authenticator.Type.WEBAUTHN)
    for route in routes():
        if route.name.startswith(("mfa_", "account_")) and route.parts in {(), ("pk",)}:
            address = reverse(route.name, args=[key.pk for _ in route.parts])
            looks.fetched(route.name, client, address, told=f"{address} as ben")


def _refusals(everyone: Cast, looks: Looks) -> None:
    """The pages for what went wrong, and the one for whoever guessed too often."""
    for template in ERRORS:
        looks.at(template, render_to_string(template), told=template)
    typed = {"login": everyone.ada.email, "password": "an invented guess"}
    for _ in range(axes.AXES_FAILURE_LIMIT):
        answer = Client().post("/account/login/", typed)
    assert answer.status_code == 429
    looks.at("locked out", answer.content.decode(), told="locked out")
