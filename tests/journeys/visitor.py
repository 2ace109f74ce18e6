"""Somebody at a browser, who reads, answers and presses what the page shows by its words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.journeys.eyes import Eyes
from tests.story import PASSWORD

NOT_KNOWN = "Not known yet"
Answer = str | Sequence[str] | date
Said = Mapping[str, Answer]


@dataclass
class Visitor:
    """A person at a browser without script. Every page they reach is looked at."""

    name: str
    page: Page
    service: str
    eyes: Eyes

    def opens(self, path: str, *, status: int = 200) -> None:
        """Types an address."""
        answer = self.page.goto(f"{self.service}{path}")
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        self.looks()

    def presses(self, name: str) -> None:
        """Clicks the one button of that name."""
        with self.page.expect_navigation():
            self.only(self.page.get_by_role("button", name=name, exact=True)).click()
        self.looks()

    def follows(self, name: str) -> None:
        """Follows the one link of that name, by keyboard."""
        with self.page.expect_navigation():
            self.only(self.page.get_by_role("link", name=name, exact=True)).press("Enter")
        self.looks()

    def only(self, found: Locator) -> Locator:
        """The one thing found; fails with what the page says when there is none, or several."""
        assert found.count() == 1, (str(found), found.count(), self.page.url, self.text)
        return found

    def looks(self) -> None:
        """Looks at the page as it now is."""
        self.eyes.look(self.page, self.name)

    def signs_in(self, email: str) -> None:
        """Fills in the sign-in page that is open."""
        self.answers({"Email address": email, "Password": PASSWORD})
        self.presses("Sign in")

    def answers(self, said: Said) -> None:
        """Answers questions by their words: a text, a date, or what is selected."""
        for question, answer in said.items():
            self._answers(question, answer)

    def _answers(self, question: str, answer: Answer) -> None:
        named = re.compile(rf"^\s*{re.escape(question)}( \(optional\))?\s*$")
        group = self.page.get_by_role("group", name=named)
        if isinstance(answer, date):
            for part, number in zip(("Day", "Month", "Year"), parts(answer), strict=True):
                group.get_by_label(part, exact=True).fill(number)
        elif group.count():
            for one in [answer] if isinstance(answer, str) else answer:
                group.get_by_label(one, exact=True).check()
        else:
            self._types(self.only(self.page.get_by_label(named)), str(answer), question)

    def _types(self, box: Locator, answer: str, question: str) -> None:
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=answer)
        elif answer == NOT_KNOWN:
            self.page.get_by_label(f"{NOT_KNOWN}: {question}", exact=True).check()
        else:
            box.fill(answer)

    def knows_nothing(self) -> None:
        """Answers "Not known yet" wherever the page offers it."""
        for box in self.page.locator("input[value=not-known]").all():
            box.check()
        for box in self.page.locator("select:has(option[value=not-known])").all():
            box.select_option("not-known")

    def sees(self, *words: str) -> None:
        """Each of these can be read on the page."""
        text = self.text
        missing = [one for one in words if one not in text]
        assert not missing, (self.page.url, missing, text)

    def does_not_see(self, *words: str) -> None:
        """None of these can be read on the page."""
        text = self.text
        found = [one for one in words if one in text]
        assert not found, (self.page.url, found)

    @property
    def text(self) -> str:
        """The words of the page, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    @property
    def heading(self) -> str:
        """The page's heading."""
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def reference(self) -> str:
        """The reference that the page gives first."""
        found = re.search(r"SIN(-[0-9A-Z]{4}){3}", self.text)
        assert found, (self.page.url, self.text)
        return found[0]

    @property
    def path(self) -> str:
        """The address without the service's own."""
        return urlsplit(self.page.url).path

    @property
    def problems(self) -> list[str]:
        """The lines of the error summary."""
        return self.page.locator(".govuk-error-summary__list li").all_inner_texts()

    def holds(self, question: str) -> str:
        """What stands in the box of a question."""
        named = re.compile(rf"^\s*{re.escape(question)}( \(optional\))?\s*$")
        return self.page.get_by_label(named).input_value()


def parts(day: date) -> tuple[str, str, str]:
    """A date as it is typed in three boxes."""
    return str(day.day), str(day.month), str(day.year)
