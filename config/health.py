"""Answers for machines: whether the process lives, whether the service is well, and its figures.

They come before everything else, so that they need no session, no host name and no https: what
asks them is a load balancer or a monitor on the inside. They say nothing of any case.
"""

import hmac
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from workflow.health import metrics
from workflow.health.reading import kept

Responder = Callable[[HttpRequest], HttpResponse]
LOOPBACK = {"127.0.0.1", "::1"}


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return _json({"alive": True}, status=200)


def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part of the service is well, else 503; each part with its figures."""
    reading = kept.newest()
    parts = {sign.name: {"well": sign.well, **sign.figures} for sign in reading.signs}
    found = {"ready": reading.well, "as_at": reading.at, "parts": parts}
    return _json(found, status=200 if reading.well else 503)


def figures(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, for who holds METRICS_TOKEN.

    Where none is set, they are for this machine alone; a request that a proxy brought is not.
    """
    if not _may_see_figures(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.text(kept.newest()), content_type=metrics.CONTENT_TYPE)


def _may_see_figures(request: HttpRequest) -> bool:
    expected: str = settings.METRICS_TOKEN
    if expected:
        said = request.headers.get("Authorization", "")
        return hmac.compare_digest(said.encode(), f"Bearer {expected}".encode())
    brought = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not brought


ANSWERS: dict[str, Responder] = {"/healthz": alive, "/readyz": ready, "/metrics": figures}


def answers(get_response: Responder) -> Responder:
    """The middleware that gives these answers, and passes everything else on."""

    def respond(request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        if answer is None:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = answer(request)
        found.headers["Cache-Control"] = "no-store"
        return found

    return respond


def _json(found: dict[str, object], *, status: int) -> HttpResponse:
    return HttpResponse(
        json.dumps(found, default=str), status=status, content_type="application/json"
    )
