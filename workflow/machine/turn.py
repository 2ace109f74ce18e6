"""Whose turn it is, and what a person may do now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.machine.acts import SYSTEM, Act, Stage
from workflow.machine.case import Case
from workflow.machine.move import Machine, acts_of
from workflow.machine.notification import NotificationProcess
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview
from workflow.people import roles
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.people.responsible import responsible_people


@dataclass(frozen=True)
class Turn:
    """What a machine of a case waits for: the role, the organisation, and the date."""

    subject: Machine
    state: str
    role: roles.Role
    organisation: Organisation
    expected_on: date | None
    people: list[Person]


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
    """For each open machine of the case, whose turn it is and by when."""
    found = []
    for subject in machines_of(case):
        waiting = subject.WAITING[subject.state]
        if waiting.stage is not Stage.OPEN:
            continue
        role = roles.by_slug(_role(subject, waiting.role))
        organisation = organisation_for(role, case)
        found.append(
            Turn(
                subject=subject,
                state=subject.get_state_display(),
                role=role,
                organisation=organisation,
                expected_on=subject.expected_on,
                people=responsible_people(organisation, role.slug, on),
            )
        )
    return found


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
            if not meta.has_transition(subject.state) or not held & (set(act.roles) - {SYSTEM}):
                continue
            conditions = meta.get_transition(subject.state).conditions
            reasons = [condition.why for condition in conditions if not condition(subject)]
            found.append(Possible(subject, name, act, reasons))
    return found


def _role(subject: Machine, role: str) -> str:
    """A notification that does not go to the Panel waits on the Department for Education."""
    elsewhere = isinstance(subject, NotificationProcess) and not subject.case.route.goes_to_panel
    return "dfe_receiver" if role == "panel_secretariat" and elsewhere else role
