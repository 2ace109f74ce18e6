"""Messages as e-mail: the frame is built once, and what all copies of a letter share once for them.

Building an e-mail takes longer than handing it over, and a reminder goes to several people.
"""

from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import SafeMIMEMultipart, utf8_charset_qp

from workflow.outbox.letters import Letter, Message, Note

NEW_LINE = "\r\n"
TEXT, HTML = "the text stands here", "the page stands here"


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
    boundary, frame = _frame()
    if (words.text + words.html).isascii():
        for place, said in ((TEXT, words.text), (HTML, words.html)):
            frame = frame.replace(place, NEW_LINE.join(said.splitlines()))
    else:
        boundary, frame = _built(words, utf8_charset_qp)
    return {"Subject": words.subject, "From": settings.DEFAULT_FROM_EMAIL}, boundary, frame


@lru_cache(maxsize=1)
def _frame() -> tuple[str, str]:
    """What Django makes of plain words, with the places where these stood."""
    return _built(Note("", TEXT, HTML), None)


def _built(words: Letter | Note, encoding: Any) -> tuple[str, str]:
    """The boundary and the body that Django builds; as ASCII, which alone can be put in whole."""
    made = EmailMultiAlternatives(words.subject, words.text)
    made.attach_alternative(words.html, "text/html")
    made.encoding = encoding
    built = made.message()
    lines = built.as_bytes().decode("ascii").splitlines()
    return str(built.get_boundary()), NEW_LINE.join([*lines[lines.index("") + 1 :], ""])
