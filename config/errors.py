"""Pages for what went wrong. None of them names a case."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string

from config.middleware import is_for_programs
from workflow.api import problems
from workflow.views import keeping

log = logging.getLogger(__name__)

# Shown when the templates themselves can't be drawn.
LAST_RESORT = "Sorry, there is a problem with the service. Try again later."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that could not be understood."""
    if is_for_programs(request):
        return problems.bad_request()
    return _page("400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for something that the person's role does not allow."""
    return _page("403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere, or nowhere for this person."""
    if is_for_programs(request):
        return problems.not_found()
    return _page("404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was sent from an expired or a foreign page.

    What was typed on a page of a case is kept for its person first: that alone asks the database.
    """
    return keeping.instead_of_refusal(request) or _page("403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it appears whatever else is broken.

    A database that cannot be reached is no fault in the code: the service is away for a while.
    """
    try:
        if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
            return unavailable(request)
        if is_for_programs(request):
            return problems.failed()
        return _page("500.html", status=500)
    except Exception:
        log.exception("the page for a server error could not be drawn")
        return HttpResponseServerError(LAST_RESORT, content_type="text/plain; charset=utf-8")


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page for a service that is closed or whose database is down."""
    if is_for_programs(request):
        return problems.unavailable()
    response = _page("503.html", status=503)
    response.headers["Retry-After"] = "120"
    return response


def _page(template: str, *, status: int) -> HttpResponse:
    # Without the request no context processor asks who is signed in.
    return HttpResponse(render_to_string(template), status=status)
