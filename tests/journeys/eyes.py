"""What is looked at on every page that a journey reaches: barriers, width, title and raw values."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Page, Route, ViewportSize

from tests.templates.axe import ALLOWED, AXE, overflow

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 800}
TOKEN = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
# What stands for a row in an address.
NAME = re.compile(r"(?<=/)[\w-]{32}(?=/)")
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
            n => n.nodeType === 3 && /(?<!“)\\bNone\\b(?! (of|added|given|listed|yet))/.test(n.data)
                && !e.closest('label, dd, option, td, script, style'))).map(e => e.outerHTML),
        addresses: [...document.querySelectorAll('[href],[action]')]
            .map(e => e.getAttribute('href') || e.getAttribute('action'))
            .filter(a => /None|undefined/.test(a)),
    };
}"""

# Which components, in which states, a page is made of.
MADE_OF = """() => [...new Set([...document.body.querySelectorAll('[class]')].map(
    e => `${e.tagName} ${e.getAttribute('class')} ${e.type || ''}`))]"""
# Slow to look for, and the same wherever a component stands.
BY_COMPONENT = {"color-contrast": {"enabled": False}, "target-size": {"enabled": False}}
AXE_FINDS = """options => axe.run(options).then(result => result.violations.map(
    one => [one.id, one.nodes.map(node => node.html).join()]))"""


class Eyes:
    """Looks at pages. Barriers and width are looked for once for each kind of page and reader,
    contrast and size of targets once for each component.

    axe needs script, which the visitors' browsers do not run: it looks at the same page, byte for
    byte, in a browser of its own that does. Nothing is asked of the service twice.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: set[tuple[str, ...]] = set()
        self.components: set[str] = set()
        self.shown = ("", "")
        self.files: dict[str, APIResponse] = {}
        page.route("**/*", self._answer)

    def look(self, page: Page, reader: str) -> None:
        """Fails, with every fault at once, when the page shows one."""
        faults = faults_read(page)
        title, path = page.title(), urlsplit(page.url).path
        alike = (NAME.sub("N", TOKEN.sub("TOKEN", text)) for text in (path, title))
        kind = (reader, *(re.sub(r"\d+", "N", text) for text in alike))
        made_of = set(page.evaluate(MADE_OF))
        is_new = bool(made_of - self.components)
        # A page with its errors is the page itself and components: a new one is looked at.
        if is_new or (kind not in self.known and not title.startswith("Error: ")):
            faults += self._barriers(page, is_new=is_new)
            self.known.add(kind)
            self.components |= made_of
        assert not faults, (page.url, faults)

    def _barriers(self, page: Page, *, is_new: bool) -> list[str]:
        """What axe finds, and what sticks out sideways, on a desk's screen and on a small phone."""
        self.shown = (page.url, page.content())
        self.page.set_viewport_size(DESK)
        self.page.goto(page.url)
        self.page.evaluate(AXE.read_text())
        faults = self._found({} if is_new else BY_COMPONENT)
        self.page.set_viewport_size(PHONE)
        if is_new:
            faults += self._found({})
        return faults + [f"sideways at 320 px: {html}" for html in overflow(self.page)]

    def _found(self, rules: dict[str, dict[str, bool]]) -> list[str]:
        found = self.page.evaluate(AXE_FINDS, {"rules": rules})
        width = self.page.evaluate("innerWidth")
        return [f"{rule} at {width} px: {html}" for rule, html in found if rule not in ALLOWED]

    def _answer(self, route: Route) -> None:
        address, html = self.shown
        if route.request.is_navigation_request() and route.request.url == address:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            # What the pages share is asked for once: a page that is watched like this has no cache.
            file = self.files.get(route.request.url) or route.fetch()
            self.files[route.request.url] = file
            route.fulfill(response=file)


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
