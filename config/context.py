"""What every page is told besides what its own view says."""

from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest

from workflow import clock
from workflow.people.person import Person
from workflow.views import keeping
from workflow.views.navigation import navigation


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the head of the page names them."""

    name: str
    organisation: str


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
        **keeping.around(request),
    }
