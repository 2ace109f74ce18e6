"""Every address that is no case's, in a real browser: no barrier, nothing cut off, errors too.

The addresses are read from the service's own routing, so that a new page joins by itself: it is
looked at for the first of these readers to whom it is shown.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axes.conf import settings as axes_settings
from django.urls import reverse
from playwright.sync_api import Page

from tests.live import LiveService
from tests.story import PASSWORD, Cast, a_case, cast, person
from tests.templates.axe import overflow, violations
from tests.templates.routes import Route, routes
from tests.workflow.signing_in.codes import set_up
from workflow import clock
from workflow.machine import emergencies
from workflow.models import Organisation, Outbox
from workflow.people import managing, reference

OpenPage = Callable[..., Page]
WITH_A_SECOND_STEP = "cara"
# Signed out first: what everybody may read is looked at as everybody sees it.
READERS = ("", "ada", "ben", "adam", "pia", "sam", "sol", WITH_A_SECOND_STEP)
WIDTHS = (1280, 320)
# Files; what is sent and shows no page; and what is there only after a step that no address tells.
NO_PAGES = frozenset(
    {
        *("brand", "breach-csv", "breach-ods", "breach-xlsx", "calendar-feed"),
        "mfa_download_recovery_codes",
        *("account-session-end", "account-sessions-end", "account-stay", "breach-forget"),
        *("breach-saved", "invitation-again", "message-again", "message-close", "person-act"),
        *("notifications:start", "proclaim-check", "proclaim-withdraw"),
        *("account_confirm_login_code", "account_set_password", "dates-moved"),
        *("mfa_authenticate", "why-reminder"),
    }
)
TYPED = "input:not([type=hidden]), textarea, select"


@dataclass
class World:
    """What the addresses are about: where a part of an address is a key, the key of what."""

    service: LiveService
    cast: Cast
    keys: dict[tuple[str, str], object]

    def address(self, route: Route) -> str:
        """The route's address, for the people, the invitation and the emergency of this world."""
        known = {part: self.keys.get((route.name, part)) for part in route.parts}
        others = {part: self.keys.get(("", part), "1") for part in route.parts}
        return reverse(route.name, kwargs={p: known[p] or others[p] for p in route.parts})


@pytest.fixture(scope="module")
def world(live_service: LiveService) -> Iterator[World]:
    with live_service.data():
        everyone = cast()
        reference.load()
        operator = Organisation.objects.get(key="operator")
        everyone.people["pia"] = person("Pia", operator, "privacy_officer")
        now, on = clock.now(), clock.today()
        invited = managing.invite(
            email="nora@northmoor.example",
            name="Nora",
            organisation=everyone.northmoor,
            role="la_notifier",
            since=on,
            by=everyone.adam,
            on=on,
            at=now,
        )
        story = a_case(everyone, aware=on.isoformat()).notified(on.isoformat())
        opened = emergencies.open_in_emergency(
            story.case.label,
            reason="The duty doctor rang: the other authority does not answer tonight.",
            by=everyone.cara,
            on=on,
            at=now,
        )
        keys: dict[tuple[str, str], object] = {
            ("", "place"): everyone.northmoor.pk,
            ("invitation", "secret"): invited.secret,
            ("invitation-again", "key"): invited.pk,
            ("emergency-review", "key"): opened.pk,
            ("why-message", "key"): Outbox.objects.latest("pk").pk,
            ("person", "key"): everyone.ada.pk,
            ("person-role", "key"): everyone.ada.pk,
            ("person-act", "key"): everyone.ada.pk,
            ("account_reset_password_from_key", "uidb36"): "set",
            ("account_reset_password_from_key", "key"): "password",
        }
        yield World(live_service, everyone, keys)


def signed_in(page: Page, world: World, who: str) -> Page:
    page.context.set_default_timeout(30_000)
    if who:
        page.goto(f"{world.service.url}/account/login/")
        page.fill("[name=login]", world.cast.people[who].email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
    return page


def is_shown(page: Page, address: str) -> bool:
    """Whether this reader is answered with a page at that very address; nothing is drawn yet."""
    answer = page.request.get(address, max_redirects=0)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


def faults(page: Page) -> list[str]:
    """What axe finds and what sticks out, on a desk's screen and on a small phone."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {one}" for one in (*violations(page), *overflow(page))]
    return found


def refused(page: Page) -> bool:
    """The page's form was sent empty and came back with its errors; False where it asks nothing."""
    forms = page.locator("main form[method=post]").filter(has=page.locator(TYPED))
    if not forms.count():
        return False
    asked = forms.first
    for box in asked.locator("input[type=text], input[type=email], textarea").all():
        box.fill("")
    asked.locator("button[type=submit]").first.click()
    return page.title().startswith("Error: ")


def test_every_page_and_its_errors_can_be_used(open_page: OpenPage, world: World) -> None:
    left = {route.name: world.address(route) for route in routes() if not route.of_a_case}
    found: dict[str, list[str]] = {}
    errors = set()
    for who in READERS:
        page = signed_in(open_page(), world, who)
        bare = signed_in(open_page(script=False, width=320), world, who)
        if who == WITH_A_SECOND_STEP:
            with world.service.data():
                set_up(world.cast.people[who])
        for name, path in list(left.items()):
            address = f"{world.service.url}{path}"
            if not is_shown(page, address):
                continue
            del left[name]
            page.goto(address)
            found[path] = faults(page)
            bare.goto(address)
            found[f"{path} without script"] = overflow(bare)
            if name not in UNSENT and refused(page):
                errors.add(name)
                found[f"{path} refused"] = faults(page)
                found[f"{path} refused without script"] = (
                    overflow(bare) if refused(bare) else ["not refused"]
                )
    assert {path: one for path, one in found.items() if one} == {}
    assert set(left) == NO_PAGES
    assert errors >= WITH_ERRORS, WITH_ERRORS - errors


# Sending one of these empty is an answer, or ends the session that looks at it.
UNSENT = frozenset({"account-reminders", "start", "account_logout"})
WITH_ERRORS = {"account_login", "account_reset_password", "emergency", "people-invite"}


def test_whoever_is_locked_out_can_use_the_page_that_says_so(
    open_page: OpenPage, world: World
) -> None:
    for script in (True, False):
        page = open_page(script=script, width=320)
        page.goto(f"{world.service.url}/account/login/")
        for number in range(axes_settings.AXES_FAILURE_LIMIT):
            if page.title().startswith("Too many"):
                break
            page.fill("[name=login]", world.cast.cara.email)
            page.fill("[name=password]", f"an invented guess {number}")
            page.click("main button[type=submit]")
            if number == 0 and script:
                assert page.title().startswith("Error: ")
                assert faults(page) == []
        assert re.match("Too many attempts to sign in", page.inner_text("h1"))
        assert (faults(page) if script else overflow(page)) == []
