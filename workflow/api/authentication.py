"""Who asks: the account of the system whose token it is, looked up anew for each request."""

from hashlib import sha256

from oauth2_provider.models import AbstractAccessToken, get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from workflow import clock
from workflow.api.problems import Refused, Wrong, refuse
from workflow.people.person import Person

HOW = "Get a token with POST /api/v1/token and send it as “Authorization: Bearer …”."


class ByToken(BaseAuthentication):
    """A token that is in force, of a system that is still let in; there is no other way.

    A session of a browser says nothing here, so nobody's browser can be made to ask.
    """

    def authenticate(self, request: Request) -> tuple[Person, AbstractAccessToken]:
        """The account and the token; otherwise the refusal is raised."""
        kind, _, sent = request.headers.get("Authorization", "").partition(" ")
        if not sent:
            raise _unknown("No token was sent.", "")
        token = _in_force(sent.strip()) if kind.lower() == "bearer" else None
        if token is None:
            said = "The token is not in force: it may have run out or been revoked."
            raise _unknown(said, ', error="invalid_token"')
        account: Person = token.application.account
        return account, token

    def authenticate_header(self, request: Request) -> str:
        """What the framework says to whoever sent nothing."""
        return 'Bearer realm="api"'


def _in_force(sent: str) -> AbstractAccessToken | None:
    known = get_access_token_model().objects.select_related(
        "application__account", "application__organisation"
    )
    token = known.filter(
        token_checksum=sha256(sent.encode()).hexdigest(), expires__gt=clock.now()
    ).first()
    return token if token and token.application.is_usable(None) else None


def _unknown(said: str, error: str) -> Refused:
    return refuse(
        401,
        "Say who you are",
        Wrong("header", "Authorization", said, HOW),
        headers={"WWW-Authenticate": f'Bearer realm="api"{error}'},
    )
