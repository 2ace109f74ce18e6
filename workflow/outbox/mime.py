"""Messages as e-mail: what is the same in all copies of a letter is built once.

Building it takes longer than handing it over, and a reminder goes to several people in a row.
"""

from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import SafeMIMEMultipart, utf8_charset_qp

from workflow.outbox.letters import Letter, Message, Note

NEW_LINE = b"\r\n"
SHARED = ("Subject", "From")


class Mail(EmailMultiAlternatives):
    """An e-mail that any of Django's backends can send."""

    def __init__(self, message: Message) -> None:
        words = message.words
        own = {"Message-ID": message.name, "Auto-Submitted": "auto-generated"}
        if message.number is not None:
            own["X-Message-Id"] = str(message.number)
        super().__init__(words.subject, words.text, to=message.to, headers=own)
        self.words = words
        if words.html:
            self.attach_alternative(words.html, "text/html")

    def message(self, **how: Any) -> Any:
        """The e-mail: its own headers over the body that all copies share."""
        if not self.words.html:
            return super().message(**how)
        shared, boundary, body = _shared(self.words)
        made = SafeMIMEMultipart("alternative", boundary, encoding="utf-8")
        own = {"To": ", ".join(self.to), "Date": formatdate(), **self.extra_headers}
        for name, value in (shared | own).items():
            made[name] = value
        made.set_payload(body)
        return made


@lru_cache(maxsize=32)
def _shared(words: Letter | Note) -> tuple[dict[str, str], str, str]:
    """What all copies of a letter share: headers, and the body with the boundary of its parts."""
    built = EmailMultiAlternatives(words.subject, words.text)
    built.attach_alternative(words.html, "text/html")
    if not (words.text + words.html).isascii():
        # As ASCII too: a body that is put in whole can be nothing else.
        built.encoding = utf8_charset_qp
    whole = built.message()
    _, _, body = whole.as_bytes().replace(b"\n", NEW_LINE).partition(2 * NEW_LINE)
    headers = {name: str(whole[name]) for name in SHARED}
    return headers, str(whole.get_boundary()), body.decode("ascii")
