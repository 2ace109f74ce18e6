"""Browsers that somebody has signed in with before: told apart by a signed cookie."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from workflow.people.person import Person

COOKIE = "known_here"
LASTS_SECONDS = 365 * 24 * 3600
MOST = 20


def is_known(request: HttpRequest, person: Person) -> bool:
    """Whether the person has signed in with this browser before."""
    return person.pk in _known(request)


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """The browser is known for this person from now on."""
    keys = [person.pk, *(key for key in _known(request) if key != person.pk)]
    response.set_cookie(
        COOKIE,
        signing.dumps(keys[:MOST], salt=COOKIE),
        max_age=LASTS_SECONDS,
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[int]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return []
    return list(found)
