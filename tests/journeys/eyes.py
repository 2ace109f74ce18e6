"""What is looked at on every page that a journey reaches: barriers, width, title and raw values."""

import re
from typing import Any

from playwright.sync_api import Page, Route, ViewportSize

from tests.templates.axe import overflow, violations

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 800}
TOKEN = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# A stack, an error's class, a template's or a program's own notation.
RAW = re.compile(r"Traceback|Internal Server Error|\w+Error\b|<\w+ object|\{\{|\{%|&amp;|&#\d")
# "None" is an answer of some lists, so it may stand where an answer stands, or begin a sentence.
READ = """() => {
    const text = document.body.innerText;
    return {
        title: document.title,
        headings: [...document.querySelectorAll('h1')].map(e => e.innerText.trim()),
        text: text,
        nones: [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(
            n => n.nodeType === 3 && /(?<!‘)\\bNone\\b(?! (of|added|given|listed|yet))/.test(n.data)
                && !e.closest('label, dd, option, td, script, style'))).map(e => e.outerHTML),
        addresses: [...document.querySelectorAll('[href],[action]')]
            .map(e => e.getAttribute('href') || e.getAttribute('action'))
            .filter(a => /None|undefined/.test(a)),
    };
}"""


class Eyes:
    """Looks at pages. Barriers and width are looked for once for each kind of page and reader.

    axe needs script, which the visitors' browsers do not run: it looks at the same page, byte for
    byte, in a browser of its own that does. Nothing is asked of the service twice.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: set[tuple[str, str, bool]] = set()
        self.shown = ("", "")
        page.route("**/*", self._answer)

    def look(self, page: Page, reader: str) -> None:
        """Fails, with every fault at once, when the page shows one."""
        faults = faults_read(page)
        shape = TOKEN.sub("TOKEN", page.url.split("/", 3)[3].split("?")[0])
        kind = (reader, re.sub(r"\d+", "N", shape), page.title().startswith("Error"))
        if kind not in self.known:
            faults += self._barriers(page)
            self.known.add(kind)
        assert not faults, (page.url, faults)

    def _barriers(self, page: Page) -> list[str]:
        """What axe finds, and what sticks out sideways, on a desk's screen and on a small phone."""
        self.shown = (page.url, page.content())
        self.page.set_viewport_size(DESK)
        self.page.goto(page.url)
        faults = [f"at 1280 px: {fault}" for fault in violations(self.page)]
        self.page.set_viewport_size(PHONE)
        faults += [f"at 320 px: {fault}" for fault in violations(self.page)]
        return faults + [f"sideways at 320 px: {html}" for html in overflow(self.page)]

    def _answer(self, route: Route) -> None:
        address, html = self.shown
        if route.request.is_navigation_request() and route.request.url == address:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()


def faults_read(page: Page) -> list[str]:
    """A title that does not say the heading, and values that were never put into words."""
    seen: dict[str, Any] = page.evaluate(READ)
    title = str(seen["title"]).removeprefix("Error: ")
    faults = [f"{len(seen['headings'])} headings"] if len(seen["headings"]) != 1 else []
    faults += [f"title {title!r}, heading {one!r}" for one in seen["headings"] if one not in title]
    faults += [f"None in {html}" for html in seen["nones"]]
    faults += [f"address {address}" for address in seen["addresses"]]
    text = str(seen["text"])
    return faults + [f"raw {found[0]!r}" for found in (ISO.search(text), RAW.search(text)) if found]
