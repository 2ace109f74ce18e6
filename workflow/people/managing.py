"""Who comes in and who goes: invited within a ceiling, ended with a date, never oneself.

Every act is a row of its own. Nobody gives a role to themselves, and the last administrator of an
organisation stays.
"""

from collections.abc import Sequence
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from workflow.outbox.models import Outbox
from workflow.people import roles
from workflow.people.invitation import LASTS, Invitation, PeopleAct
from workflow.people.membership import Membership, join, leave
from workflow.people.organisations import Organisation
from workflow.people.person import Person
from workflow.signing_in.bound import unbind_all
from workflow.signing_in.ending import end_everywhere

Did = PeopleAct.Did
ADMINISTRATOR = {
    roles.AUTHORITY: roles.LA_ADMINISTRATOR.slug,
    roles.OPERATOR: roles.DEADLINE_ADMINISTRATOR.slug,
}
OWN_ROLE = "You cannot give a role to yourself. Ask another administrator"
LAST = "This is the last administrator here. Invite another one first"
HELD = "They hold this role here already"
INVITED = "They were invited to this role already. You can send that invitation again"
BEYOND = "You cannot give this role here"
A_SYSTEM = "This is the account of a system, which holds no role of a person"
NOT_THEIRS = "They belong to another organisation too, so only the operator closes their account"


class CannotManage(Exception):
    """A refusal, with every reason in plain words."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons: Sequence[str] = reasons


def is_operator(person: Person, on: date) -> bool:
    """Whether the person looks after the people of every organisation."""
    return roles.DEADLINE_ADMINISTRATOR.slug in person.roles_on(on)


def managed(person: Person, on: date) -> list[Organisation]:
    """The organisations whose people an authority's administrator looks after: their own."""
    return [
        row.organisation
        for row in person.memberships_on(on)
        if row.role == roles.LA_ADMINISTRATOR.slug
    ]


def may_manage(person: Person, organisation: Organisation, on: date) -> bool:
    """Whether the person looks after the people of this organisation."""
    return is_operator(person, on) or organisation in managed(person, on)


def ceiling(person: Person, organisation: Organisation, on: date) -> list[roles.Role]:
    """The roles that the person may give there; none where they look after nobody."""
    if not may_manage(person, organisation, on):
        return []
    return [role for role in roles.OF_PEOPLE if roles.suits(role.slug, organisation.kind)]


@transaction.atomic
def invite(
    *, email: str, name: str, organisation: Organisation, role: str, since: date,
    until: date | None = None, by: Person, on: date, at: datetime,
) -> Invitation:  # fmt: skip
    """Somebody is offered a role by mail. A person who is known already keeps their name."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if wrong := _against(person, organisation, role, since, until, by=by, on=on):
        raise CannotManage(*wrong)
    if person is None:
        person = Person.objects.create_person(email=email, name=name, joined_at=at)
    made = Invitation.objects.create(
        person=person,
        organisation=organisation,
        role=role,
        since=since,
        until=until,
        invited_by=by,
        sent_at=at,
        expires_at=at + LASTS,
    )
    _send(made, at=at)
    _note(Did.INVITED, made, by=by, at=at)
    return made


def _against(
    person: Person | None, organisation: Organisation, role: str, since: date,
    until: date | None, *, by: Person, on: date,
) -> list[str]:  # fmt: skip
    wrong = []
    if role not in {one.slug for one in ceiling(by, organisation, on)}:
        wrong.append(BEYOND)
    if until and until < since:
        wrong.append("The last day must be the same as or after the first day")
    if person == by:
        wrong.append(OWN_ROLE)
    if person and person.memberships.filter(role__in=roles.OF_SYSTEMS).exists():
        wrong.append(A_SYSTEM)
    if person and person.memberships.current(on).filter(organisation=organisation, role=role):
        wrong.append(HELD)
    waiting = Invitation.objects.waiting().filter(organisation=organisation, role=role)
    if person and waiting.filter(person=person).exists():
        wrong.append(INVITED)
    return wrong


@transaction.atomic
def give_role(
    person: Person, organisation: Organisation, role: str, *, since: date,
    until: date | None = None, by: Person, on: date, at: datetime,
) -> None:  # fmt: skip
    """Somebody who is here already holds another role, from its first day to its last."""
    if wrong := _against(person, organisation, role, since, until, by=by, on=on):
        raise CannotManage(*wrong)
    try:
        made = join(person, organisation, role, on=since, until=until)
    except ValidationError as refusal:
        raise CannotManage(*refusal.messages) from None
    _note(Did.GAVE, made, by=by, at=at)


@transaction.atomic
def send_again(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """A new link goes out and lasts as long as the first did; the old one opens nothing."""
    sent = Invitation.objects.waiting().filter(pk=invitation.pk)
    if not sent.update(sent_at=at, expires_at=at + LASTS):
        raise CannotManage("It was accepted or withdrawn meanwhile")
    invitation.refresh_from_db()
    _send(invitation, at=at)
    _note(Did.SENT_AGAIN, invitation, by=by, at=at)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """The invitation opens nothing any more."""
    if Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=at):
        _note(Did.WITHDREW, invitation, by=by, at=at)


def still_opens(invitation: Invitation, *, at: datetime) -> bool:
    """Whether its link may still be used."""
    used = invitation.accepted_at or invitation.withdrawn_at
    return not used and at < invitation.expires_at and invitation.person.is_active


@transaction.atomic
def accept(invitation: Invitation, *, on: date, at: datetime, password: str = "") -> bool:
    """The person holds the role, and the password if they had none; False when it was too late.

    One conditional statement decides who was first, so that a link works once.
    """
    waiting = Invitation.objects.waiting().filter(pk=invitation.pk, expires_at__gt=at)
    if not waiting.update(accepted_at=at):
        return False
    person = invitation.person
    if password:
        person.set_password(password)
        person.save(update_fields=["password"])
    try:
        join(
            person,
            invitation.organisation,
            invitation.role,
            on=max(invitation.since, on),
            until=invitation.until,
        )
    except ValidationError as refusal:
        raise CannotManage(*refusal.messages) from None
    _note(Did.ACCEPTED, invitation, by=person, at=at)
    return True


@transaction.atomic
def end_role(membership: Membership, *, last_day: date, by: Person, on: date, at: datetime) -> None:
    """The role ends with that day; today's end holds from tomorrow."""
    wrong = []
    if last_day < max(membership.since, on):
        wrong.append("The last day must be today or later, and not before the first day")
    if _is_last(membership, on):
        wrong.append(LAST)
    if wrong:
        raise CannotManage(*wrong)
    leave(membership, on=last_day)
    _note(Did.ENDED, membership, by=by, at=at)


def _is_last(membership: Membership, on: date) -> bool:
    """Whether nobody else administers the organisation for as long; its rows are locked first."""
    place = membership.organisation
    if membership.role != ADMINISTRATOR.get(place.kind):
        return False
    list(Organisation.objects.select_for_update().filter(pk=place.pk))
    others = Membership.objects.current(on).filter(
        organisation=place, role=membership.role, until__isnull=True, person__is_active=True
    )
    return not others.exclude(person=membership.person_id).exists()


@transaction.atomic
def deactivate(
    person: Person, organisation: Organisation, *, by: Person, on: date, at: datetime
) -> None:
    """The person can't sign in any more, from the next request on, and their roles end."""
    held = list(person.memberships.current(on).select_related("organisation"))
    wrong = []
    elsewhere = any(row.organisation_id != organisation.pk for row in held)
    if elsewhere and not is_operator(by, on):
        wrong.append(NOT_THEIRS)
    if any(_is_last(row, on) for row in held):
        wrong.append(LAST)
    if wrong:
        raise CannotManage(*wrong)
    for row in held:
        leave(row, on=on)
    Invitation.objects.waiting().filter(person=person).update(withdrawn_at=at)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    unbind_all(person)
    end_everywhere(person)
    _record(Did.DEACTIVATED, person, organisation, by=by, at=at)


@transaction.atomic
def reactivate(person: Person, organisation: Organisation, *, by: Person, at: datetime) -> None:
    """The person can sign in again; roles are given anew, by invitation."""
    Person.objects.filter(pk=person.pk).update(is_active=True)
    _record(Did.REACTIVATED, person, organisation, by=by, at=at)


@transaction.atomic
def take_factor_away(
    person: Person, organisation: Organisation, *, by: Person, at: datetime
) -> None:
    """The person sets up a new second step when they next sign in; every session is over.

    No connected account with a provider lets them in either: a stranger may have connected it.
    """
    if person == by:
        raise CannotManage("Change your own second step on your account page")
    Authenticator.objects.filter(user=person).delete()
    unbind_all(person)
    end_everywhere(person)
    _write(person, "mfa/email/totp_deactivated", f"factor-away:{at.isoformat()}", at=at)
    _record(Did.FACTOR_AWAY, person, organisation, by=by, at=at)


def _send(invitation: Invitation, *, at: datetime) -> None:
    key = f"{invitation.pk}:{at.isoformat()}"
    _write(invitation.person, "invitation", key, at=at, invitation=invitation.pk)


def _write(person: Person, kind: str, key: str, *, at: datetime, **payload: int) -> None:
    Outbox.objects.create(
        dedupe=f"{kind}:p{person.pk}:{key}",
        kind=kind,
        person=person,
        payload=payload,
        created_at=at,
        next_attempt_at=at,
    )


def _note(did: Did, about: Invitation | Membership, *, by: Person, at: datetime) -> None:
    _record(did, about.person, about.organisation, by=by, at=at, role=about.role)


def _record(
    did: Did, person: Person, organisation: Organisation, *, by: Person, at: datetime,
    role: str = "",
) -> None:  # fmt: skip
    PeopleAct.objects.create(
        did=did, by=by, person=person, organisation=organisation, role=role, at=at
    )
