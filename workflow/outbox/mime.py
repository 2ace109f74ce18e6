"""Messages as e-mail: what all copies of a letter share is built once, as it goes over the wire.

Building an e-mail takes longer than handing it over, and a reminder goes to several people.
"""

from dataclasses import dataclass
from email.header import Header
from email.policy import compat32
from email.utils import formatdate
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import (
    RFC5322_EMAIL_LINE_LENGTH_LIMIT,
    MIMEMixin,
    SafeMIMEMultipart,
    forbid_multi_line_headers,
    sanitize_address,
    utf8_charset_qp,
)

from workflow.outbox.letters import Letter, Message, Note

NEW_LINE = "\r\n"
WIRE = compat32.clone(linesep=NEW_LINE)
# No longer than this a line of a header is as it was written (RFC 5322 2.1.1).
UNFOLDED = 76
TEXT, HTML = "the text stands here", "the page stands here"
OF_EACH_COPY = ("Subject", "From", "To", "Date", "Message-ID")


@dataclass(frozen=True, slots=True)
class Ready:
    """An e-mail as a session of SMTP takes it: from whom, to whom, and every byte of it."""

    sender: str
    readers: list[str]
    whole: bytes


def mail(message: Message) -> EmailMultiAlternatives:
    """An e-mail that any of Django's backends can send."""
    words = message.words
    made = EmailMultiAlternatives(
        words.subject, words.text, to=message.to, headers=dict(_own(message))
    )
    if words.html:
        made.attach_alternative(words.html, "text/html")
    return made


def ready(message: Message) -> Ready:
    """The same e-mail as it goes over the wire: its own headers before what all copies share."""
    (readers, to), by = _readers(message.to), settings.DEFAULT_FROM_EMAIL
    if isinstance(message.words, Letter):
        own = [_line(*header) for header in (("Date", formatdate()), *_own(message))]
        whole = b"".join([to, *own, _shared(message.words, by)])
    else:
        whole = cast("MIMEMixin", mail(message).message()).as_bytes(linesep=NEW_LINE)
    return Ready(_sender(by), readers, whole)


def _own(message: Message) -> list[tuple[str, str]]:
    own = [("Message-ID", message.name), ("Auto-Submitted", "auto-generated")]
    return [*own, ("X-Message-Id", message.logged_as)] if message.logged_as else own


def _line(name: str, value: str) -> bytes:
    """A header, folded and encoded as Django and Python do it; they refuse a new line in it."""
    line = f"{name}: {value}"
    if len(line) <= UNFOLDED and line.isascii() and line.isprintable():
        return line.encode() + b"\r\n"
    _, checked = forbid_multi_line_headers(name, value, "utf-8")
    if name != "Subject":
        return WIRE.fold_binary(name, checked)
    # Django folds a subject as if no name stood before it, and so one line too far.
    folded = Header(value, header_name=name).encode(linesep=NEW_LINE)
    return f"{name}: {folded}{NEW_LINE}".encode()


# As many as read reminders on one morning: to check an address takes as long as to send to it.
@lru_cache(maxsize=4096)
def _readers(to: tuple[str, ...]) -> tuple[list[str], bytes]:
    """Their addresses as a server is told them, and as a header."""
    return [sanitize_address(one, "utf-8") for one in to], _line("To", ", ".join(to))


@lru_cache(maxsize=1)
def _sender(address: str) -> str:
    return sanitize_address(address, "utf-8")


@lru_cache(maxsize=32)
def _shared(words: Letter, by: str) -> bytes:
    """What all copies of a letter share: headers, and the body with its parts."""
    if _is_plain(words.text) and _is_plain(words.html):
        body = _frame()
        for place, said in ((TEXT, words.text), (HTML, words.html)):
            body = body.replace(place.encode(), NEW_LINE.join(said.splitlines()).encode())
    else:
        body = _built(words, utf8_charset_qp)
    return b"".join([_line("Subject", words.subject), _line("From", by), body])


def _is_plain(text: str) -> bool:
    """Whether it may stand in a message as it is."""
    return text.isascii() and all(
        len(line) <= RFC5322_EMAIL_LINE_LENGTH_LIMIT for line in text.splitlines()
    )


@lru_cache(maxsize=1)
def _frame() -> bytes:
    """What Django makes of plain words, with the places where these stood."""
    return _built(Note("", TEXT, HTML), None)


def _built(words: Letter | Note, encoding: Any) -> bytes:
    """What Django builds, but for the headers that are of each letter or copy; all of it ASCII."""
    made = EmailMultiAlternatives("", words.text, headers={"Message-ID": "", "Date": ""})
    made.attach_alternative(words.html, "text/html")
    made.encoding = encoding
    built = cast("SafeMIMEMultipart", made.message())
    for name in OF_EACH_COPY:
        del built[name]
    return bytes(built.as_bytes(linesep=NEW_LINE))
