"""How messages leave: one way to send, one connection for a whole chunk."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Protocol

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from workflow import egress
from workflow.outbox.faults import DeferredError, NotTakenError, UnreachableError
from workflow.outbox.letters import Message
from workflow.outbox.mime import mail, ready
from workflow.outbox.notify import SECONDS_FOR_A_ROW, Notify

REFUSED_FOR_GOOD = 500


class Transport(Protocol):
    """Something that takes messages."""

    def send(self, message: Message) -> str:
        """The message is taken; returns the name under which a receipt may come, or "".

        Raises NotTakenError or UnreachableError, both with a word that names no address.
        """


class Smtp:
    """Django's own mail backend, over one connection that is opened again when it breaks."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def send(self, message: Message) -> str:
        """As `Transport` says; SMTP gives no receipts."""
        backend = self._opened()
        try:
            _hand_over(message, backend)
        except (SMTPException, OSError) as fault:
            self.close()
            name = type(fault).__name__
            raise (NotTakenError(name) if _for_good(fault) else DeferredError(name)) from None
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
            backend = egress.Post() if _by_smtp() else get_connection()
            try:
                backend.open()
            except (SMTPException, OSError) as fault:
                raise UnreachableError(type(fault).__name__) from None
            self._backend = backend
        return self._backend


def _by_smtp() -> bool:
    """Whether messages go to a server, and not, as in most tests, into a list."""
    return bool(settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"))


def _hand_over(message: Message, backend: BaseEmailBackend) -> None:
    """The message is taken by the other end of a session of SMTP, or by another backend."""
    session = backend.connection if isinstance(backend, EmailBackend) else None
    if session is None:
        backend.send_messages([mail(message)])
        return
    made = ready(message)
    session.sendmail(made.sender, made.readers, made.whole)


def _for_good(fault: Exception) -> bool:
    """Whether the server said that it will never take this: a reply of 500 or more (RFC 5321)."""
    if isinstance(fault, SMTPRecipientsRefused):
        return any(code >= REFUSED_FOR_GOOD for code, _ in fault.recipients.values())
    return isinstance(fault, SMTPResponseException) and fault.smtp_code >= REFUSED_FOR_GOOD


def by_notify() -> bool:
    """Whether messages leave through GOV.UK Notify."""
    return bool(settings.MAIL_TRANSPORT == "notify")


def longest_wait() -> int:
    """The most seconds that one row can wait for the other end."""
    if by_notify():
        return SECONDS_FOR_A_ROW + 2 * int(settings.NOTIFY_TIMEOUT)
    return int(settings.EMAIL_TIMEOUT)


@contextmanager
def transport() -> Iterator[Transport]:
    """The way messages leave this service, for as long as there is something to send."""
    with closing(Notify() if by_notify() else Smtp()) as post:
        yield post
