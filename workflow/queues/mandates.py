"""For which roles a person answers today: those they hold, and those that pass to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from workflow.machine.acts import Stage
from workflow.machine.authors import written_by
from workflow.machine.case import Case
from workflow.machine.case_transfer import CaseTransfer, TransferState
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import AUTHORITY, NotificationState
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import ReviewKind
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import PARTNER, waits_to_be_signed_by
from workflow.machine.turn import (
    APPROVER,
    DFE_RECEIVER,
    PENDING,
    SECRETARIAT,
    Stand,
    Turn,
    is_approval,
    stand_of,
)
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people

Machine = type[NotificationProcess] | type[RapidReview] | type[PracticeReview]
MACHINES: tuple[Machine, ...] = (NotificationProcess, RapidReview, PracticeReview)
# How it is asked whether a machine of a case stands in one of some states.
Stands = Callable[..., Q]

# The answer of `law.routes` to "does it go to the Panel?", asked of many cases at once.
GOES_TO_THE_PANEL = Q(
    Q(under_18=True)
    | Q(under_18__isnull=True, looked_after=True)
    | (Q(under_18__isnull=True) & ~Q(care_leaver=True) & ~Q(under_25=False)),
    abuse__in=["known", "suspected"],
    place__in=["in_area", "outside_england"],
)


@dataclass(frozen=True)
class Mandates:
    """The roles a person answers for, each with the organisations in which they do.

    `sole` are the approvers of organisations in which it passes to the person to see to the
    approval of what all of these wrote.
    """

    person: int
    held: dict[str, frozenset[int]]
    sole: dict[int, frozenset[int]]

    @property
    def roles(self) -> frozenset[str]:
        """The slugs of the roles."""
        return frozenset(self.held)

    def includes(self, role: str, case: Case, stands: Iterable[Stand]) -> bool:
        """Whether a turn of this role is this person's; `stands` are the machines that wait.

        Nobody is asked to approve what they wrote themselves.
        """
        stands = list(stands)
        if role == APPROVER and all(is_approval(stand) for stand in stands):
            authors, approvers = case.notification.authors, self.sole.get(case.authority_id)
            if approvers and approvers <= authors:
                return True
            if self.person in authors:
                return False
        if role not in self.held:
            return False
        return not _at_the_authority(role) or case.authority_id in self.held[role]

    def has(self, turn: Turn) -> bool:
        """Whether a turn is this person's; of partners each signs for its own organisation."""
        if turn.role.slug == PARTNER:
            return turn.organisation.pk in self.held.get(PARTNER, ())
        stand = () if turn.pending else (stand_of(turn.subject),)
        return self.includes(turn.role.slug, turn.subject.case, stand)


def mandates_of(person: Person, *, on: date) -> Mandates:
    """What a person answers for on a London date.

    A role that nobody holds in one of their organisations counts when it passes to them.
    """
    held: dict[str, set[int]] = {}
    organisations = {}
    for membership in person.memberships_on(on):
        held.setdefault(membership.role, set()).add(membership.organisation_id)
        organisations[membership.organisation_id] = membership.organisation
    there = (
        Membership.objects.current(on)
        .filter(organisation__in=organisations, person__is_active=True)
        .values_list("organisation_id", "role", "person_id")
    )
    taken: dict[tuple[int, str], set[int]] = {}
    for organisation_id, role, holder in there:
        taken.setdefault((organisation_id, role), set()).add(holder)
    for organisation in organisations.values():
        for role in _roles_of_turns(organisation.kind):
            if (organisation.pk, role) in taken:
                continue
            if person in responsible_people(organisation, role, on):
                held.setdefault(role, set()).add(organisation.pk)
    sole = {
        organisation.pk: frozenset(approvers)
        for organisation in organisations.values()
        if (approvers := taken.get((organisation.pk, APPROVER)))
        and _sees_to_approval(person, organisation, approvers, on=on)
    }
    places = {role: frozenset(found) for role, found in held.items()}
    return Mandates(person.pk, places, sole)


def _sees_to_approval(
    person: Person, organisation: Organisation, approvers: set[int], *, on: date
) -> bool:
    """Whether what all approvers of an authority wrote passes to this person, to be approved."""
    held = {m.role for m in person.memberships_on(on) if m.organisation_id == organisation.pk}
    near = person.pk == organisation.senior_id or held & set(roles.LA_APPROVER.stand_ins)
    if person.pk in approvers or not near:
        return False
    return person in responsible_people(organisation, APPROVER, on, but=approvers)


def turn_of(mandates: Mandates, *, stands: Stands | None = None) -> list[Q]:
    """Conditions on cases, one a machine: any that holds makes it the person's turn.

    `stands` is how a machine is looked up: `stood_at` where the conditions are to be negated.
    """
    how = stands or stands_at
    found = [q for machine in MACHINES for q in _turns_on(machine, mandates, how)]
    for one in PENDING:
        if one.role in mandates.held:
            at_home = _at_the_authority(one.role)
            place = Q(authority__in=mandates.held[one.role]) if at_home else Q()
            found.append(place & one.where(mandates.person))
    written = NotificationProcess.objects.filter(
        Q(state=NotificationState.AWAITING_APPROVAL) | Q(approval_outstanding=True),
        case=OuterRef("pk"),
    )
    found += [
        Q(Exists(written.filter(*map(written_by, sorted(approvers)))), authority=place)
        for place, approvers in mandates.sole.items()
    ]
    return found + _transfers_for(mandates)


def _transfers_for(mandates: Mandates) -> list[Q]:
    """The conditions that a transfer waits for the person: to be answered, or to be agreed."""
    found = []
    waiting = CaseTransfer.objects.filter(case=OuterRef("pk"))
    if asked := set().union(*(mandates.held.get(role, ()) for role in AUTHORITY)):
        offered = waiting.filter(state=TransferState.OFFERED, receiver__in=asked)
        found.append(Q(Exists(offered)))
    if SECRETARIAT in mandates.held:
        found.append(Q(Exists(waiting.filter(state=TransferState.AGREEMENT))))
    return found


def stands_at(machine: Machine, states: Iterable[str], *also: Q, **more: Any) -> Q:
    """The condition that a machine of the case stands in one of these states."""
    rows = machine.objects.filter(*also, case=OuterRef("pk"), state__in=list(states), **more)
    return Q(Exists(rows))


def stood_at(machine: Machine, states: Iterable[str], *also: Q, **more: Any) -> Q:
    """The same condition, looked up for each case by itself.

    Of a negated one the database would read every row of the machine into memory first, each
    with the question whether it is in sight, to show a page of twenty-five.
    """
    rows = machine.objects.filter(*also, case=OuterRef("pk"), state__in=list(states), **more)
    one = Subquery(rows.annotate(one=Value(1)).values("one")[:1])
    # An equation, since the planner supposes that few are equal: negated, that most are found.
    return Q(Exact(Coalesce(one, 0), 1))


def states_for(machine: Machine, role: str) -> list[str]:
    """The open states of a machine that wait for a role, as the machine says."""
    return [
        str(state)
        for state, waiting in machine.WAITING.items()
        if waiting.stage is Stage.OPEN and waiting.role == role
    ]


def states_of_duty(machine: Machine, slug: str) -> list[str]:
    """The states of a machine in which a legal clock may run."""
    return [str(state) for state, waiting in machine.WAITING.items() if slug in waiting.duties]


def _turns_on(machine: Machine, mandates: Mandates, stands: Stands) -> list[Q]:
    found = []
    places: dict[frozenset[int], list[str]] = {}
    for role, held_in in mandates.held.items():
        if machine is RapidReview and role == PARTNER:
            found.append(waits_to_be_signed_by(held_in))
            continue
        if _at_the_authority(role):
            places.setdefault(held_in, []).extend(states_for(machine, role))
            continue
        states = states_for(machine, role)
        if machine is NotificationProcess and role in {SECRETARIAT, DFE_RECEIVER}:
            panels = role == SECRETARIAT
            states = states_for(machine, SECRETARIAT)
            where = GOES_TO_THE_PANEL if panels else ~GOES_TO_THE_PANEL
            found.append(where & stands(machine, states))
        elif machine is PracticeReview and role == SECRETARIAT:
            found.append(in_a_national_review(stands))
        elif states:
            found.append(stands(machine, states))
    more = {"kind": ReviewKind.LOCAL} if machine is PracticeReview else {}
    approval = NotificationState.AWAITING_APPROVAL
    found += [
        Q(authority__in=held_in)
        & stands(
            machine,
            states,
            *([~(Q(state=approval) & written_by(mandates.person))] if approval in states else []),
            **more,
        )
        for held_in, states in places.items()
        if states
    ]
    return found


def in_a_national_review(stands: Stands) -> Q:
    """The condition that a national review of the case is open: each waits on the Panel."""
    return stands(PracticeReview, open_states(PracticeReview), kind=ReviewKind.NATIONAL)


def open_states(machine: Machine) -> list[str]:
    """The states of a machine that wait for anybody."""
    return [str(state) for state, one in machine.WAITING.items() if one.stage is Stage.OPEN]


def _at_the_authority(role: str) -> bool:
    """Whether the role acts for the authority of the case, and for no other body."""
    return roles.by_slug(role).kinds == frozenset({roles.AUTHORITY})


def _roles_of_turns(kind: str) -> list[str]:
    named = {w.role for machine in MACHINES for w in machine.WAITING.values()} | {DFE_RECEIVER}
    return sorted(role for role in named if roles.suits(role, kind))
