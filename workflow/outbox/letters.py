"""What a message says, apart from how it looks: the same words as text and as HTML."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject of at most 78 characters, what happened, what to do and by when, and one link.

    It holds references, acts and dates: never a name, a birth date, a place, the kind of harm or
    a word of what happened.
    """

    subject: str
    parts: tuple[str, ...]
    link: str
    why: str
    items: tuple[str, ...] = ()

    def as_message(self) -> EmailMultiAlternatives:
        """The letter in both forms, to nobody yet."""
        text, html = _written(self)
        message = EmailMultiAlternatives(subject=self.subject, body=text)
        message.attach_alternative(html, "text/html")
        return message


@lru_cache(maxsize=32)
def _written(letter: Letter) -> tuple[str, str]:
    # A reminder goes to several people in a row, each word the same.
    context = {"letter": letter}
    return (
        render_to_string("emails/letter.txt", context),
        render_to_string("emails/letter.html", context),
    )


def address(path: str) -> str:
    """A page's address as it stands in a message."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
