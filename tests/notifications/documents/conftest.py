"""A notification that was sent, and a browser of each of those whom its documents concern."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.notifications.answers import sent, sign_in
from tests.notifications.documents import clamd, files
from tests.story import Cast
from workflow.models import Case, Person


@pytest.fixture
def notified(draft: Case, everyone: Cast) -> Case:
    """A notification that was sent today."""
    return sent(draft, everyone.ada)


@pytest.fixture
def scanner(settings: Settings) -> Iterator[clamd.Clamd]:
    """A scanner at CLAMD."""
    with clamd.running() as fake:
        settings.CLAMD = fake.address
        yield fake


def attach(
    case: Case,
    person: Person | Client,
    content: bytes | None = None,
    *,
    name: str = "Minutes about Wren Fallowfield.pdf",
    about: str = "Minutes of the strategy meeting",
) -> Any:
    """Somebody attaches a file by the page itself."""
    browser = person if isinstance(person, Client) else sign_in(person)
    file = SimpleUploadedFile(name, files.pdf() if content is None else content)
    said = {"about": about, "file": file}
    return browser.post(reverse("notifications:document-attach", args=[case.token]), said)
