"""The first pages by keyboard alone, on the smallest screen: a window of 640 px at 200% zoom."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys.calendar import working_days_ago
from tests.journeys.eyes import PHONE, Eyes
from tests.journeys.visitor import Visitor, parts
from tests.live import LiveService
from tests.story import PASSWORD, Cast
from tests.templates.axe import overflow
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.words import long_date


def aware() -> date:
    """When the authority became aware."""
    return working_days_ago(1)


MOST_TABS = 80
FOCUSED = """() => {
    const e = document.activeElement, box = e.getBoundingClientRect();
    const own = getComputedStyle(e), label = e.labels && e.labels[0];
    const drawn = label && getComputedStyle(label, '::before');
    return {
        words: (label ? label.innerText : e.innerText || '').trim(),
        name: e.name || '',
        marked: [own, drawn].some(s => s && (s.boxShadow !== 'none'
            || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2))),
        inside: box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1
            && box.right <= innerWidth + 1,
    };
}"""


@pytest.fixture
def ada(browser: Browser, live_service: LiveService, eyes: Eyes) -> Iterator[Visitor]:
    """Ada on a small screen, without script and without a mouse."""
    with browser.new_context(
        viewport=PHONE, device_scale_factor=2, java_script_enabled=False
    ) as context:
        yield Visitor("ada", context.new_page(), live_service.url, eyes)


def tabs_to(who: Visitor, words: str = "", *, name: str = "") -> None:
    """Presses Tab until this has the focus; on the way every stop is marked and in sight."""
    for _ in range(MOST_TABS):
        who.page.keyboard.press("Tab")
        stop = who.page.evaluate(FOCUSED)
        assert stop["marked"], (who.path, stop)
        assert stop["inside"], (who.path, stop)
        if (name and stop["name"] == name) or (words and stop["words"] == words):
            return
    pytest.fail(f"Tab does not reach {words or name} on {who.path}")


def presses_enter(who: Visitor) -> None:
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    assert overflow(who.page) == [], who.path


def test_a_notification_is_begun_by_keyboard_alone(ada: Visitor, everyone: Cast) -> None:
    keyboard = ada.page.keyboard
    ada.opens("/")
    keyboard.press("Tab")
    assert ada.page.evaluate(FOCUSED)["words"] == "Skip to main content"
    keyboard.press("Enter")
    tabs_to(ada, "Sign in to start")
    presses_enter(ada)
    for name, typed in (("login", everyone.ada.email), ("password", PASSWORD)):
        tabs_to(ada, name=name)
        keyboard.type(typed)
    presses_enter(ada)
    tabs_to(ada, "Start a notification")
    presses_enter(ada)
    for name, down in (("happened", 2), ("abuse", 1), ("place", 0), ("age", 0)):
        tabs_to(ada, name=name)
        keyboard.press("Space")
        for _ in range(down):
            keyboard.press("ArrowDown")
    tabs_to(ada, "Continue")
    presses_enter(ada)
    assert ada.heading == "You must notify the Panel"
    tabs_to(ada, "Start the notification")
    presses_enter(ada)
    for part, number in zip(("day", "month", "year"), parts(aware()), strict=True):
        tabs_to(ada, name=f"aware_on-{part}")
        keyboard.type(number)
    tabs_to(ada, name="raised_by")
    keyboard.type("Police")
    tabs_to(ada, "Save and continue")
    presses_enter(ada)
    due = duties.NOTIFY_THE_PANEL.due(aware(), COMMITTED)
    assert ada.heading == f"Send by {long_date(due)}"
    ada.sees("Day 0", "Day 5")
    tabs_to(ada, "Continue to the task list")
    presses_enter(ada)
    assert ada.heading == "Notification"
