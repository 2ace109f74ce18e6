"""People who send notifications through the service's own pages, and note what they were told.

A browser here is the service's WSGI application, called in this process: signed in beforehand,
with its cookies and its forgery check, but without a network in between.
"""

import fcntl
import os
import signal
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from tests.notifications.answers import BASIS
from tests.prove.servers import Database

PATIENCE = 0.05
FORGERY = "f" * 32
START = "/notifications/new/start/"
# Where each process notes what it was told: set once it is a process of its own.
_note: list[int] = []


@dataclass(frozen=True)
class Browser:
    """A signed-in person's browser."""

    application: WSGIHandler
    session: str

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """The status and where the answer leads to."""
        body = urlencode({**form, "csrfmiddlewaretoken": FORGERY}).encode("ascii")
        cookies = {settings.SESSION_COOKIE_NAME: self.session, "csrftoken": FORGERY}
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "wsgi.input": BytesIO(body),
        }
        setup_testing_defaults(environ)
        answer = self.application(environ, _started)
        answer.close()
        return answer.status_code, answer.get("Location", "")

    def send(self, token: str) -> bool:
        """Presses Send; notes it and returns True when the confirmation was shown."""
        where = {"token": token}
        status, location = self.post(reverse("notifications:send", kwargs=where), {"then": "send"})
        if status == 302 and location == reverse("notifications:sent", kwargs=where):
            acknowledge(token)
            return True
        return False

    def start(self, key: str) -> bool:
        """Presses Start on the form with this key; True when the draft's first page follows."""
        status, location = self.opening(key)
        return status == 302 and location.endswith("/awareness/")

    def opening(self, key: str) -> tuple[int, str]:
        """The status, and where the answer to pressing Start leads to."""
        return self.post(START, {**BASIS, "opening": key})


def _started(*_: Any) -> Any:
    """Nobody reads the answer from here."""


def note_in(book: Path) -> None:
    """From now on this process notes in this book."""
    _note[:] = [os.open(book, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)]


def acknowledge(token: str) -> None:
    """The person has seen that this was sent: one write, so that it is noted whole or not."""
    if _note:
        os.write(_note[0], f"{token}\n".encode("ascii"))


def noted(book: Path) -> list[str]:
    """What was noted in a book."""
    return book.read_text(encoding="ascii").split() if book.exists() else []


@dataclass(frozen=True)
class Clerk:
    """Sends one draft after another off the pile that all clerks share.

    Whoever was killed begins with the draft that was in hand, unless the book says that it is sent.
    """

    browser: Browser
    database: Database
    tokens: list[str]
    folder: Path
    name: str

    @property
    def book(self) -> Path:
        """What this clerk was told had been sent."""
        return self.folder / f"{self.name}.noted"

    def work(self) -> None:
        """Goes on until the pile is done, or for ever."""
        note_in(self.book)
        in_hand = self.book.with_suffix(".taken")
        last, told = noted(in_hand)[-1:], noted(self.book)[-1:]
        if last and last != told:
            self._insist(last[0])
        while (number := self._take()) < len(self.tokens):
            token = self.tokens[number]
            in_hand.write_text(token, encoding="ascii")
            self._insist(token)
        while True:
            signal.pause()

    def _insist(self, token: str) -> None:
        # Nobody who waits for the database keeps it busy with asking.
        while self.database.recovers() or not self.browser.send(token):
            time.sleep(PATIENCE)

    def _take(self) -> int:
        """The next of the pile; who dies with it in the air leaves it unsent, and nobody minds."""
        with (self.folder / "pile").open("a+b", buffering=0) as pile:
            fcntl.lockf(pile, fcntl.LOCK_EX)
            pile.seek(0, os.SEEK_END)
            number = pile.tell()
            pile.write(b".")
            return number
