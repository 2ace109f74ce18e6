"""Pages for what went wrong: none touches the database, each says what became of the answers."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError
from django.test import Client, RequestFactory
from django.urls import get_callable, get_resolver

from config import errors
from tests.templates.markup import Markup

CASE = "/cases/AAAA-BBBB-CCCC"


@pytest.fixture
def request_() -> HttpRequest:
    return RequestFactory().get(CASE)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_each_refusal_has_a_page(request_: HttpRequest, status: int) -> None:
    handler: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(status)
    response = handler(request_, exception=ValueError("secret SIN-AAAA-BBBB-CCCC"))
    body = response.content.decode()
    assert response.status_code == status
    assert "secret" not in body
    assert "AAAA-BBBB" not in body
    assert "are kept" in Markup(body).one("main").text


def test_a_fault_of_ours_says_whether_answers_were_saved(request_: HttpRequest) -> None:
    response = get_resolver().resolve_error_handler(500)(request_)
    assert response.status_code == 500
    main = Markup(response.content.decode()).one("main").text
    assert "Answers on pages you finished before are saved" in main
    assert "Traceback" not in main


def test_a_page_from_an_expired_session_says_how_to_keep_what_was_typed(
    request_: HttpRequest,
) -> None:
    view = get_callable(settings.CSRF_FAILURE_VIEW)
    response = view(request_, reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "To keep what you typed" in Markup(response.content.decode()).one("main").text


def test_a_closed_service_says_when_to_come_back(request_: HttpRequest) -> None:
    response = errors.unavailable(request_)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"


def test_a_database_that_is_down_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_store: SessionStore) -> None:
        raise OperationalError("connection refused: secret SIN-AAAA-BBBB-CCCC")

    monkeypatch.setattr(SessionStore, "load", down)
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session-from-before"
    response = client.get("/home/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert "AAAA-BBBB" not in response.content.decode()


def test_a_fault_in_the_templates_still_gets_a_sentence(
    request_: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(template: str) -> str:
        raise TemplateSyntaxError(template)

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.server_error(request_)
    assert response.status_code == 500
    assert response.content.decode() == errors.LAST_RESORT
