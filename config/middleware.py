"""Small middlewares that hold for every page."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

API = "/api/"
Responder = Callable[[HttpRequest], HttpResponse]

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


def is_for_programs(request: HttpRequest) -> bool:
    """Whether an address is one of those that other systems ask."""
    return request.path_info.startswith(API)


def request_id(get_response: Responder) -> Responder:
    """Every log line written while a request is answered carries the same new identifier."""

    def respond(request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(uuid.uuid4().hex)
        try:
            return get_response(request)
        finally:
            current_request_id.reset(token)

    return respond


def browser_policy(get_response: Responder) -> Responder:
    """The browser gives our pages none of the devices that they never ask for."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return respond


def no_store(get_response: Responder) -> Responder:
    """No browser or proxy keeps a page made for someone with a session, or an answer to a program.

    Nor one that gives its reader a cookie: the form on it is theirs alone. The session cookie is
    looked at, not the user: asking for the user would cost a query.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        of_somebody = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if of_somebody or is_for_programs(request):
            response.headers["Cache-Control"] = "no-store"
        return response

    return respond
