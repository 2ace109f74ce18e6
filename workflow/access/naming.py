"""Who is named to a restricted case, who could be, and naming them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.access.models import Capacity, Grant
from workflow.access.reach import reaches
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

if TYPE_CHECKING:
    from workflow.machine.case import Case

# In which capacity an organisation has a case for its people to be named: those that read it, and
# Ofsted's, which reads its dates.
CAPACITIES = (
    Capacity.NOTIFYING_AUTHORITY,
    Capacity.PARTNER,
    Capacity.PANEL,
    Capacity.DFE,
    Capacity.OFSTED,
    Capacity.OTHER_AREA,
)
# Who is named where a restricted case is received, so that somebody acts on it and names others.
WHO_RECEIVES = {
    Capacity.PANEL: (roles.PANEL_SECRETARIAT.slug, roles.PANEL_CHAIR.slug),
    Capacity.DFE: (roles.DFE_RECEIVER.slug,),
    Capacity.OFSTED: (roles.OFSTED_OBSERVER.slug,),
}
BY_NAME = "Named to the restricted case"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be named: as which organisation's, in which capacity, with which roles."""

    person: Person
    organisation: Organisation
    capacity: str
    roles: tuple[str, ...]


def candidates(case: "Case", *, on: date) -> list[Candidate]:
    """Everybody whose role would show them the case, were it not restricted, and who reads it.

    Somebody of two partners could be named as somebody of each.
    """
    given = Grant.objects.in_force(on).filter(case=case, capacity__in=CAPACITIES)
    places = {
        row.organisation_id: row for row in given.filter(organisation__isnull=False).order_by("pk")
    }
    held = Membership.objects.current(on).filter(organisation__in=places, person__is_active=True)
    found: dict[tuple[int, int], Candidate] = {}
    for row in held.select_related("person", "organisation").order_by("organisation_id", "pk"):
        capacity = places[row.organisation_id].capacity
        if not _may_be_named(row.role, capacity):
            continue
        key = row.person_id, row.organisation_id
        known = found[key].roles if key in found else ()
        found[key] = Candidate(row.person, row.organisation, capacity, (*known, row.role))
    return list(found.values())


def _may_be_named(role: str, capacity: str) -> bool:
    held = roles.by_slug(role)
    reads = held.reads_content or capacity == Capacity.OFSTED
    return reads and not held.of_a_system and reaches(role, capacity)


def named(case: "Case", *, on: date) -> list[Candidate]:
    """Who is named to the case and still belongs where they were named as somebody of."""
    return [one for ones in named_to([case.pk], on=on).values() for one in ones]


def named_to(cases: Iterable[int], *, on: date) -> dict[int, list[Candidate]]:
    """The same of many cases, by their keys."""
    found: dict[int, list[Candidate]] = {key: [] for key in cases}
    given = Grant.objects.active(on).filter(
        case__in=found, named_at__isnull=False, person__is_active=True
    )
    rows = list(given.select_related("person", "named_at").order_by("pk"))
    held: dict[tuple[int, int], list[str]] = {}
    there = Membership.objects.current(on).filter(person__in={row.person_id for row in rows})
    for person, place, role in there.values_list("person_id", "organisation_id", "role"):
        held.setdefault((person, place), []).append(role)
    for row in rows:
        if row.person is None or row.named_at is None:
            continue
        known = held.get((row.person.pk, row.named_at.pk), [])
        reaching = tuple(sorted(role for role in known if reaches(role, row.capacity)))
        if reaching:
            one = Candidate(row.person, row.named_at, row.capacity, reaching)
            found[row.case_id].append(one)
    return found


def name(case: "Case", chosen: Iterable[Candidate], *, by_id: int | None, on: date) -> None:
    """From now on these see the restricted case."""
    Grant.objects.bulk_create(
        Grant(
            case=case,
            authority_id=case.authority_id,
            person=one.person,
            named_at=one.organisation,
            capacity=one.capacity,
            since=on,
            given_by_id=by_id,
            reason=BY_NAME,
        )
        for one in chosen
    )


def name_receivers(
    case: "Case", given: dict[int, str], *, by_id: int | None, on: date
) -> list[Person]:
    """Whoever receives for each body that newly has the restricted case is named; returns them."""
    bodies = Organisation.objects.filter(
        pk__in=[key for key, capacity in given.items() if capacity in WHO_RECEIVES]
    )
    known = {(one.person.pk, one.organisation.pk) for one in named(case, on=on)}
    everybody = {(one.person.pk, one.organisation.pk): one for one in candidates(case, on=on)}
    found: list[Candidate] = []
    for body in bodies:
        capacity = given[body.pk]
        for role in WHO_RECEIVES[Capacity(capacity)]:
            keys = [(person.pk, body.pk) for person in responsible_people(body, role, on)]
            found += [everybody[key] for key in keys if key in everybody.keys() - known]
            known |= set(keys)
    name(case, found, by_id=by_id, on=on)
    return [one.person for one in found]
