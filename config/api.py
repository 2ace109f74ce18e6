"""What the packages for other systems are told: the REST framework and the OAuth toolkit."""

from typing import Any

from config.environment import Reader

# What a system may be given leave for; each of its tokens holds some of it or all.
SCOPES = {
    "cases.read": "Read cases, their dates and their trail",
    "reference.read": "Read authorities and code lists",
}

_OAUTH: dict[str, Any] = {
    "SCOPES": SCOPES,
    "SCOPES_BACKEND_CLASS": "workflow.api.scopes.OfTheClient",
    # A program's own secret is the only way in: no browser is led anywhere, nothing is renewed.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    # The token is kept as its digest alone.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
}
_REST: dict[str, Any] = {
    # `ApiView` says who may ask; a view that is none is answered to nobody.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "EXCEPTION_HANDLER": "workflow.api.problems.answer_to",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}


def settings(read: Reader) -> dict[str, Any]:
    """Their settings and ours, by name."""
    token_minutes = read.number("API_TOKEN_MINUTES", default=10, least=1)
    return {
        "API_SCOPES": SCOPES,
        "API_REQUESTS_PER_MINUTE": read.number("API_REQUESTS_PER_MINUTE", default=300, least=1),
        "OAUTH2_PROVIDER_APPLICATION_MODEL": "workflow.ApiClient",
        "OAUTH2_PROVIDER": {**_OAUTH, "ACCESS_TOKEN_EXPIRE_SECONDS": token_minutes * 60},
        "REST_FRAMEWORK": _REST,
    }
