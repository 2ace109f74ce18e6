"""What every page is told besides what its own view says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from workflow import clock
from workflow.access.models import Capacity, Grant
from workflow.access.policy import may
from workflow.health.reading import kept
from workflow.health.words import said
from workflow.people.person import Person
from workflow.signing_in import limits
from workflow.views import keeping
from workflow.views.navigation import navigation


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the head of the page names them."""

    name: str
    organisation: str


def unwell(request: HttpRequest) -> list[str]:
    """What fails in the service, for deadline administrators: as seen in the last minute.

    Only what a process has read already is said, so that no page waits for it.
    """
    person = getattr(request, "user", None)
    reading = kept.held(within=60)
    if reading is None or reading.well or not isinstance(person, Person):
        return []
    match = request.resolver_match
    if match is not None and match.url_name == "status":
        return []
    if not may(person, "look_after.service", on=clock.today()):
        return []
    return [said(sign, at=reading.at).wrong for sign in reading.signs if not sign.well]


def emergency_until(request: HttpRequest) -> datetime | None:
    """Until when the person reads the case of this page in an emergency; None where they do not."""
    person, match = getattr(request, "user", None), request.resolver_match
    token = match.kwargs.get("token") if match else None
    if not token or not isinstance(person, Person):
        return None
    given = Grant.objects.active(clock.today()).filter(
        person=person, capacity=Capacity.EMERGENCY, case__token=token
    )
    return given.values_list("expires_at", flat=True).first()


def page(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person with their organisations, their links, and what the last act left."""
    user = getattr(request, "user", None)
    person = None
    if isinstance(user, Person) or (user is not None and user.is_authenticated):
        memberships = user.memberships_on(clock.today())
        names = dict.fromkeys(membership.organisation.name for membership in memberships)
        person = SignedIn(name=user.name, organisation=", ".join(names))
    return {
        "person": person,
        "messages": get_messages(request),
        "navigation": navigation(request),
        "unwell": unwell(request),
        "emergency_until": emergency_until(request),
        "session_left": limits.left(request),
        "timed_out": f"{reverse('timed-out')}?{urlencode({'next': request.get_full_path()})}",
        **keeping.around(request),
    }
