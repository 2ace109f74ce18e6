"""What a token allows: some of what its system was given leave for, and never more."""

from typing import Any

from oauth2_provider.models import AbstractAccessToken
from oauth2_provider.scopes import SettingsScopes
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from workflow.api.models import ApiClient
from workflow.api.problems import Wrong, refuse


class OfTheClient(SettingsScopes):  # type: ignore[misc]  # The toolkit has no types.
    """For the toolkit: a system may ask for what it was given leave for, and gets that unasked."""

    def get_available_scopes(
        self, application: ApiClient | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What a token of this system may hold."""
        return list(application.may) if application else []

    def get_default_scopes(
        self, application: ApiClient | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What a token holds for which nothing was asked."""
        return self.get_available_scopes(application, request)


class HoldsTheScope(BasePermission):
    """The token holds the scope that the view names; a view that names none is answered to none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True, or the refusal is raised with what to do."""
        scope: str = view.scope  # type: ignore[attr-defined]  # `ApiView` has one
        token = request.auth
        if isinstance(token, AbstractAccessToken) and scope in token.scope.split():
            return True
        raise refuse(
            403,
            "Your token does not allow this",
            Wrong("header", "Authorization", f"The token lacks the scope {scope}.", ASK_FOR),
            headers={
                "WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", '
                f'scope="{scope}"'
            },
        )


ASK_FOR = (
    "Ask for a token with this scope. If it is refused, an administrator of your authority has "
    "to let the system in for it."
)
