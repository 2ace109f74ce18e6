"""What holds for every request of somebody signed in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from workflow.signing_in import factors, limits

Responder = Callable[[HttpRequest], HttpResponse]


def session_limits(get_response: Responder) -> Responder:
    """Whoever did nothing for too long, or is signed in for too long, is signed out first."""

    def respond(request: HttpRequest) -> HttpResponse:
        limits.keep_to(request)
        response = get_response(request)
        limits.begin(request)
        return response

    return respond


# What somebody may open who has yet to set up what their role requires.
_BEFORE = {
    "account_logout",
    "account_reauthenticate",
    "account-stay",
    "brand",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "signed-out",
}
_FOR_EVERYONE = {"accessibility", "cookies", "help", "privacy", "whats-new"}


class SecondFactorFirst:
    """Whoever lacks the second factor that their role requires is led to set it up, no further.

    It stands after the middleware that keeps what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page's own answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The way to the set-up, in the page's place; None where there is nothing to set up."""
        match = request.resolver_match
        if match is None or match.url_name in _BEFORE | _FOR_EVERYONE:
            return None
        owed = factors.owed(request)
        return redirect(owed) if owed else None
