"""What holds for every request of somebody signed in."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from workflow.signing_in import bound, factors, limits
from workflow.signing_in.sealing import CannotOpen

logger = logging.getLogger(__name__)
Responder = Callable[[HttpRequest], HttpResponse]


def session_limits(get_response: Responder) -> Responder:
    """Whoever did nothing for too long, or is signed in for too long, is signed out first.

    So is whoever came in through a provider that does not vouch for all that they are any more.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        limits.keep_to(request)
        if not bound.is_vouched_for(request):
            auth.logout(request)
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

    Whose second factor rests so that it can't be read is told so, and what to do.
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
        try:
            owed = factors.owed(request)
        except CannotOpen as fault:
            return _unreadable(request, fault)
        return redirect(owed) if owed else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What to do about a second factor that can't be read; None for any other fault."""
        return _unreadable(request, exception) if isinstance(exception, CannotOpen) else None


def _unreadable(request: HttpRequest, fault: CannotOpen) -> HttpResponse:
    # Whoever runs the service looks here: a wrong master key shows as many of these at once.
    logger.error("A second factor cannot be opened: %s", fault)
    return render(request, "workflow/factor_unreadable.html", status=503)
