"""How long somebody stays signed in: while they do something, and never past a working day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest

from workflow import clock
from workflow.people import roles
from workflow.people.person import Person

WARN_BEFORE = timedelta(minutes=5)
_BEGAN, _SEEN = "signed_in_at", "seen_at"
PANEL = frozenset(role.slug for role in roles.ALL if role.kinds == {roles.PANEL})


@dataclass(frozen=True, slots=True)
class Left:
    """How many seconds a page may stay open: without a word from its reader, and at all."""

    idle: int
    longest: int
    warn: int


def idle_limit(person: Person) -> timedelta:
    """How long a person may do nothing; shorter for whoever reads cases of every authority."""
    minutes: int = settings.SESSION_IDLE_MINUTES
    if person.roles_on(clock.today()) & PANEL:
        minutes = min(minutes, settings.SESSION_IDLE_MINUTES_PANEL)
    return timedelta(minutes=minutes)


def _least_idle() -> timedelta:
    return timedelta(
        minutes=min(settings.SESSION_IDLE_MINUTES, settings.SESSION_IDLE_MINUTES_PANEL)
    )


def longest() -> timedelta:
    """How long a session lasts, whatever is done in it."""
    return timedelta(hours=settings.SESSION_LONGEST_HOURS)


def keep_to(request: HttpRequest) -> None:
    """The person of a request is signed out if their time is up; otherwise it is noted anew."""
    person = request.user
    if not isinstance(person, Person):
        return
    at = clock.now()
    began = _instant(request, _BEGAN) or at
    seen = _instant(request, _SEEN) or at
    # Roles are read only where they could matter: nobody is signed out sooner than the least.
    idle = at >= seen + _least_idle() and at >= seen + idle_limit(person)
    if idle or at >= began + longest():
        auth.logout(request)
        return
    request.session[_BEGAN] = began.timestamp()
    request.session[_SEEN] = at.timestamp()


def begin(request: HttpRequest) -> None:
    """The time of whoever has just signed in runs from now on, whichever way they came in."""
    signed_in = isinstance(request.user, Person) and auth.SESSION_KEY in request.session
    if signed_in and _BEGAN not in request.session:
        request.session[_BEGAN] = request.session[_SEEN] = clock.now().timestamp()


def left(request: HttpRequest) -> Left | None:
    """What a page tells its script; None for somebody signed out."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return None
    at = clock.now()
    end = (_instant(request, _BEGAN) or at) + longest()
    return Left(
        idle=round(idle_limit(person).total_seconds()),
        longest=max(0, round((end - at).total_seconds())),
        warn=round(WARN_BEFORE.total_seconds()),
    )


def _instant(request: HttpRequest, name: str) -> datetime | None:
    stored = request.session.get(name)
    return datetime.fromtimestamp(stored, UTC) if stored is not None else None
