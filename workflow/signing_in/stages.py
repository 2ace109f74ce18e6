"""The second step of signing in, and when an organisation's own stands for it."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

_SHOWN = "_second_factor_shown_outside"


def was_shown_outside(request: HttpRequest) -> None:
    """For this one request: a provider that enforces a second factor said that it saw one."""
    setattr(request, _SHOWN, True)


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Our own second factor, unless the provider that is trusted with it has seen one just now."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not getattr(request, _SHOWN, False) and bool(super()._should_handle(request))
