"""Asking an organisation's own provider who somebody is, by OpenID Connect, and what is believed.

The authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636) and RFC 9207. Section
3.1.3.7 of the former says what of an ID token is looked at; all of it is, its signature as well.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.encoding import iri_to_uri

from workflow import clock
from workflow.signing_in.asking import Refused, fetched, published
from workflow.signing_in.providers import Provider

SIGN_IN, CONNECT = "sign-in", "connect"
# What was begun is finished within so much, or begun anew.
LASTS_SECONDS = 600
LEEWAY_SECONDS = 60
# Signatures of keys that the provider publishes: never "none", never one made with a shared secret.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
_BEGUN = "begun_outside"

NOT_BEGUN = "This was not begun in this browser, or more than 10 minutes ago. Sign in again."
NOT_FINISHED = "It was not finished there. Sign in again, or use your email address and password."
NOT_BELIEVED = (
    "What your organisation’s sign-in said could not be believed. Use your email address and "
    "password, and tell your organisation’s administrator."
)
NOT_ANEW = (
    "Your organisation’s sign-in did not ask anew who you are. Sign out there, then connect your "
    "account again. If that does not help, tell your organisation’s administrator."
)
# What follows on words in which no provider answers.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Word:
    """What a provider vouches for: whose account it is there, and whether with a second factor."""

    subject: str
    second_factor: bool
    purpose: str
    come_back: str


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as fault:
        raise Refused(f"unreadable: {type(fault).__name__}", NOT_BELIEVED) from fault


@_refusing()
def begin(request: HttpRequest, provider: Provider, *, purpose: str, come_back: str = "") -> str:
    """The provider's address to lead somebody to; raises Refused when it does not answer."""
    document = _document(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    request.session[_BEGUN] = {
        "provider": provider.name,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "purpose": purpose,
        "come_back": come_back,
        "at": clock.now().timestamp(),
    }
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _way_back(provider),
        # Nothing is asked for that is not needed: no name and no address of anybody.
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if purpose == CONNECT:
        # Whoever sat at this browser before may still be signed in there.
        asked |= {"prompt": "login", "max_age": "0"}
    address = iri_to_uri(document["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


@_refusing()
def finish(request: HttpRequest, provider: Provider) -> Word:
    """What the provider says of whoever it sent back; raises Refused for all that is not right.

    What was begun can be finished once.
    """
    begun, told = request.session.pop(_BEGUN, None), request.GET
    if not begun or begun["provider"] != provider.name:
        raise Refused("not begun", NOT_BEGUN)
    if not constant_time_compare(begun["state"], told.get("state", "")):
        raise Refused("state", NOT_BEGUN)
    if clock.now().timestamp() > begun["at"] + LASTS_SECONDS:
        raise Refused("too late", NOT_BEGUN)
    if told.get("iss", provider.issuer) != provider.issuer:
        raise Refused("issuer", NOT_BELIEVED)
    if not told.get("code"):
        raise Refused("not finished", NOT_FINISHED)
    claims = _claims(provider, told["code"], begun)
    if begun["purpose"] == CONNECT and not _was_asked_anew(claims, begun["at"]):
        raise Refused("not asked anew", NOT_ANEW)
    methods = claims.get("amr")
    shown = isinstance(methods, list) and "mfa" in methods
    return Word(
        subject=hashlib.sha256(f"{provider.issuer}\n{claims['sub']}".encode()).hexdigest(),
        second_factor=provider.enforces_second_factor and shown,
        purpose=begun["purpose"],
        come_back=begun["come_back"],
    )


def _was_asked_anew(claims: dict[str, Any], since: float) -> bool:
    # Asked with max_age a provider must tell when somebody last showed there who they are.
    told, now = claims.get("auth_time"), clock.now().timestamp()
    if not isinstance(told, int | float) or isinstance(told, bool):
        return False
    return since - LEEWAY_SECONDS <= told <= now + LEEWAY_SECONDS


def _way_back(provider: Provider) -> str:
    path = reverse("sign-in-back", kwargs={"name": provider.name})
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _document(provider: Provider) -> dict[str, Any]:
    url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = published(provider, url)
    if found.get("issuer") != provider.issuer:
        raise Refused("document of another issuer", NOT_BELIEVED)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not provider.may_be_asked_at(found.get(name)):
            raise Refused(f"{name} elsewhere", NOT_BELIEVED)
    return found


def _claims(provider: Provider, code: str, begun: dict[str, Any]) -> dict[str, Any]:
    document = _document(provider)
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _way_back(provider),
        "code_verifier": begun["verifier"],
    }
    usual = ["client_secret_basic"]
    methods = document.get("token_endpoint_auth_methods_supported", usual)
    basic = "client_secret_basic" in methods
    if not basic:
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    answer = fetched(provider, document["token_endpoint"], sent, basic=basic)
    try:
        claims = _verified(provider, document, str(answer["id_token"]))
    except (jwt.PyJWTError, AttributeError, LookupError, TypeError, ValueError) as fault:
        raise Refused(f"token: {type(fault).__name__}", NOT_BELIEVED) from fault
    if not constant_time_compare(begun["nonce"], str(claims["nonce"])):
        raise Refused("nonce", NOT_BELIEVED)
    return claims


def _keys(provider: Provider, document: dict[str, Any], *, anew: bool = False) -> list[jwt.PyJWK]:
    return jwt.PyJWKSet.from_dict(published(provider, document["jwks_uri"], anew=anew)).keys


def _verified(provider: Provider, document: dict[str, Any], token: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError
    kid = header.get("kid")
    keys = _keys(provider, document)
    if all(one.key_id != kid for one in keys):
        # It may sign with a new one since.
        keys = _keys(provider, document, anew=True)
    (key,) = [one for one in keys if one.key_id == kid or len(keys) == 1]
    claims: dict[str, Any] = jwt.decode(
        token,
        key=key.key,
        algorithms=[header["alg"]],
        audience=provider.client_id,
        issuer=provider.issuer,
        leeway=LEEWAY_SECONDS,
        options={"require": REQUIRED},
    )
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise jwt.InvalidAudienceError
    if not claims["sub"].strip():
        raise jwt.InvalidTokenError
    return claims
