"""Every routed address, as everybody and signed out: our own pages, whole, never a fault, each look
at a case kept once, and nothing in a browser that keeps anybody out.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.test.signals import template_rendered
from playwright.sync_api import Page

from deploy.local import checks
from tests import shown
from tests.story import Cast, Story, a_case, cast, moment, three_stages
from tests.templates.headers import POLICY, SAID, lacking
from tests.templates.looking import NOT_VISITED, Looks, Seen, file_of_this_run
from tests.templates.markup import Markup
from tests.templates.routes import Route, routes
from tests.workflow.audit.looking import last, unaccounted
from workflow.audit.models import Look
from workflow.people import reference

READERS = (
    "ada", "ben", "bea", "lena", "adam", "ira", "sol", "priya", "petra", "dele", "olu", "sam",
)  # fmt: skip
# The two other walks that pages are looked at in, beside each reader's.
NOBODY, AFTER = "nobody", "after something"
Open = Callable[..., Page]
# The many pages of a form are drawn alike for all who may write it.
WRITERS = frozenset({"ada", "bea", "sol"})
NONE_SHOWN = re.compile(r"(?<!“)\bNone\b(?! of| given| known| added| listed)")
# "None" may be an answer to choose, so what is offered is not looked at.
OFFERED = re.compile(r"<(label|option)\b.*?</\1>", re.DOTALL)
ROUTES = routes()
# To a browser an address for programs is closed, whoever is signed in there.
CLOSED = frozenset({401, 405})


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-10", "09:30"), tick=False):
        yield


@pytest.fixture
def everyone(looks: Looks | None, db: None) -> Cast:
    """The cast; the browser comes first, as a connection begun before it is not used after."""
    found = cast()
    reference.load()
    return found


@pytest.fixture
def stories(everyone: Cast) -> list[Story]:
    return every_stage(everyone)


def every_stage(everyone: Cast) -> list[Story]:
    """A draft, a case sent late, one decided, and one that does not go to the Panel."""
    return [
        *three_stages(everyone),
        a_case(
            everyone, aware="2026-12-01", outcome="died", abuse="neither", looked_after=True
        ).notified("2026-12-04"),
    ]


@contextmanager
def no_page_of_a_package() -> Iterator[list[str]]:
    """Collects the templates that Django's own engine drew: it is there for packages alone."""
    drawn: list[str] = []

    def note(sender: Any, template: Any, **rest: Any) -> None:
        drawn.append(str(template.name))

    template_rendered.connect(note)
    try:
        yield drawn
    finally:
        template_rendered.disconnect(note)


def faults(answer: Any) -> list[str]:
    """What is wrong with an answer; empty when it is a whole page, a redirect or a refusal."""
    if answer.status_code >= 500:
        return [f"status {answer.status_code}"]
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.content:
        return []
    page = Markup(answer.content.decode())
    titles, headings = page.all("title"), page.all("h1")
    found = []
    if len(titles) != 1 or len(headings) != 1:
        found.append(f"{len(titles)} titles and {len(headings)} headings")
    elif not titles[0].text.removeprefix("Error: ").startswith(headings[0].text):
        found.append(f"title {titles[0].text!r} is not heading {headings[0].text!r}")
    found += [f"says twice of what: {link.text!r}" for link in page.all("a") if doubled(link.text)]
    rest = Markup(OFFERED.sub("", answer.content.decode())).one("body").text
    if none := NONE_SHOWN.search(rest):
        found.append(f"shows None: {none.string[max(none.start() - 40, 0) : none.end()]!r}")
    return found


def doubled(words: str) -> bool:
    """Whether the words of a link end by saying in brackets what they said already."""
    said = re.fullmatch(r"(.*) \((.+)\)", words)
    return bool(said) and said[2].casefold() in said[1].casefold()  # type: ignore[index]


def asked(route: Route, stories: list[Story], *, writes: bool) -> Iterator[str]:
    """The addresses of a route that one reader opens: of each case, or its only one."""
    if route.of_many_pages and not writes:
        return
    draft, sent, *_ = cases = [story.case.token for story in stories]
    if not route.of_a_case:
        cases = [draft]
    elif route.of_many_pages:
        # A notification is filled in before sending; all else comes after.
        before = route.name.startswith("notifications:") and "amend" not in route.name
        cases = [draft if before else sent]
    for token in cases:
        yield from route.addresses(token)


@pytest.fixture
def looks(request: pytest.FixtureRequest) -> Looks | None:
    """Looks at what nobody in this run saw yet; None where there is no browser.

    The pages are walked without one, too: that nothing was looked at is told by those that need it.
    """
    if checks.browser() is None:
        return None
    open_page: Open = request.getfixturevalue("open_page")
    return Looks(open_page(width=320), Seen(file_of_this_run()))


def left_out(looks: Looks | None, walk: str) -> set[str]:
    """When this is the last of the run's walks: the routes that none of them saw a page of.

    Also those that were seen though it is said that they can't be.
    """
    visited = looks.seen.after(walk, of={*READERS, NOBODY, AFTER}) if looks else None
    if visited is None:
        return set()
    # What begins with "api:" is answered to programs, and draws no page.
    pages = {route.name for route in ROUTES if not route.name.startswith("api:")}
    return (pages - visited) ^ {name for names in NOT_VISITED.values() for name in names}


def walked(
    client: Client,
    stories: list[Story],
    *,
    writes: bool,
    hidden: frozenset[int] = frozenset(),
    looks: Looks | None = None,
) -> dict[str, list[str]]:
    """What is wrong, by address; `hidden` holds the statuses allowed where a page is of a case."""
    wrong: dict[str, list[str]] = {}
    with no_page_of_a_package() as drawn:
        for route in ROUTES:
            of_programs, of_a_case = route.name.startswith("api:"), route.of_a_case
            allowed = CLOSED if of_programs else hidden if of_a_case else frozenset()
            for address in asked(route, stories, writes=writes):
                drawn.clear()
                before = last()
                answer = client.get(address)
                found = faults(answer) + [f"drawn by a package: {n}" for n in drawn]
                found += lacking(answer) + unaccounted(answer, since=before)
                if allowed and answer.status_code not in allowed:
                    found.append(f"answers {answer.status_code}")
                if looks:
                    looks.answered(route.name, client, answer, told=address)
                    found += looks.wrong.pop(address, [])
                if found:
                    wrong[address] = found
    return wrong


@pytest.mark.parametrize("name", READERS)
def test_every_page_is_whole_for(
    name: str, everyone: Cast, stories: list[Story], looks: Looks | None
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(everyone.people[name])
    # Whoever it is may take a list away as a file, too.
    shown.who_it_is(client, everyone.people[name])
    wrong = walked(client, stories, writes=name in WRITERS, looks=looks)
    unseen = left_out(looks, name)
    assert wrong == {}
    kept = Look.objects.values_list("person__name", "case")
    assert {person for person, _ in kept} == {everyone.people[name].name}
    assert len(kept) > 2, f"{name} was shown hardly anything"
    assert unseen == set()


def test_signed_out_every_page_is_whole_and_says_nothing_of_a_case(
    stories: list[Story], looks: Looks | None
) -> None:
    client = Client(raise_request_exception=False)
    hidden = frozenset({302, 404, 405})
    wrong = walked(client, stories, writes=True, hidden=hidden, looks=looks)
    unseen = left_out(looks, NOBODY)
    assert wrong == {}
    assert not Look.objects.exists()
    assert unseen == set()


def test_to_a_stranger_every_page_is_whole_and_every_address_of_a_case_does_not_exist(
    everyone: Cast, stories: list[Story]
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(everyone.cara)
    assert walked(client, stories, writes=True, hidden=frozenset({404, 405})) == {}
    assert not Look.objects.exists()


def test_a_link_that_says_its_card_twice_is_found() -> None:
    assert doubled("Change Child A: name (Child A)")
    assert doubled("Remove Child A (Child A)")
    assert doubled("Change facts (Facts)")
    assert not doubled("Change name (Child A)")
    assert not doubled("Children Act 2004, section 16C(1)")


def test_a_page_of_a_package_a_missing_heading_and_a_none_are_found(db: None) -> None:
    with no_page_of_a_package() as drawn:
        from django.template import engines  # noqa: PLC0415 - only here is that engine asked

        engines["django"].from_string("{{ of_a_package }}").render({})
    assert drawn == ["None"]
    assert faults(HttpResponse("<body><title>A</title></body>")) == ["1 titles and 0 headings"]
    assert faults(HttpResponse("<body><title>A</title><h1>B</h1></body>"))
    assert faults(HttpResponse("<body><title>A</title><h1>A</h1>Due: None</body>"))
    assert faults(HttpResponse("", status=500)) == ["status 500"]
    assert faults(HttpResponse("<body><title>A</title><h1>A</h1>None of these</body>")) == []


def test_a_header_that_is_missing_or_says_too_much_is_found() -> None:
    policy = "; ".join(sorted(POLICY))
    whole = {**SAID, "Content-Security-Policy": policy}
    assert lacking(HttpResponse(headers=whole)) == []
    for name in whole:
        assert lacking(HttpResponse(headers={**whole, name: ""})), name
    for loose in ("script-src 'unsafe-inline'", "img-src data:", "connect-src *"):
        assert lacking(HttpResponse(headers={**SAID, "Content-Security-Policy": policy + loose}))
    open_to_scripts = HttpResponse(headers={**whole, "Cache-Control": "no-store"})
    open_to_scripts.set_cookie("shown", "1", samesite="Lax")
    assert lacking(open_to_scripts) == ["the cookie shown is shown to scripts or to other sites"]
    kept = HttpResponse(headers=whole)
    kept.set_cookie("kept", "1", samesite="Lax", httponly=True)
    assert lacking(kept) == ["may be kept by a browser"]
