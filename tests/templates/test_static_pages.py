"""The pages anyone may read."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.templates.markup import Markup
from workflow.views.keeping import COOKIE

PAGES = sorted((Path(settings.BASE_DIR) / "templates" / "static_pages").glob("*.html"))


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_a_page_says_whom_to_ask(page: str) -> None:
    found = Markup(render_to_string(f"static_pages/{page}"))
    assert found.one("h1").text
    assert f"mailto:{settings.SUPPORT_EMAIL}" in {e.attrs["href"] for e in found.all("a")}
    assert found.of_class("govuk-breadcrumbs")


def test_the_help_page_says_the_duties_in_the_words_of_the_law() -> None:
    main = Markup(render_to_string("static_pages/help.html")).one("main").text
    assert "must notify the Child Safeguarding Practice Review Panel" in main
    assert "should be done within 5 working days" in main
    assert "within 15 working days" in main
    assert "999" in main


def test_the_cookies_page_names_the_cookies_that_are_set() -> None:
    main = Markup(render_to_string("static_pages/cookies.html")).one("main").text
    assert settings.SESSION_COOKIE_NAME in main
    assert settings.CSRF_COOKIE_NAME in main
    assert COOKIE in main
    assert f"{settings.SESSION_IDLE_MINUTES} minutes after the last page" in main


def test_what_is_new_is_told_by_version() -> None:
    sections = [{"title": "Law", "points": ["Nothing <b>changed</b>."]}]
    release = {"version": "0.1", "on": date(2026, 11, 22), "sections": sections}
    html = render_to_string("static_pages/whats_new.html", {"releases": [release]})
    main = Markup(html).one("main")
    assert "Version 0.1, 22 November 2026 Law Nothing <b>changed</b>." in main.text
    empty = Markup(render_to_string("static_pages/whats_new.html")).one("main").text
    assert "Nothing has changed yet" in empty
