"""The people and places of these tests, made directly in their rooms. All invented."""

from datetime import UTC, date, datetime
from itertools import count

from workflow.models import Case, Membership, Organisation, Person
from workflow.people import roles
from workflow.people.membership import join
from workflow.sealed import keys

SPRING = date(2026, 4, 1)
MORNING = datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
_numbers = count(1)


def an_authority(name: str = "Northmoor") -> Organisation:
    """A local authority that is in no list."""
    return Organisation.objects.create(
        kind=roles.AUTHORITY, name=name, dfe_code=f"T{next(_numbers)}", region="North East"
    )


def an_organisation(kind: str, name: str = "") -> Organisation:
    """An organisation of another kind."""
    return Organisation.objects.create(kind=kind, name=name or dict(roles.KINDS)[kind])


def a_person(name: str) -> Person:
    """Someone who belongs nowhere yet."""
    address = f"{name.lower()}{next(_numbers)}@northmoor.example"
    return Person.objects.create_person(email=address, name=name, joined_at=MORNING)


def someone(
    name: str, role: str, at: Organisation, *, since: date = SPRING, until: date | None = None
) -> Person:
    """Someone with a role in an organisation."""
    person = a_person(name)
    join(person, at, role, on=since, until=until)
    return person


def membership_of(person: Person) -> Membership:
    """The one membership of a person."""
    return Membership.objects.get(person=person)


def a_case(authority: Organisation | None = None) -> Case:
    """A case with a key, seen by nobody yet."""
    return Case.objects.create(
        key_id=keys.create(),
        authority=authority or an_authority(),
        opened_on=SPRING,
        opened_at=MORNING,
    )
