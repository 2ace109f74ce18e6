"""What holds for every request of somebody signed in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from workflow.signing_in import limits

Responder = Callable[[HttpRequest], HttpResponse]


def session_limits(get_response: Responder) -> Responder:
    """Whoever did nothing for too long, or is signed in for too long, is signed out first."""

    def respond(request: HttpRequest) -> HttpResponse:
        limits.keep_to(request)
        response = get_response(request)
        limits.begin(request)
        return response

    return respond
