"""Every page of the service in Chromium, at a phone's width: no barrier, no sideways scroll.

The addresses are read from the routing, so a new page joins by itself. A page is fetched as each
reader and shown when it is the first of its route, or draws anything that none before it drew.
"""

import mimetypes
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from axes.conf import settings as axes
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from playwright.sync_api import Route as Request

from tests.story import Cast, cast, moment
from tests.templates.axe import overflow, violations
from tests.templates.leading import enters, pages_after_something
from tests.templates.routes import routes
from tests.templates.test_routes import READERS, WRITERS, asked, every_stage
from tests.workflow.signing_in.codes import shown
from workflow.people import reference

Open = Callable[..., Page]
ADDRESS = "http://pages.test"
STATIC = Path(settings.BASE_DIR) / "static"
ERRORS = sorted(path.name for path in (Path(settings.BASE_DIR) / "templates").glob("[0-9]*.html"))
VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"))
# Where no page is seen here, by the reason. A new route stands in none of these.
NOT_VISITED: dict[str, tuple[str, ...]] = {
    "it is a file, or an address that is only ever sent to": (
        "account-session-end", "account-sessions-end", "account-stay", "board-csv", "board-ods",
        "board-xlsx", "brand", "breach-csv", "breach-forget", "breach-ods", "breach-saved",
        "breach-xlsx", "calendar-feed", "invitation-again", "looks-csv", "message-again",
        "message-close", "mfa_download_recovery_codes", "notifications:document",
        "notifications:start", "outside-connect",
        "outside-remove", "person-act",
    ),
    "a package offers it for what nobody has here": (
        "account_confirm_login_code", "account_set_password",
    ),
    "notifications/test_pages_in_a_browser.py looks at it": (
        "notifications:item-page", "notifications:send", "notifications:sent",
    ),
    "reviews/test_pages_in_a_browser.py looks at it": (
        "reviews:consider", "reviews:item-page", "reviews:respond", "reviews:responded",
        "reviews:sent",
    ),
    "reviews/test_acts_between_bodies_in_a_browser.py looks at it": ("reviews:confirm",),
    "workflow/signing_in/outside/test_in_a_browser.py looks at it": (
        "outside-confirm", "sign-in-back", "sign-in-with",
    ),
    "workflow/signing_in/test_pages_of_the_second_step_in_a_browser.py looks at it": (
        "mfa_activate_totp",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False):
        yield


class Parts(HTMLParser):
    """What a page draws: each kind of element inside the kind that holds it, without words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {k: v if k in ("class", "role", "type") else "" for k, v in attrs}
        kind = f"{tag} {sorted(kept.items())}"
        self.found.add((self.open[-1] if self.open else "", kind))
        if tag not in VOID:
            self.open.append(kind)

    def handle_endtag(self, tag: str) -> None:
        while self.open and not self.open.pop().startswith(f"{tag} "):
            pass


class Looks:
    """The browser's page, and what was seen on it."""

    def __init__(self, page: Page) -> None:
        self.page, self.html = page, ""
        self.drawn: set[tuple[str, str]] = set()
        self.visited: set[str] = set()
        self.wrong: dict[str, list[str]] = {}
        self.pages = 0
        page.route(f"{ADDRESS}/**", self.answer)

    def answer(self, request: Request) -> None:
        path = request.request.url.removeprefix(ADDRESS).partition("?")[0]
        file = STATIC / path.removeprefix("/static/")
        if path == "/":
            request.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        elif path.startswith("/static/") and file.is_file():
            kind = mimetypes.guess_type(file)[0] or "text/plain"
            request.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            body = ":root { --app-brand-colour: #1d4f91; }"
            request.fulfill(body=body, content_type="text/css")

    def at(self, name: str, html: str, *, told: str) -> None:
        """The page was looked at, unless a page of its name and all it draws were seen before."""
        drawn = Parts(html).found
        if name in self.visited and drawn <= self.drawn:
            return
        self.visited.add(name)
        self.drawn |= drawn
        self.html, self.pages = html, self.pages + 1
        self.page.goto(f"{ADDRESS}/")
        if found := violations(self.page) + overflow(self.page):
            self.wrong[told] = found

    def fetched(self, name: str, client: Client, address: str, *, told: str) -> None:
        """The same for what a reader is answered, where it is a page."""
        answer: Any = client.get(address, follow=True)
        if answer.streaming:
            # Read to its end, so that its file is closed.
            answer.getvalue()
            return
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        # What leads elsewhere is no page of this route, unless it leads back to itself.
        here = not answer.redirect_chain or answer.resolver_match.view_name == name
        if answer.status_code == 200 and html and here:
            self.at(name, answer.content.decode(), told=told)


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    found = cast()
    reference.load()
    return found


def test_no_page_has_a_barrier(everyone: Cast, open_page: Open, committing_db: str) -> None:
    stories, looks = every_stage(everyone), Looks(open_page(width=320))
    for name in ("nobody", *READERS):
        client = Client()
        if name != "nobody":
            client.force_login(everyone.people[name])
        for route in routes():
            for address in asked(route, stories, writes=name in WRITERS):
                looks.fetched(route.name, client, address, told=f"{address} as {name}")
    for route_name, name, client, address in pages_after_something(
        everyone, stories[1], committing_db
    ):
        looks.fetched(route_name, client, address, told=f"{address} as {name}")
    _second_step(everyone, looks)
    _refusals(everyone, looks)
    # What begins with "api:" is answered to programs, and draws no page.
    pages = {route.name for route in routes() if not route.name.startswith("api:")}
    unvisited = pages - looks.visited
    assert looks.wrong == {}, looks.pages
    assert unvisited == {name for names in NOT_VISITED.values() for name in names}


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
