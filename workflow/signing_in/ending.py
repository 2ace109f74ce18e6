"""Ending sessions: one, all others, or all; each is dead at its next request."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal.sessionkit import get_session_user
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F
from django.http import HttpRequest

from workflow.people.person import Person

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A session as its person sees it: with what, from which network, since when."""

    key: int
    device: str
    network: str
    since: datetime
    here: bool


def places(request: HttpRequest, person: Person) -> list[Place]:
    """Where a person is signed in now, this session first."""
    found = [
        Place(
            key=row.pk,
            device=device(row.user_agent),
            network=row.ip,
            since=row.created_at,
            here=row.session_key == request.session.session_key,
        )
        for row in UserSession.objects.filter(user=person).order_by("-created_at")
        if _lives(row)
    ]
    return sorted(found, key=lambda place: not place.here)


def _lives(row: UserSession) -> bool:
    return bool(row.exists() and get_session_user(SessionStore(row.session_key)))


def end_one(person: Person, key: int) -> bool:
    """One of the person's own sessions is over; False when they have none of this key."""
    row = UserSession.objects.filter(user=person, pk=key).first()
    if row is not None:
        row.end()
    return row is not None


def end_elsewhere(request: HttpRequest, person: Person) -> None:
    """Every session of the person is over but the one that asks."""
    _next_edition(person)
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)
    for row in UserSession.objects.filter(user=person):
        if row.session_key != request.session.session_key:
            row.end()


def end_everywhere(person: Person) -> None:
    """Every session of the person is over, whoever asks and wherever it is kept."""
    _next_edition(person)
    for row in UserSession.objects.filter(user=person):
        row.end()


def _next_edition(person: Person) -> None:
    # A session is bound to the edition it began in, so that none survives that nobody listed.
    Person.objects.filter(pk=person.pk).update(sign_in_edition=F("sign_in_edition") + 1)
    person.refresh_from_db(fields=["sign_in_edition"])


def device(user_agent: str) -> str:
    """A browser and its system in words, as far as they say what they are."""
    browser = next((name for mark, name in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser or "A browser", system) if part)
