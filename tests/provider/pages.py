"""The provider's pages, and the words that it tells wrongly when it is asked to."""

import hashlib
import hmac
import json
import os
from base64 import urlsafe_b64encode
from html import escape
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path, re_path
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.urls import base_urlpatterns, oidc_urlpatterns
from oauth2_provider.views import ConnectDiscoveryInfoView

TROUBLE = Path(os.environ["PROVIDER_FOLDER"]) / "trouble.json"
FORM = """<!doctype html><html lang="en"><title>Who are you?</title><h1>Who are you?</h1>
<form method="post"><label>Name <input name="who"></label><button>Go on</button></form>
<p>{}</p></html>"""


def trouble(about: str) -> dict[str, Any]:
    """What it is asked to tell wrongly about something; nothing, as a rule."""
    found = json.loads(TROUBLE.read_text()) if TROUBLE.exists() else {}
    return dict(found.get(about, {}))


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Signs what it is asked to, with what it is asked to."""

    def finalize_id_token(self, *args: Any) -> str:
        """The toolkit's own token, unless there is trouble."""
        true: str = super().finalize_id_token(*args)
        claims, signed = trouble("claims"), trouble("signed")
        if not claims and not signed:
            return true
        told = jwt.decode(true, options={"verify_signature": False}) | claims
        told = {name: value for name, value in told.items() if value is not None}
        kid = jwt.get_unverified_header(true)["kid"]
        return _signed(told, kid, signed.get("with", "its own key"))


def _signed(told: dict[str, Any], kid: str, how: str) -> str:
    own = str(oauth2_settings.OIDC_RSA_PRIVATE_KEY)
    if how == "nothing":
        return jwt.encode(told, "", algorithm="none", headers={"kid": kid})
    if how == "the client's secret":
        secret = os.environ["PROVIDER_SECRET"]
        return jwt.encode(told, secret, algorithm="HS256", headers={"kid": kid})
    key: Any = own
    if how == "another key":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if how == "its public key as a secret":
        return _with_the_public_key(told, kid, own)
    return jwt.encode(told, key, algorithm="RS256", headers={"kid": kid})


def _with_the_public_key(told: dict[str, Any], kid: str, own: str) -> str:
    # By hand: no library signs so.
    public = serialization.load_pem_private_key(own.encode(), None).public_key()
    text = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "kid": kid, "typ": "JWT"}
    words = b".".join(_written(json.dumps(part).encode()) for part in (header, told))
    signature = hmac.new(text, words, hashlib.sha256).digest()
    return b".".join((words, _written(signature))).decode()


def _written(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


class Discovery(ConnectDiscoveryInfoView):  # type: ignore[misc]
    """The document that tells where everything is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """The toolkit's own, unless there is trouble."""
        true = json.loads(super().get(request, *args, **kwargs).content)
        return JsonResponse(true | trouble("document"))


def who(request: HttpRequest) -> HttpResponse:
    """Whoever somebody says they are is signed in: nobody here has a password."""
    if request.method != "POST":
        return HttpResponse(FORM.format(escape(request.GET.get("next", ""))))
    user, _ = User.objects.get_or_create(username=request.POST["who"])
    # Types are read with the service's own people in mind.
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return HttpResponseRedirect(request.GET["next"])


urlpatterns = [
    path("login/", who),
    re_path(r"^\.well-known/openid-configuration$", Discovery.as_view()),
    path("", include((base_urlpatterns + oidc_urlpatterns, "oauth2_provider"))),
]
