"""What the tests of the outbox can ask for."""

import asyncio
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from pytest_django import Settings


class Post:
    """A mail server that keeps what it takes, and answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer = "250 OK"
        # How long it thinks about each message.
        self.seconds = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """The protocol's own name for the moment a message is handed over."""
        await asyncio.sleep(self.seconds)
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer

    @property
    def messages(self) -> list[Message]:
        """What was taken, read."""
        return [message_from_bytes(envelope.original_content or b"") for envelope in self.taken]


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield post
    server.stop()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
