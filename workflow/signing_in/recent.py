"""Whether somebody showed a moment ago that it is they who sit there."""

from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from workflow import clock
from workflow.people.person import Person

RECENT = timedelta(minutes=5)


def showed_lately(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed that it is they, within the last five minutes.

    A sign-in counts as a confirmation: it asked for all that a confirmation would ask for.
    """
    if not isinstance(request.user, Person):
        return False
    earliest = (clock.now() - RECENT).timestamp()
    records = get_authentication_records(request, request.user)
    return any(record["at"] > earliest for record in records[-1:])
