"""What goes over the wire: each copy whole, with headers of its own over the words of all."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from django.core.mail import BadHeaderError
from django.core.mail.message import SafeMIMEMultipart
from pytest_django import Settings

from tests.workflow.outbox.conftest import Post
from workflow.outbox.letters import Letter, Message, Note
from workflow.outbox.mime import mail, ready
from workflow.outbox.transports import Smtp

PLAIN = Letter(
    "Send the notification", ("It is due.",), "http://localhost/cases/1/", "It is yours."
)
OTHER = replace(PLAIN, subject="Due today – send it", parts=("It’s due today.",))
LONG = replace(PLAIN, subject="Send " + "the rapid review " * 12 + "now")
LONG_OTHER = replace(OTHER, subject="Señal – " + "the rapid review " * 12 + "now")
ONE_LINE = replace(PLAIN, parts=("word " * 400,))
A_DOT = replace(PLAIN, parts=("..", ".", "From here on."))
LETTERS = [PLAIN, OTHER, LONG, LONG_OTHER, ONE_LINE, A_DOT]
NOTES = [Note("A new sign-in", "Somebody signed in."), Note("Ein Konto – für Sie", "Größe\n.\n")]
READERS = [
    ("ada@northmoor.example",),
    tuple(f"somebody.with.a.long.name.{k}@a-long-authority.example" for k in range(6)),
    ("Ada Größe <ada@northmoor.example>",),
    ("ada@größe.example", "ben@northmoor.example"),
]
MOST_IN_A_LINE = 78


def sent(words: Letter | Note, to: str, name: str) -> EmailMessage:
    raw = ready(Message((to,), words, name, "logged")).whole
    assert raw.isascii()
    return read(raw)


def read(raw: bytes) -> EmailMessage:
    assert b"\n" not in raw.replace(b"\r\n", b"")
    found: Any = message_from_bytes(raw, policy=policy.default)
    return found  # type: ignore[no-any-return]


def said(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def said_in(found: EmailMessage) -> list[tuple[str, str]]:
    # Django leaves a space before a subject that it folds at once.
    return sorted((name, str(value).strip()) for name, value in found.items())


@pytest.mark.parametrize("words", LETTERS)
def test_a_copy_says_the_words_of_its_letter_as_text_and_as_a_page(words: Letter) -> None:
    found = sent(words, "ada@northmoor.example", "<one@example.org>")
    assert found["Subject"] == words.subject
    assert said(found, "plain").strip() == words.text.strip()
    assert said(found, "html").strip() == words.html.strip()


def test_each_copy_has_its_own_reader_and_name() -> None:
    first = sent(PLAIN, "ada@northmoor.example", "<one@example.org>")
    second = sent(PLAIN, "ben@northmoor.example", "<two@example.org>")
    assert (first["To"], first["Message-ID"]) == ("ada@northmoor.example", "<one@example.org>")
    assert (second["To"], second["Message-ID"]) == ("ben@northmoor.example", "<two@example.org>")
    assert (second["X-Message-Id"], second["Auto-Submitted"]) == ("logged", "auto-generated")
    assert said(first, "plain") == said(second, "plain")


def test_letters_in_a_row_do_not_borrow_each_others_words() -> None:
    sent(PLAIN, "ada@northmoor.example", "<one@example.org>")
    other = replace(PLAIN, parts=("It is late.",))
    assert "It is late." in said(sent(other, "ada@northmoor.example", "<two@example.org>"), "plain")
    assert "It is due." in said(sent(PLAIN, "ada@northmoor.example", "<3@example.org>"), "html")


@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize("words", [*LETTERS, *NOTES])
@pytest.mark.parametrize("by", ["service@example.org", "Größe – the service <s@example.org>"])
def test_it_has_the_headers_that_django_gives_it(
    words: Letter | Note, to: tuple[str, ...], by: str, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = by
    message = Message(to, words, "<one@example.org>", "logged")
    ours = read(ready(message).whole)
    by_django = read(cast("SafeMIMEMultipart", mail(message).message()).as_bytes(linesep="\r\n"))
    for found in (ours, by_django):
        found.replace_header("Content-Type", found.get_content_type())
        del found["Date"]
        # It stands in its parts; Django gives the whole one that is already in force.
        del found["Content-Transfer-Encoding"]
    assert said_in(ours) == said_in(by_django)


@pytest.mark.parametrize("words", [LONG, LONG_OTHER])
@pytest.mark.parametrize("to", READERS)
def test_long_headers_are_folded(words: Letter, to: tuple[str, ...]) -> None:
    head, _, _ = ready(Message(to, words, "<one@example.org>", "logged")).whole.partition(
        b"\r\n\r\n"
    )
    lines = head.split(b"\r\n")
    assert any(line.startswith(b" ") for line in lines)
    assert max(map(len, lines)) <= MOST_IN_A_LINE


def test_a_reader_with_a_new_line_in_the_address_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid address"):
        sent(PLAIN, "ada@northmoor.example\nBcc: someone@else.example", "<one@example.org>")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_new_line_in_a_header_is_refused(end: str) -> None:
    forged = f"Due{end}Bcc: someone@else.example"
    with pytest.raises(BadHeaderError):
        sent(replace(PLAIN, subject=forged), "ada@northmoor.example", "<one@example.org>")
    with pytest.raises(BadHeaderError):
        sent(PLAIN, "ada@northmoor.example", f"<one@example.org>{end}Bcc: someone@else.example")
    with pytest.raises(BadHeaderError):
        sent(Note(forged, "Words"), "ada@northmoor.example", "<one@example.org>")


@pytest.mark.parametrize("words", [*LETTERS, *NOTES])
def test_a_session_takes_every_byte_and_each_reader(words: Letter | Note, post: Post) -> None:
    message = Message(
        ("ada@größe.example", "ben@northmoor.example"), words, "<one@example.org>", "logged"
    )
    smtp = Smtp()
    for _ in range(2):
        smtp.send(message)
    smtp.close()
    assert [envelope.rcpt_tos for envelope in post.taken] == [
        ["ada@xn--grsse-kua.example", "ben@northmoor.example"]
    ] * 2
    wholes = [*(envelope.original_content or b"" for envelope in post.taken), ready(message).whole]
    assert len({whole.partition(b"\r\n\r\n")[2].rstrip() for whole in wholes}) == 1
