"""Pages of every component in Chromium: no barrier, no sideways scroll, and fit to be printed."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route

from tests.templates import gallery
from tests.templates.axe import overflow, violations
from workflow.forms.account import ChangePasswordForm, SignInForm

ADDRESS = "http://gallery.test"
STATIC = Path(settings.BASE_DIR) / "static"

Open = Callable[..., Page]


def signing_in() -> str:
    context: dict[str, Any] = {"form": SignInForm({}), "csrf_input": gallery.CSRF}
    return render_to_string("account/login.html", context)


def changing_password() -> str:
    context = {"form": ChangePasswordForm(), "csrf_input": gallery.CSRF, "person": gallery.ADA}
    return render_to_string("account/password_change.html", context)


PAGES: dict[str, Callable[[], str]] = {
    "every component": gallery.gallery,
    "empty questions": lambda: gallery.questions(gallery.EveryQuestion()),
    "answered questions": lambda: gallery.questions(gallery.EveryQuestion.refill(gallery.GOOD)),
    "refused questions": lambda: gallery.questions(
        gallery.EveryQuestion(gallery.WRONG, on=gallery.TODAY)
    ),
    "signing in": signing_in,
    "changing a password": changing_password,
    "a banner": lambda: gallery.draw(
        '{% extends "base.html" %}{% set heading = "Home" %}', messages=["The review was sent"]
    ),
    **{
        name: lambda name=name: render_to_string(name)  # type: ignore[misc]
        for name in (
            "404.html",
            "500.html",
            "403_csrf.html",
            "static_pages/accessibility.html",
            "static_pages/cookies.html",
            "static_pages/help.html",
        )
    },
}


def show(page: Page, html: str) -> Page:
    """The page as a server would send it, with its style sheets and its script."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path == "/brand.css":
            route.fulfill(body=":root { --app-brand-colour: #1d4f91; }", content_type="text/css")
        else:
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_wide_and_narrow(open_page: Open, name: str) -> None:
    html = PAGES[name]()
    for width in (1280, 320):
        page = show(open_page(width=width), html)
        assert "govuk-frontend-supported" in (page.get_attribute("body", "class") or "")
        assert violations(page) == [], width
        assert overflow(page) == [], width


@pytest.mark.parametrize("name", ["every component", "refused questions"])
@pytest.mark.parametrize(("width", "text"), [(640, "100%"), (1280, "200%")])
def test_a_page_fits_without_script_at_twice_the_size(
    open_page: Open, name: str, width: int, text: str
) -> None:
    style = f"<style>html {{ font-size: {text}; }}</style></head>"
    page = show(open_page(script=False, width=width), PAGES[name]().replace("</head>", style))
    for part in ("main", ".govuk-error-summary", "form", "table"):
        for found in page.locator(part).all():
            size = found.bounding_box()
            assert size is None or size["x"] + size["width"] <= width, part


def test_errors_take_the_focus_and_lead_to_their_question(open_page: Open) -> None:
    page = show(open_page(), PAGES["refused questions"]())
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name="The child's date of birth must be a real date").click()
    assert page.evaluate("document.activeElement.id") == "born_on-day"
    page.get_by_role("link", name="Select what happened to the child").click()
    assert page.evaluate("document.activeElement.id") == "outcome"


def test_no_tag_wraps_and_no_status_is_cut_off(open_page: Open) -> None:
    page = show(open_page(), PAGES["every component"]())
    for tag in page.locator(".app-stack-table .govuk-tag").all():
        box = tag.bounding_box()
        assert box is not None
        assert box["height"] < 40
        assert box["x"] + box["width"] <= 1280


LONG = "a.person.with.a.long.name@safeguarding.northmoor-and-southfen.example"


def test_a_long_email_address_breaks_and_the_page_does_not(open_page: Open) -> None:
    html = gallery.draw(
        '{% extends "base.html" %}{% set heading = email %}{% block content %}'
        '{% from "components/summaries.html" import summary %}'
        '{% from "components/actions.html" import button, inset %}'
        '<p class="govuk-body">{{ email }} <a class="govuk-link" href="/">{{ email }}</a></p>'
        '{{ summary([{"key": email, "text": email}]) }}{{ inset(email) }}{{ button(email) }}'
        "{% endblock %}",
        email=LONG,
        support_email=LONG,
    )
    page = show(open_page(width=320), html)
    assert page.get_by_text(LONG).count() > 5
    assert overflow(page) == []


def test_rows_become_labels_and_values_on_a_narrow_screen(open_page: Open) -> None:
    narrow = show(open_page(width=320), PAGES["every component"]())
    wide = show(open_page(width=1280), PAGES["every component"]())
    label = ".app-stack-table__label"
    assert narrow.locator(label).first.is_visible()
    assert not wide.locator(label).first.is_visible()


def test_paper_shows_the_content_and_its_marking_and_no_navigation(open_page: Open) -> None:
    page = show(open_page(), PAGES["every component"]())
    footer = page.locator(".app-print-footer")
    assert not footer.is_visible()
    page.emulate_media(media="print")
    assert footer.is_visible()
    assert footer.inner_text() == (
        "OFFICIAL-SENSITIVE. SIN-7K2M-Q9XD-4TVB. Printed by Ada Example on 4 June 2026 at 9:32am."
    )
    for hidden in ("header", "footer", ".app-tabs", ".govuk-pagination", ".govuk-button"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.get_by_role("heading", name="SIN-7K2M-Q9XD-4TVB").is_visible()
    assert page.locator(".app-stack-table").first.is_visible()
