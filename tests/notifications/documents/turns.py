"""The worker's turns, and what became of a document by them."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from notifications.attached.scanning import scan_due
from notifications.models import AttachedDocument
from tests import databases
from tests.story import moment
from workflow import clock
from workflow.models import Case

START = moment("2026-12-10", "09:30")


def scanned(database: str, *, hours: int = 0, seconds: float = 5) -> int:
    """The worker takes a turn, so many hours later."""
    with databases.as_worker(database), clock.told(START + timedelta(hours=hours)):
        return scan_due(seconds=seconds)


def state() -> str:
    """What became of the only document."""
    return AttachedDocument.objects.get().state


def listed(case: Case, browser: Client) -> str:
    """The page of the case's documents."""
    page = browser.get(reverse("notifications:documents", args=[case.token]))
    return page.content.decode().replace("&#39;", "’")
