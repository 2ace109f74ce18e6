"""Where a person's deadlines are, said in a way that an index by authority can answer."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from workflow.access.models import Grant
from workflow.access.reach import grants_of
from workflow.deadlines.models import Deadline
from workflow.people import roles
from workflow.people.person import Person


def places_of(person: Person, *, on: date) -> list[Q]:
    """Conditions on deadlines of which at least one holds for each that the person may see.

    They narrow nothing: `visible_to` alone decides. Each lets the database look where the rows of
    somebody at one authority are, instead of picking them out of everybody's.
    """
    if not _of_authorities_alone(person, on):
        return [Q()]
    own = person.organisation_ids(on)
    given = Grant.objects.active(on).filter(grants_of(person, on)).exclude(authority__in=own)
    return [Q(authority__in=own), Q(case__in=given.values("case"))]


def counted_with(person: Person, *, on: date) -> Q:
    """The condition on deadlines that are counted with somebody's own.

    A date that another authority missed before its case came here is seen on the case, and counted
    where it was missed.
    """
    if not _of_authorities_alone(person, on):
        return Q()
    own = person.organisation_ids(on)
    return Q(authority__in=own) | ~Q(case__authority__in=own)


def _of_authorities_alone(person: Person, on: date) -> bool:
    kinds = {membership.organisation.kind for membership in person.memberships_on(on)}
    return kinds == {roles.AUTHORITY}


def found_in(
    places: list[Q], rows: QuerySet[Deadline, Deadline]
) -> list[QuerySet[Deadline, Deadline]]:
    """The rows in each of these places: together all of them, some perhaps twice."""
    return [rows.filter(place) for place in places]


def keys_of(alternatives: list[QuerySet[Any, Any]], columns: tuple[str, ...], most: int) -> Any:
    """The keys of the first rows of each alternative: each walks an index of its own and stops."""
    first, *rest = [one.order_by(*columns).values("pk")[:most] for one in alternatives]
    return first.union(*rest) if rest else first
