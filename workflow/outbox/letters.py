"""What a message says, apart from how it looks or travels: the same words as text and as HTML."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from workflow.machine.token import LENGTH, grouped

# Any token: where it stands in the address of its case, another case's may stand.
_SOME = "2" * LENGTH


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

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return _written(self)[0]

    @property
    def html(self) -> str:
        """The letter as a page."""
        return _written(self)[1]


@dataclass(frozen=True, slots=True)
class Note:
    """Words that are plain text only."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Words to these addresses, under the name that each attempt has. How is up to a transport.

    `logged_as` names its row, as the delivery log does; an alarm has none.
    """

    to: tuple[str, ...]
    words: Letter | Note
    name: str
    logged_as: str = ""


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


def case_address(token: str) -> str:
    """The address of a case's page as it stands in a message."""
    return address(_page_of_some().replace(grouped(_SOME), grouped(token)))


@lru_cache(maxsize=1)
def _page_of_some() -> str:
    # To look an address up takes as long as to write the rest of a reminder.
    return reverse("case", args=[_SOME])
