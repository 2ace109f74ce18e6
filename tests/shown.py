"""What signing in by the page leaves in a session, for browsers that came in another way."""

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from django.test import Client

from workflow import clock
from workflow.models import Person


def who_it_is(client: Client, person: Person) -> None:
    """The browser's person has just shown that it is they, as by their password."""
    session = client.session
    session[METHODS] = [{"method": "password", "at": clock.now().timestamp()}]
    session[WHOSE] = str(person.pk)
    session.save()
