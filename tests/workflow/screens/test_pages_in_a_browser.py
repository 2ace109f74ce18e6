"""The lists and the pages of a case in Chromium: no barrier, and nothing cut off without script."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests import databases
from tests.live import LiveService
from tests.story import PASSWORD, Cast, Story, a_case, cast
from tests.templates.axe import overflow, violations
from workflow import clock
from workflow.reminders.sweeping import sweep

OpenPage = Callable[..., Page]
Stories = tuple[LiveService, Cast, dict[str, Story]]
READERS = {
    "ada": ["/home/", "/queue/?part=waiting", "/queue/?part=closed", "/account/", "{case}"],
    "ben": [
        "{draft}",
        "/looks/",
        "/messages/?part=others",
        "/late/",
        "{case}late/notify-1/1/",
    ],
    "sol": ["/home/", "/queue/?part=overdue&sort=newest", "{case}", "{case}people/"],
    "sam": [
        "/home/",
        "/late/",
        "/late/list/?standing=met-late",
        "/late/list/?standing=known-late",
        "/late/without-a-clock/",
        "/status/",
        "/messages/",
        "/messages/?part=planned",
        "/messages/?part=to-nobody",
        "/messages/?part=others",
        reverse("why-reminder", args=[1]),
        "{case}",
        "{case}timeline/",
        "{case}chronology/",
    ],
    "priya": ["{case}dates/notify-1/1/", "{case}dates/local-review/1/"],
}


@pytest.fixture(scope="module")
def stories(live_service: LiveService) -> Iterator[Stories]:
    """A draft past its date, and a case sent late whose decision is made."""
    today = clock.today()

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    with live_service.data():
        everyone = cast()
        draft = a_case(everyone, aware=ago(20))
        decided = a_case(everyone, aware=ago(60), suspected=ago(55))
        decided.notified(ago(40), late_reason="other").reviewed(ago(25), "yes").answered(ago(5))
        found = a_case(everyone, aware=ago(30)).notified(ago(29))
        found.facts(ago(10), aware_on=today - timedelta(days=60))
        with databases.as_worker(live_service.database):
            sweep()
        yield live_service, everyone, {"draft": draft, "case": decided}


def sign_in(page: Page, service: LiveService, email: str) -> None:
    page.goto(f"{service.url}/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def opened(page: Page, name: str, stories: Stories) -> Iterator[str]:
    """The reader's pages one after the other, each answered in full; yields the address."""
    service, everyone, cases = stories
    page.context.set_default_timeout(15_000)
    with service.data():
        sign_in(page, service, everyone.people[name].email)
    for path in READERS[name]:
        address = path
        for known, story in cases.items():
            address = address.replace(f"{{{known}}}", f"/cases/{story.case.address}/")
        answer = page.goto(f"{service.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        yield address


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", READERS)
def test_every_page_fits_its_window_without_script(
    name: str, width: int, open_page: OpenPage, stories: Stories
) -> None:
    page = open_page(script=False, width=width)
    for address in opened(page, name, stories):
        assert overflow(page) == [], address


def test_what_is_due_has_the_widest_column_and_its_day_one_line(
    open_page: OpenPage, stories: Stories
) -> None:
    page = open_page(script=False, width=1280)
    assert next(opened(page, "ada", stories)) == "/home/"
    widths = page.eval_on_selector_all("thead th", "all => all.map(e => e.offsetWidth)")
    assert widths.index(max(widths)) == 2
    lines = "e => e.getClientRects().length === 1 && e.offsetHeight < 40"
    assert page.eval_on_selector_all(".app-clock__due", f"all => all.every({lines})")


@pytest.mark.parametrize("name", READERS)
def test_no_page_has_a_barrier(name: str, open_page: OpenPage, stories: Stories) -> None:
    page = open_page()
    for address in opened(page, name, stories):
        assert violations(page) == [], address


@pytest.mark.parametrize("path", ["/", "/signed-out/", "/timed-out/"])
def test_the_pages_for_somebody_signed_out_fit_a_phone_and_have_no_barrier(
    path: str, open_page: OpenPage, live_service: LiveService
) -> None:
    page = open_page(width=320)
    page.goto(f"{live_service.url}{path}")
    assert overflow(page) == []
    assert violations(page) == []
