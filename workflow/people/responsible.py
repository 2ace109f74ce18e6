"""Who answers for a role today: its holders, or a named senior when nobody holds it."""

from collections.abc import Collection, Iterable
from datetime import date

from workflow.people import roles
from workflow.people.dated import DatedQuerySet
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person

_OF_PEOPLE = tuple(role.slug for role in roles.OF_PEOPLE)


class Fallback(list[Person]):
    """People who answer for a role that nobody holds: marked, so that it is never silent.

    Empty only where the organisation and the operator have nobody at all; `because` says so.
    """

    def __init__(self, people: Iterable[Person], *, role: roles.Role, because: str) -> None:
        super().__init__(people)
        self.role = role
        self.because = because


def responsible_people(
    organisation: Organisation, role: str, on: date, *, but: Collection[int] = ()
) -> list[Person]:
    """Return who answers for a role in an organisation on a London date.

    Its active holders; failing them a `Fallback`: the organisation's named senior, as long as they
    belong there, then the holders of the roles that stand in for it, then anyone in the
    organisation, then the operator's deadline administrators. `but` are the keys of holders who
    may not act this once.
    """
    wanted = roles.by_slug(role)
    everyone = _holders(organisation, (role,), on)
    holders = [person for person in everyone if person.pk not in but]
    if holders:
        return holders
    who = "Nobody else" if everyone else "Nobody"
    nobody = f"{who} holds the role {wanted.title} at {organisation.name}"
    senior = senior_of(organisation, on)
    if senior is not None and senior not in everyone and senior.pk not in but:
        return Fallback([senior], role=wanted, because=f"{nobody}: it passes to the named senior.")
    for stand_in in wanted.stand_ins:
        people = _holders(organisation, (stand_in,), on)
        if people:
            title = roles.by_slug(stand_in).title
            return Fallback(people, role=wanted, because=f"{nobody}: it passes to {title}.")
    return _last_resort(organisation, wanted, on, nobody)


def senior_of(organisation: Organisation, on: date) -> Person | None:
    """The named senior to whom something passes on a day; None where none is, or one left.

    Whoever holds no role there any more, or may not sign in, receives nothing: it passes on as if
    nobody were named.
    """
    if organisation.senior_id is None:
        return None
    held = _held(organisation, _OF_PEOPLE, on).filter(person=organisation.senior_id)
    row = held.select_related("person").first()
    return row.person if row else None


def senior_who_left(organisation: Organisation, on: date) -> Person | None:
    """Who is still named as the senior though nothing passes to them any more; None where nobody.

    Another one must be named. Where nobody is named at all, that was chosen.
    """
    return None if senior_of(organisation, on) else organisation.senior


def who_belongs(organisation: Organisation, on: date) -> list[Person]:
    """The people who hold a role there on a day and can sign in; no system is one."""
    return _holders(organisation, _OF_PEOPLE, on)


def who_gives_roles(organisation: Organisation, on: date) -> list[Person]:
    """Who can give somebody a role in an organisation: its administrators, else the operator's.

    Where there is no operator either, whoever answers for its administrators.
    """
    found = responsible_people(organisation, roles.LA_ADMINISTRATOR.slug, on)
    return (_operators(on) or found) if isinstance(found, Fallback) else found


def _last_resort(organisation: Organisation, wanted: roles.Role, on: date, nobody: str) -> Fallback:
    people = who_belongs(organisation, on)
    if people:
        return Fallback(people, role=wanted, because=f"{nobody}: it passes to its other people.")
    people = _operators(on)
    if people:
        because = f"{nobody}, and nobody else is there: it passes to the deadline administrator."
        return Fallback(people, role=wanted, because=because)
    return Fallback([], role=wanted, because=f"{nobody}, and there is nobody to pass it to.")


def _held(
    organisation: Organisation, slugs: tuple[str, ...], on: date
) -> DatedQuerySet[Membership]:
    held = organisation.memberships.current(on)
    return held.filter(role__in=slugs, person__is_active=True)


def _holders(organisation: Organisation, slugs: tuple[str, ...], on: date) -> list[Person]:
    held = _held(organisation, slugs, on)
    people = {row.person_id: row.person for row in held.select_related("person").order_by("pk")}
    return list(people.values())


def _operators(on: date) -> list[Person]:
    held = Membership.objects.current(on).filter(
        role=roles.DEADLINE_ADMINISTRATOR.slug, person__is_active=True
    )
    people = {row.person_id: row.person for row in held.select_related("person").order_by("pk")}
    return list(people.values())
