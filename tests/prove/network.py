"""People who use the service over real connections, and note what they were told."""

import http.client
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from tests.notifications.answers import PAGES, hidden, when
from tests.prove.filing import FORGERY, Browser, note_in, noted
from tests.story import PASSWORD
from workflow import clock
from workflow.machine.token import TokenConverter

TYPED, EDGE = "application/x-www-form-urlencoded", "invented-edge-9d41"
PATIENCE_SECONDS = 20
THINKS_SECONDS = 0.5
# Where an answer leads to whose session has ended.
SIGNED_OUT = ("/account/login/", "/timed-out/")
# How many calendar days ago an authority became aware: some are late from the beginning.
AWARE_DAYS_AGO = (0, 1, 3, 7, 8, 9, 12, 16)


@dataclass(frozen=True)
class NetworkBrowser(Browser):
    """A person's browser, with a network between it and the service.

    Its session ends as everybody's does. Where an answer leads to signing in, its person signs in
    as people do, and the act counts as not done.
    """

    port: int = 0
    email: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """The status and where the answer leads to; 0 when there was none."""
        status, location, _ = self._ask("POST", path, self._body(form))
        return (0, "") if self._signed_out(location) else (status, location)

    def attach(self, path: str, form: dict[str, str], name: str, content: str) -> int:
        """The status of a form that is sent with a file; 0 when there was none."""
        form = {**form, "csrfmiddlewaretoken": self.cookies.get(settings.CSRF_COOKIE_NAME, FORGERY)}
        parts = [f'name="{one}"\r\n\r\n{said}' for one, said in form.items()]
        parts.append(f'name="file"; filename="{name}"\r\n\r\n{content}')
        between = f"--{EDGE}\r\nContent-Disposition: form-data; "
        body = "".join(f"{between}{part}\r\n" for part in parts) + f"--{EDGE}--\r\n"
        status, location, _ = self._ask("POST", path, body, f"multipart/form-data; boundary={EDGE}")
        return 0 if self._signed_out(location) else status

    def get(self, path: str) -> str:
        """The page; empty when there was none."""
        status, location, page = self._ask("GET", path, None)
        # Asked whatever the status is: who is led away signs in, or is led away for ever.
        signed_out = self._signed_out(location)
        return page if status == 200 and not signed_out else ""

    def _signed_out(self, location: str) -> bool:
        """Whether the answer was that somebody must sign in; then they have tried to."""
        if not location.startswith(SIGNED_OUT):
            return False
        self.sign_in()
        return True

    def sign_in(self) -> None:
        """Gives the address and the password on the page for it."""
        form = {"login": self.email, "password": PASSWORD}
        self._ask("POST", reverse("account_login"), self._body(form))

    def _body(self, form: dict[str, str]) -> str:
        forgery = self.cookies.get(settings.CSRF_COOKIE_NAME, FORGERY)
        return urlencode({**form, "csrfmiddlewaretoken": forgery}, doseq=True)

    def _ask(
        self, method: str, path: str, body: str | None, kind: str = TYPED
    ) -> tuple[int, str, str]:
        cookies = {settings.CSRF_COOKIE_NAME: FORGERY, **self.cookies}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            self._take(answer.headers.get_all("Set-Cookie", []))
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            line.close()

    def _take(self, lines: list[str]) -> None:
        for line in lines:
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value

    def open_case(self, key: str) -> str:
        """Presses Start on the form with this key; the token of the draft, or "" when not told."""
        status, location = self.opening(key)
        parts = location.strip("/").split("/")
        if status != 302 or parts[-1] != "awareness":
            return ""
        return TokenConverter().to_python(parts[1])

    def became_aware(self, token: str, days_ago: int) -> bool:
        """Answers when the authority became aware; True when the date due was shown for it."""
        path = reverse("notifications:page", kwargs={"token": token, "page": "awareness"})
        page = self.get(path)
        if not page:
            return False
        on = clock.today() - timedelta(days=days_ago)
        put_in = {name: hidden(page, name) for name in ("version", "ticket")}
        typed = {**PAGES["awareness"], **when("aware_on", on.isoformat()), "aware_time": ""}
        status, location = self.post(path, {**put_in, **typed})
        shown = reverse("notifications:due", kwargs={"token": token})
        # Of a second try the first may have set the date: what follows then is the next page.
        after = reverse("notifications:page", kwargs={"token": token, "page": "contact"})
        return status == 302 and location in (shown, after)


def browser(email: str, port: int) -> NetworkBrowser:
    """A browser of this person, who has signed in with it."""
    # Its session is among its cookies, and changes.
    made = NetworkBrowser(WSGIHandler(), "", port, email)
    made.sign_in()
    return made


@dataclass(frozen=True)
class Visitor:
    """Sends what is on the pile, and opens a case now and then; insists until told that it is done.

    Three books are kept: what was sent, what was opened, and of what the awareness was answered.
    """

    browser: NetworkBrowser
    tokens: list[str]
    folder: Path
    name: str
    seed: int

    def work(self) -> None:
        """Until the process is ended."""
        dice = random.Random(self.seed)
        note_in(self._book("noted"))
        tokens = list(self.tokens)
        while True:
            if tokens and dice.random() < 0.8:
                token = tokens.pop()
                self._until(lambda token=token: self.browser.send(token))  # type: ignore[misc]
            else:
                self._open(dice.choice(AWARE_DAYS_AGO))
            time.sleep(THINKS_SECONDS * dice.uniform(0.5, 1.5))

    def _open(self, days_ago: int) -> None:
        key = secrets.token_hex(16)
        told: list[str] = []

        def opened() -> bool:
            told[:] = [self.browser.open_case(key)]
            return bool(told[0])

        self._until(opened)
        self._note("opened", told[0])
        self._until(lambda: self.browser.became_aware(told[0], days_ago))
        self._note("aware", told[0])

    def _until(self, done: Callable[[], bool]) -> None:
        while not done():
            time.sleep(THINKS_SECONDS)

    def _note(self, what: str, token: str) -> None:
        with self._book(what).open("a", encoding="ascii") as book:
            book.write(f"{token}\n")

    def _book(self, what: str) -> Path:
        return self.folder / f"{self.name}.{what}"


def told(folder: Path, what: str) -> set[str]:
    """The tokens that any visitor noted."""
    return {token for book in folder.glob(f"*.{what}") for token in noted(book)}


def told_so_far(folder: Path) -> int:
    """How much visitors have noted: it grows whenever one of them is told something."""
    return sum(book.stat().st_size for book in folder.glob("visitor-*"))
