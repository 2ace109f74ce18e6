"""Which grants a membership reaches: an organisation's grant does not open it to everyone there."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from workflow.access.models import Capacity
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person

# In a partnership of two authorities the notifiers of one are no partners of the other.
PARTNERS = frozenset({roles.SAFEGUARDING_PARTNER.slug, roles.BUSINESS_UNIT.slug})


def reaches(role: str, capacity: str) -> bool:
    """Whether a holder of a role reaches the cases its organisation was granted so."""
    held = roles.by_slug(role)
    if not held.reads_cases or held.reached != roles.BY_ORGANISATION:
        return False
    return capacity != Capacity.PARTNER or role in PARTNERS


def grants_of(person: Person, on: date) -> Q:
    """The condition on grants that a person reaches on a London date, dates of grants apart."""
    held = person.memberships_on(on)
    as_any = _organisations(held, Capacity.NOTIFYING_AUTHORITY)
    as_partner = _organisations(held, Capacity.PARTNER)
    partner = Q(capacity=Capacity.PARTNER)
    belonging = Q(organisation__in=as_any) & ~partner | Q(organisation__in=as_partner) & partner
    # Whoever is named as somebody of a place sees the case while they are that.
    there = Q(named_at__in=as_any) & ~partner | Q(named_at__in=as_partner) & partner
    return belonging | Q(person=person) & (Q(named_at__isnull=True) | there)


def _organisations(held: Iterable[Membership], capacity: str) -> list[int]:
    return sorted({row.organisation_id for row in held if reaches(row.role, capacity)})
