"""Every page in Chromium, at a phone's width: no barrier, no sideways scroll.

A page is shown when it is the first of its route, or draws anything that none before it drew,
whichever of the run's processes came to it: what they saw they tell one another in a file.
"""

import fcntl
import json
import mimetypes
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page
from playwright.sync_api import Route as Request

from tests.databases import name_for
from tests.templates.axe import overflow, violations

ADDRESS = "http://pages.test"
STATIC = Path(settings.BASE_DIR) / "static"
VOID = frozenset(
    ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
)
# Where no page is seen by any of the walks, by the reason. A new route stands in none of these.
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
}  # fmt: skip


class Parts(HTMLParser):
    """What a page draws: each kind of element inside the kind that holds it, without words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {k: v if k in ("class", "role", "type") else "" for k, v in attrs}
        kind = f"{tag} {sorted(kept.items())}"
        self.found.add(f"{self.open[-1] if self.open else ''} > {kind}")
        if tag not in VOID:
            self.open.append(kind)

    def handle_endtag(self, tag: str) -> None:
        while self.open and not self.open.pop().startswith(f"{tag} "):
            pass


def file_of_this_run() -> Path:
    """Where the processes of a run tell one another what they saw."""
    return Path(tempfile.gettempdir()) / f"{name_for('pages')}.jsonl"


def forget_what_was_seen() -> None:
    """Nothing of it is left."""
    with suppress(FileNotFoundError):
        file_of_this_run().unlink()


class Seen:
    """What was seen of the pages so far, by all who write to one file."""

    def __init__(self, file: Path) -> None:
        self.file, self.read_to = file, 0
        self.drawn: set[str] = set()
        self.visited: set[str] = set()
        self.walks: set[str] = set()

    def is_new(self, name: str, drawn: set[str]) -> bool:
        """Whether nobody saw a page of this name and all it draws; from now on, somebody did."""
        with self._told() as tell:
            new = name not in self.visited or not drawn <= self.drawn
            if new:
                tell(visited=[name], drawn=sorted(drawn - self.drawn))
        return new

    def after(self, walk: str, *, of: set[str]) -> set[str] | None:
        """The names of all that was visited, when this is the last of the walks; None before."""
        with self._told() as tell:
            tell(walks=[walk])
        return self.visited if of <= self.walks else None

    @contextmanager
    def _told(self) -> Iterator[Any]:
        """Inside, nobody else adds, and what everybody added is known here."""
        with self.file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)

            def tell(**more: list[str]) -> None:
                file.write(f"{json.dumps(more)}\n")
                file.flush()
                self._learn(file)

            self._learn(file)
            yield tell

    def _learn(self, file: Any) -> None:
        file.seek(self.read_to)
        for line in file.read().splitlines():
            for kind, names in json.loads(line).items():
                getattr(self, kind).update(names)
        self.read_to = file.tell()


class Looks:
    """The browser's page, and what was seen on it."""

    def __init__(self, page: Page, seen: Seen) -> None:
        self.page, self.seen, self.html = page, seen, ""
        self.wrong: dict[str, list[str]] = {}
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
        if not self.seen.is_new(name, Parts(html).found):
            return
        self.html = html
        self.page.goto(f"{ADDRESS}/")
        if found := violations(self.page) + overflow(self.page):
            self.wrong[told] = found

    def answered(self, name: str, client: Client, answer: Any, *, told: str) -> None:
        """The same for what somebody was answered, where it is a page or leads to one of its route.

        What leads elsewhere is no page of this route; what breaks on the way is told.
        """
        leads_to = urljoin(answer.request["PATH_INFO"], answer.headers.get("Location", ""))
        if 300 <= answer.status_code < 400:
            if _route_of(leads_to) != name:
                return
            answer = client.get(leads_to, follow=True)
            if answer.status_code >= 500:
                self.wrong[told] = [f"status {answer.status_code} at {leads_to}"]
            if answer.resolver_match.view_name != name:
                return
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and html and not answer.streaming:
            self.at(name, answer.content.decode(), told=told)

    def fetched(self, name: str, client: Client, address: str, *, told: str) -> None:
        """The same for what stands at an address."""
        self.answered(name, client, client.get(address), told=told)


def _route_of(url: str) -> str:
    with suppress(Resolver404):
        return resolve(urlsplit(url).path).view_name
    return ""
