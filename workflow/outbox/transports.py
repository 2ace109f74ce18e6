"""How messages leave: one way to send, one connection for a whole chunk."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException
from typing import Protocol

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend


class UnreachableError(Exception):
    """There is no server to send over: nothing is wrong with the message."""


class NotTakenError(Exception):
    """The server did not take this message, or nobody knows whether it did."""


class Transport(Protocol):
    """Something that takes messages."""

    def send(self, message: EmailMessage) -> str:
        """The message is taken; returns the name under which a receipt may come, or "".

        Raises NotTakenError or UnreachableError, both with a word that names no address.
        """


class Smtp:
    """Django's own mail backend, over one connection that is opened again when it breaks."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def send(self, message: EmailMessage) -> str:
        """As `Transport` says; SMTP gives no receipts."""
        backend = self._opened()
        try:
            backend.send_messages([message])
        except (SMTPException, OSError) as fault:
            self.close()
            raise NotTakenError(type(fault).__name__) from None
        return ""

    def close(self) -> None:
        """The connection is closed, whatever state it is in."""
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (SMTPException, OSError):
                return

    def _opened(self) -> BaseEmailBackend:
        if self._backend is None:
            backend = get_connection()
            try:
                backend.open()
            except (SMTPException, OSError) as fault:
                raise UnreachableError(type(fault).__name__) from None
            self._backend = backend
        return self._backend


@contextmanager
def transport() -> Iterator[Transport]:
    """The way messages leave this service, for as long as there is something to send."""
    post = Smtp()
    try:
        yield post
    finally:
        post.close()
