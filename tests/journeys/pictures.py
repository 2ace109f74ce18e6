"""The pictures of the main screens, drawn by `make pictures` into docs/pictures.

Not a test of its own: it is collected only when it is named.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_draft, a_sent_case, begin_the_review, filled_in
from tests.live import LiveService
from tests.reviews.telling import Told
from tests.story import Cast
from workflow import clock

FOLDER = Path(settings.BASE_DIR) / "docs" / "pictures"
TALLEST = 1400


def drawn(page: Page, name: str) -> None:
    """The top of the page as it now is, as docs/pictures/NAME.png."""
    FOLDER.mkdir(exist_ok=True)
    tall = int(page.evaluate("() => document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": 1280, "height": min(tall, TALLEST)}
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]


@pytest.fixture
def address(everyone: Cast, live_service: LiveService) -> str:
    """Northmoor has cases at every stage; the address of a draft that is ready to be checked."""
    born = clock.today() - timedelta(days=2000)
    with live_service.data():
        for aware, sent in ((3, 1), (12, 9), (30, 26)):
            a_sent_case(
                everyone, aware=working_days_ago(aware), on=working_days_ago(sent), born=born
            )
        for aware in (4, 1):
            draft = a_draft(everyone, opened=working_days_ago(aware))
            filled_in(
                everyone,
                draft,
                aware=working_days_ago(aware),
                on=working_days_ago(aware),
                born=born,
            )
        return f"/cases/{draft.address}/"


@pytest.fixture
def reviewed(everyone: Cast, live_service: LiveService) -> Told:
    """A case whose rapid review is in preparation."""
    born = clock.today() - timedelta(days=900)
    with live_service.data():
        told = a_sent_case(everyone, aware=working_days_ago(9), on=working_days_ago(6), born=born)
        begin_the_review(told, on=working_days_ago(2), leaving=frozenset({"family"}))
        return told


def test_the_main_screens_are_drawn(signed_in: SignedIn, address: str, reviewed: Told) -> None:
    case = f"/cases/{reviewed.case.address}/"
    for who, name, path in (
        ("ada", "home", "/home/"),
        ("ada", "check", f"{address}notification/check/"),
        ("bea", "case", case),
        ("ada", "date", f"{case}dates/rapid-review/1/"),
    ):
        visitor = signed_in(who, script=True)
        visitor.opens(path)
        drawn(visitor.page, name)
