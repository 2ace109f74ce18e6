"""Whose turn it is, and what a person may do now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from workflow.access import naming
from workflow.deadlines.calendar import calendar
from workflow.law import duties
from workflow.machine.acts import SYSTEM, Act, Stage, Waiting
from workflow.machine.approval import approve_by
from workflow.machine.authors import written_by
from workflow.machine.case import Case
from workflow.machine.move import Machine, acts_of, roles_for
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import NotificationState, Proposal
from workflow.machine.practice_review import PracticeReview
from workflow.machine.practice_review_states import ReviewKind
from workflow.machine.rapid_review import RapidReview
from workflow.machine.signatures import PARTNER, yet_to_sign
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import Fallback, responsible_people

APPROVER = roles.LA_APPROVER.slug
SECRETARIAT = roles.PANEL_SECRETARIAT.slug
DFE_RECEIVER = roles.DFE_RECEIVER.slug


class Stand(NamedTuple):
    """Where one machine of a case stands; of a review also whose kind it is.

    `expected_on` is the day by which its next step is expected, where it is told. `replied`: it
    stands there because a reply came that was asked for.
    """

    machine: type[Machine]
    state: str
    kind: str = ""
    expected_on: date | None = None
    replied: bool = False


def stand_of(subject: Machine) -> Stand:
    """Where a machine at hand stands."""
    kind = getattr(subject, "kind", "")
    return Stand(type(subject), subject.state, kind, subject.expected_on)


@dataclass(frozen=True)
class Pending:
    """Something asked of a role that no state of a machine tells, with its words on the case page.

    `holds` asks it of one case, `where` of many at once, for one person: the same rule twice over.
    An approval is never asked of an author. `acts` are those that ask it, so that the last of them
    tells since when it waits. `by` is the day by which it is expected, the notification's own
    unless it says another. `page` names the page on which it is done.
    """

    role: str
    words: str
    page: str
    holds: Callable[[Case], bool]
    where: Callable[[int], Q]
    acts: tuple[str, ...]
    by: Callable[[Case], date | None] = lambda case: case.notification.expected_on


def _proposed(case: Case) -> bool:
    process = case.notification
    return process.state == NotificationState.LINKED_TO_RAPID_REVIEW and bool(process.proposal)


_PROPOSALS = NotificationProcess.objects.filter(
    case=OuterRef("pk"), state=NotificationState.LINKED_TO_RAPID_REVIEW
).exclude(proposal="")

_UNAPPROVED = NotificationProcess.objects.filter(case=OuterRef("pk"), approval_outstanding=True)

PENDING = (
    # Sending tells the partners; where they are not known here, the duty to tell them goes on.
    Pending(
        roles.LA_NOTIFIER.slug,
        "safeguarding partners not told yet",
        "notifications:partners-told",
        lambda case: bool(case.notified_on) and case.next_due == duties.TELL_THE_PARTNERS.slug,
        lambda _: Q(next_due=duties.TELL_THE_PARTNERS.slug, notified_on__isnull=False),
        ("submit",),
    ),
    # The rapid review carries the case on, and the secretariat has a proposal to answer.
    Pending(
        SECRETARIAT,
        "a proposal to answer",
        "reviews:triage",
        _proposed,
        lambda _: Q(Exists(_PROPOSALS)),
        tuple(f"propose_{proposal}" for proposal in Proposal),
    ),
    # It was sent while no approver was there; one reads it now.
    Pending(
        APPROVER,
        "approval of what was sent without it",
        "notifications:approve",
        lambda case: bool(case.notification.approval_outstanding),
        lambda person: Q(Exists(_UNAPPROVED.exclude(written_by(person)))),
        ("submit",),
        lambda case: approve_by(case, calendar=calendar()),
    ),
)


def is_approval(stand: Stand) -> bool:
    """Whether a machine waits to be approved, which its authors may not do."""
    return (
        stand.machine is NotificationProcess and stand.state == NotificationState.AWAITING_APPROVAL
    )


@dataclass(frozen=True)
class Turn:
    """What a machine of a case waits for: the role, the organisation, and the date."""

    subject: Machine
    state: str
    role: roles.Role
    organisation: Organisation
    expected_on: date | None
    people: list[Person]
    pending: bool = False


@dataclass(frozen=True)
class Possible:
    """An act a person's role allows in this state; `reasons` says what still stands in its way."""

    subject: Machine
    name: str
    act: Act
    reasons: list[str]


def machines_of(case: Case) -> list[Machine]:
    """The case's machines: its notification, its rapid reviews, its practice reviews."""
    found: list[Any] = [case.notification]
    found += RapidReview.objects.filter(case=case).order_by("number")
    found += PracticeReview.objects.filter(case=case).order_by("number")
    for subject in found:
        subject.case = case
    return found


def turns(case: Case, *, on: date) -> list[Turn]:
    """For each open machine of the case, whose turn it is and by when; then what is pending."""
    found = []
    for subject in machines_of(case):
        slug = role_of_turn(stand_of(subject), case)
        if slug is not None:
            found += _turns_at(subject, slug, on=on)
    waited_for = {turn.role.slug for turn in found}
    pending = [one for one in PENDING if one.holds(case) and one.role not in waited_for]
    return found + [
        replace(
            _turn(case.notification, one.words, one.role, pending=True, on=on),
            expected_on=one.by(case),
        )
        for one in pending
    ]


def roles_waited_for(case: Case, stands: Iterable[Stand]) -> list[str]:
    """The slugs of the roles whose turn it is, each once; `stands` are its machines with states."""
    found = [role_of_turn(one, case) for one in stands]
    found += [one.role for one in PENDING if one.holds(case)]
    return list(dict.fromkeys(role for role in found if role is not None))


def role_of_turn(stand: Stand, case: Case) -> str | None:
    """The slug of the role whose turn it is in a state; None in a state that waits for nobody.

    A notification that does not go to the Panel waits on the Department for Education; a national
    review on the Panel, which alone may act on it.
    """
    waiting: Waiting = stand.machine.WAITING[stand.state]
    if waiting.stage is not Stage.OPEN:
        return None
    if stand.kind == ReviewKind.NATIONAL:
        return SECRETARIAT
    elsewhere = stand.machine is NotificationProcess and not case.route.goes_to_panel
    return DFE_RECEIVER if waiting.role == SECRETARIAT and elsewhere else waiting.role


def _turns_at(subject: Machine, slug: str, *, on: date) -> list[Turn]:
    """One turn; of partners that are asked to sign, one for each that has not."""
    state = subject.get_state_display()
    signing = isinstance(subject, RapidReview) and slug == PARTNER
    left = yet_to_sign(subject, on=on) if signing else []
    if left:
        return [_turn(subject, state, slug, at=one, on=on) for one in left]
    return [_turn(subject, state, slug, on=on)]


def _turn(
    subject: Machine,
    state: str,
    slug: str,
    *,
    at: Organisation | None = None,
    pending: bool = False,
    on: date,
) -> Turn:
    role = roles.by_slug(slug)
    organisation = at or organisation_for(role, subject.case)
    approval = slug == APPROVER and (pending or is_approval(stand_of(subject)))
    authors = subject.case.notification.authors if approval else ()
    people = responsible_people(organisation, role.slug, on, but=authors)
    if subject.case.restricted:
        people = named_among(people, subject.case, organisation, role, on=on)
    return Turn(
        subject=subject,
        state=state,
        role=role,
        organisation=organisation,
        expected_on=subject.expected_on,
        people=people,
        pending=pending,
    )


def named_among(
    people: list[Person], case: Case, organisation: Organisation, role: roles.Role, *, on: date
) -> list[Person]:
    """Those of these people who are named to a restricted case; failing them whoever else is."""
    named = [one.person for one in naming.named(case, on=on) if one.organisation == organisation]
    if found := [person for person in people if person in named]:
        return found
    nobody = f"Nobody who answers for {role.title} at {organisation.name} is named to this case"
    because = f"{nobody}: it passes to those who are." if named else f"{nobody}."
    return Fallback(list(dict.fromkeys(named)), role=role, because=because)


def can_name_an_approver(turns: list[Turn], person: Person, *, on: date) -> bool:
    """Whether an approval waits that nobody may give, and this person can change that."""
    passed = [turn for turn in turns if isinstance(turn.people, Fallback) and person in turn.people]
    asked = any(turn.role.slug == APPROVER for turn in passed)
    return asked and roles.LA_ADMINISTRATOR.slug in person.roles_on(on)


def organisation_for(role: roles.Role, case: Case) -> Organisation:
    """The organisation whose people hold a role on a case."""
    if roles.AUTHORITY in role.kinds:
        return case.authority
    (kind,) = role.kinds
    return Organisation.objects.of_kind(kind).order_by("pk")[0]


def possible_acts(case: Case, *, by: Person, on: date) -> list[Possible]:
    """What this person's roles allow on the case as it stands."""
    held = {
        membership.role
        for membership in by.memberships_on(on)
        if membership.organisation_id == case.authority_id
        or membership.organisation.kind != roles.AUTHORITY
    }
    found = []
    for subject in machines_of(case):
        for name, act in acts_of(type(subject)).items():
            meta = getattr(type(subject), name)._django_fsm
            allowed = set(roles_for(subject, act)) - {SYSTEM}
            if not meta.has_transition(subject.state) or not held & allowed:
                continue
            conditions = meta.get_transition(subject.state).conditions
            reasons = [condition.why for condition in conditions if not condition(subject)]
            found.append(Possible(subject, name, act, reasons))
    return found
