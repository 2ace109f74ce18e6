"""Commands in which somebody acts, who says who they are."""

from workflow.management.refusing import Refused
from workflow.people.person import Person


def whoever(email: str | None) -> Person:
    """Who is said to act, by the address they sign in with. Refused when nobody is."""
    found = Person.objects.filter(email=(email or "").strip().lower(), is_active=True).first()
    if found is None:
        raise Refused("Say with --by the e-mail address of somebody who can sign in.")
    return found
