"""What goes over the wire: each copy whole, with headers of its own over the words of all."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from workflow.outbox.letters import Letter, Message
from workflow.outbox.mime import Mail

PLAIN = Letter(
    "Send the notification", ("It is due.",), "http://localhost/cases/1/", "It is yours."
)
OTHER = replace(PLAIN, subject="Due today – send it", parts=("It’s due today.",))


def sent(words: Letter, to: str, name: str) -> EmailMessage:
    raw = Mail(Message((to,), words, name, 7)).message().as_bytes(linesep="\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    read: Any = message_from_bytes(raw, policy=policy.default)
    return read  # type: ignore[no-any-return]


def said(read: EmailMessage, kind: str) -> str:
    part = read.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("words", [PLAIN, OTHER])
def test_a_copy_says_the_words_of_its_letter_as_text_and_as_a_page(words: Letter) -> None:
    read = sent(words, "ada@northmoor.example", "<one@example.org>")
    assert read["Subject"] == words.subject
    assert said(read, "plain").strip() == words.text.strip()
    assert said(read, "html").strip() == words.html.strip()


def test_each_copy_has_its_own_reader_and_name() -> None:
    first = sent(PLAIN, "ada@northmoor.example", "<one@example.org>")
    second = sent(PLAIN, "ben@northmoor.example", "<two@example.org>")
    assert (first["To"], first["Message-ID"]) == ("ada@northmoor.example", "<one@example.org>")
    assert (second["To"], second["Message-ID"]) == ("ben@northmoor.example", "<two@example.org>")
    assert (second["X-Message-Id"], second["Auto-Submitted"]) == ("7", "auto-generated")
    assert said(first, "plain") == said(second, "plain")


def test_letters_in_a_row_do_not_borrow_each_others_words() -> None:
    sent(PLAIN, "ada@northmoor.example", "<one@example.org>")
    other = replace(PLAIN, parts=("It is late.",))
    assert "It is late." in said(sent(other, "ada@northmoor.example", "<two@example.org>"), "plain")
    assert "It is due." in said(sent(PLAIN, "ada@northmoor.example", "<3@example.org>"), "html")


def test_a_reader_with_a_new_line_in_the_address_is_refused() -> None:
    with pytest.raises(ValueError, match="newlines"):
        sent(PLAIN, "ada@northmoor.example\nBcc: someone@else.example", "<one@example.org>")
