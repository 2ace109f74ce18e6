"""Tokens: got with a system's own secret, short, and given back when they are done with."""

import json
from base64 import b64decode
from typing import Any, ClassVar
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from oauth2_provider.views.mixins import OAuthLibMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from workflow.api import guesses, shapes
from workflow.api.base import ApiView
from workflow.api.problems import Wrong, refuse, told
from workflow.api.shapes import NUMBER, TEXT, Shape

FORM = "application/x-www-form-urlencoded"
LONGEST = 4096
REMEDIES = {
    "invalid_client": "Send the system’s client_id and client_secret, as HTTP Basic or in the "
    "body. If it was revoked, an administrator of your authority lets one in again.",
    "unsupported_grant_type": "Send grant_type=client_credentials: there is no other.",
    "invalid_scope": "Ask only for scopes that the system was let in for, or for none.",
}
ELSE = "See the page about the API for what this address takes."
# The field that a refusal of OAuth is about; without one it is what the address needs.
FIELDS = {
    "invalid_client": "client_secret",
    "unauthorized_client": "client_id",
    "unsupported_grant_type": "grant_type",
    "invalid_scope": "scope",
    "unsupported_token_type": "token_type_hint",
}


@method_decorator(sensitive_post_parameters("client_secret", "token"), name="dispatch")
class _OAuth(OAuthLibMixin, ApiView):  # type: ignore[misc]  # The mixin has no types.
    """What both addresses have in common: a short form, from whoever has the secret."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    takes: tuple[str, ...] = ("client_id", "client_secret")
    needs: ClassVar[tuple[str, ...]] = ()
    reads = FORM
    refused = "RefusedByOAuth"

    @classmethod
    def taken(cls) -> Shape:
        """A form of texts."""
        texts = dict.fromkeys(cls.takes, TEXT)
        return {**shapes.whole(**texts), "required": list(cls.needs)}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses what is no form, is too long, or holds what is not asked for."""
        super().initial(request, *args, **kwargs)
        sent = self.sent
        if sent.content_type != FORM:
            wrong = Wrong("header", "Content-Type", f"Only {FORM} is read.", "Send a form.")
            raise refuse(415, "Unsupported media type", wrong)
        if int(sent.META.get("CONTENT_LENGTH") or 0) > LONGEST:
            wrong = Wrong("body", "body", f"It is longer than {LONGEST} bytes.", "Send less.")
            raise refuse(413, "Content too large", wrong)
        if bad := [*self._unreadable(sent), *self._strange(sent), *_twice(sent)]:
            raise refuse(400, "The form can’t be read", *bad)
        guesses.refuse_after_too_many(sent)

    def _strange(self, sent: HttpRequest) -> list[Wrong]:
        remedy = f"Send {', '.join(self.takes)}."
        return [
            Wrong("body", name, "This address does not know it.", remedy)
            for name in sorted(set(sent.POST) - set(self.takes))
        ]

    def _unreadable(self, sent: HttpRequest) -> list[Wrong]:
        """What holds a character that no identifier, secret, scope or token has (RFC 6749, A)."""
        detail, remedy = "It holds a character that it can’t have.", "Send it as you were given it."
        found = [
            Wrong("body", name, detail, remedy)
            for name, text in sorted(sent.POST.items())
            if name in self.takes and not _is_plain(str(text))
        ]
        if not _is_plain(_credentials(sent.headers.get("Authorization", ""))):
            found.append(Wrong("header", "Authorization", detail, remedy))
        return found

    def _answer(self, said: tuple[Any, dict[str, str], str, int]) -> HttpResponseBase:
        _, headers, body, status = said
        if status == 401:
            guesses.count(self.sent)
        if status != 200:
            body = self._with_remedy(body)
        answer = HttpResponse(body, status=status, content_type="application/json")
        for name in ("WWW-Authenticate",):
            if name in headers:
                answer.headers[name] = headers[name]
        return answer

    def _with_remedy(self, body: str) -> str:
        """The refusal in the form of OAuth, with the field, what is wrong and what to do beside."""
        said = json.loads(body)
        error = said.get("error", "")
        remedy = REMEDIES.get(error, ELSE)
        detail = str(said.get("error_description") or "It is missing or wrong.")
        name = FIELDS.get(error, self.needs[0])
        # Whoever said who it is in the header finds the fault there.
        basic = error == "invalid_client" and "Authorization" in self.sent.headers
        wrong = (
            Wrong("header", "Authorization", detail, remedy)
            if basic
            else Wrong("body", name, detail, remedy)
        )
        return json.dumps({**said, "remedy": remedy, "errors": told([wrong])})


class Token(_OAuth):
    """A token for a system, good for a few minutes. The secret may stand in a Basic header."""

    takes = ("grant_type", "client_id", "client_secret", "scope")
    needs = ("grant_type",)
    told = shapes.whole(access_token=TEXT, expires_in=NUMBER, token_type=TEXT, scope=TEXT)

    def post(self, request: Request) -> HttpResponseBase:
        """The token, which is not to be had a second time."""
        return self._answer(self.create_token_response(self.sent))


class Revoke(_OAuth):
    """A token is given back: it opens nothing from then on. One that is not known is no error."""

    takes = ("token", "token_type_hint", "client_id", "client_secret")
    needs = ("token",)

    def post(self, request: Request) -> HttpResponseBase:
        """An empty answer."""
        return self._answer(self.create_revocation_response(self.sent))


def _twice(sent: HttpRequest) -> list[Wrong]:
    return [
        Wrong("body", name, "It is there more than once.", "Send it once.")
        for name, values in sorted(sent.POST.lists())
        if len(values) > 1
    ]


def _is_plain(text: str) -> bool:
    return text.isascii() and (text.isprintable() or not text)


def _credentials(header: str) -> str:
    """What a header says in the end; where that cannot be read, the header itself."""
    _, _, said = header.partition(" ")
    try:
        return unquote_plus(b64decode(said, validate=True).decode("utf-8"))
    except ValueError:
        return header
