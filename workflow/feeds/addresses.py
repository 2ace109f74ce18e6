"""Making, finding and revoking the secret address of a person's calendar."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from workflow.feeds.models import CalendarFeed
from workflow.people.person import Person

SECRET_BYTES = 32


@transaction.atomic
def make(person: Person, *, at: datetime) -> str:
    """A new secret, which is shown once and stored nowhere; one made before opens nothing more."""
    # Two tabs at once: the person's row lets one of them wait.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    revoke(person, at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.create(person=person, digest=digest_of(secret), made_at=at)
    return secret


def revoke(person: Person, *, at: datetime) -> bool:
    """The person's address opens nothing any more; whether there was one."""
    standing = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=at))


def in_force(person: Person) -> CalendarFeed | None:
    """The address that opens the person's calendar now, without its secret."""
    return CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).first()


def person_behind(secret: str) -> Person | None:
    """Whose calendar a secret opens; None for one unknown or revoked, or of somebody barred."""
    found = (
        CalendarFeed.objects.filter(
            digest=digest_of(secret), revoked_at__isnull=True, person__is_active=True
        )
        .select_related("person")
        .first()
    )
    return found.person if found else None


def digest_of(secret: str) -> str:
    """What is stored of a secret. It is random, so no key is needed to hide it."""
    return hashlib.sha256(secret.encode()).hexdigest()
