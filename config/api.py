"""What the packages for other systems are told: the REST framework and the OAuth toolkit."""

from typing import Any

# What a system may be given leave for; each of its tokens holds some of it or all. The first are
# given unasked: they show nothing that anyone wrote. A system with one of the others is a filing
# system, which is another role.
READING = {
    "cases.read": "Read cases, their dates and their trail",
    "reference.read": "Read authorities and code lists",
}
FILING = {
    "notifications.read": "Read what was notified, with names",
    "notifications.write": "File, correct and ask to withdraw notifications",
    "rapid_reviews.write": "Put rapid reviews before the partners and send what they signed",
}
SCOPES = {**READING, **FILING}

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


def packages(*, token_minutes: int) -> dict[str, Any]:
    """Their settings, by name."""
    return {
        "OAUTH2_PROVIDER_APPLICATION_MODEL": "workflow.ApiClient",
        "OAUTH2_PROVIDER": {**_OAUTH, "ACCESS_TOKEN_EXPIRE_SECONDS": token_minutes * 60},
        "REST_FRAMEWORK": _REST,
    }
