"""Transfers, links, later dates, deferrals and what was kept, in Chromium: no barrier at all."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page

from tests.live import LiveService
from tests.reviews.telling import Told, a_rapid_review
from tests.story import PASSWORD, Story, a_case
from tests.templates.axe import overflow, violations
from workflow import clock

OpenPage = Callable[..., Page]
Stories = tuple[LiveService, Told, Story]
WHY = "It happened on the other side of the river, in the area of the authority named above. " * 3


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@pytest.fixture(scope="module")
def stories(live_service: LiveService) -> Iterator[Stories]:
    """A rapid review with the Panel, not decided yet; and a draft."""
    with live_service.data():
        told = a_rapid_review(notified=in_days(-14).isoformat())
        sent = in_days(-3).isoformat()
        told.filled(sent, "undecided", decide_by=in_days(9).isoformat()).sent(sent)
        told.act(told.rapid_review, "triage", "sol", in_days(-2).isoformat())
        draft = a_case(told.cast, aware=in_days(-1).isoformat())
        yield live_service, told, draft


class Visitor:
    """One person at a browser, on pages that have no barrier and stick out nowhere."""

    def __init__(self, page: Page, service: LiveService, told: Told) -> None:
        self.page, self.service, self.told = page, service, told

    def is_(self, who: str) -> "Visitor":
        self.page.context.clear_cookies()
        self.page.goto(f"{self.service.url}/account/login/")
        self.signs_in(who)
        return self

    def signs_in(self, who: str) -> None:
        self.page.fill("[name=login]", self.told.cast.people[who].email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")

    def opens(self, name: str, story: Story, **more: str | int) -> "Visitor":
        address = reverse(name, kwargs={"token": story.case.token, **more})
        answer = self.page.goto(f"{self.service.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        return self.looks()

    def looks(self) -> "Visitor":
        assert violations(self.page) == [], self.page.url
        assert overflow(self.page) == [], self.page.url
        return self

    def presses(self, words: str) -> "Visitor":
        self.page.click(f"main button:has-text('{words}')")
        return self.looks()

    def types(self, name: str, text: str) -> "Visitor":
        self.page.fill(f"[name={name}]", text)
        return self

    def types_day(self, name: str, day: date) -> "Visitor":
        for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
            self.types(f"{name}-{part}", str(number))
        return self


def a_transfer(visitor: Visitor, draft: Story) -> None:
    visitor.is_("ada").opens("notifications:transfer", draft)
    visitor.presses("Continue").types("reason", WHY)
    visitor.page.select_option("[name=authority]", label="Southfen")
    visitor.presses("Continue")
    assert "Are you sure" in visitor.page.inner_text("h1")
    visitor.presses("Propose the transfer")
    visitor.is_("cara").opens("case", draft).opens("notifications:transfer", draft)
    visitor.presses("Answer")
    visitor.page.check("[name=answer][value=yes]")
    visitor.types_day("aware_on", clock.today()).presses("Answer")
    assert "/due-date/" in visitor.page.url


def what_was_kept(visitor: Visitor, told: Told) -> None:
    visitor.is_("priya").opens("reviews:consider", told).types("notes", WHY)
    with visitor.service.data():
        Session.objects.all().delete()
    visitor.presses("Record the Panel")
    assert "Your answers were kept" in visitor.page.inner_text("h1")
    visitor.page.click("main a:has-text('Sign in to continue')")
    visitor.signs_in("priya")
    visitor.looks()
    assert visitor.page.input_value("[name=notes]") == WHY
    visitor.presses("Clear what was kept").looks()
    assert WHY.strip() in visitor.page.inner_text("main")
    visitor.presses("Clear it for good")
    assert visitor.page.input_value("[name=notes]") == ""


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_barrier_or_is_cut_off(
    stories: Stories, open_page: OpenPage, width: int
) -> None:
    service, told, draft = stories
    visitor = Visitor(open_page(width=width), service, told)
    visitor.is_("sol").opens("link-case", told).presses("Link the cases")
    visitor.opens("agree-later-date", told, duty="panel-response", cycle=1)
    visitor.presses("Agree this later date")
    visitor.types_day("agreed_on", in_days(60)).types("reason", WHY)
    visitor.presses("Agree this later date").opens("case", told)
    visitor.is_("priya").opens("reviews:triage-act", told, act="defer")
    visitor.types_day("meet_on", in_days(20)).types("reason", WHY)
    visitor.presses("Defer it").opens("reviews:consider", told)
    visitor.is_("bea").opens("reviews:confirm", told).presses("Record")
    what_was_kept(visitor, told)
    if width == 320:
        a_transfer(visitor, draft)
