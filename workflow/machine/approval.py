"""Who may read a notification a second time before it goes, where an authority asks for that."""

from collections.abc import Collection
from datetime import date, datetime

from workflow.access import naming
from workflow.access.models import Capacity
from workflow.access.policy import roles_for
from workflow.audit.models import Event
from workflow.law.calendar import Calendar
from workflow.machine.case import Case
from workflow.outbox.models import Outbox
from workflow.outbox.services import message
from workflow.people import roles
from workflow.people.person import Person
from workflow.people.responsible import who_gives_roles

NAMING = roles_for("restrict")
NOBODY_NAMES = "nobody_named_may_name"
"""The message where nobody who is named to a restricted case may approve, nor name who may."""
APPROVE_WITHIN = 1
"""Working days within which what was sent unapproved is read: internal to this service.

Neither law nor guidance knows an approval. It is read on the next working day, as what waits for
approval before it is sent: by then the recipients act on it.
"""


def is_of_authority(case: Case, person: Person, *, on: date) -> bool:
    """Whether a person belongs to the case's own authority on a day."""
    return case.authority_id in person.organisation_ids(on)


def may_approve(case: Case, person: Person, *, on: date) -> bool:
    """Whether a person may approve: an approver of the authority who is none of its authors."""
    held = {m.role for m in person.memberships_on(on) if m.organisation_id == case.authority_id}
    return "la_approver" in held and person.pk not in case.notification.authors


def needs_approval(case: Case, person: Person, *, on: date) -> bool:
    """Whether somebody else must read it before this person sends it."""
    asked = case.authority.approval_required and is_of_authority(case, person, on=on)
    return asked and not may_approve(case, person, on=on)


def approve_by(case: Case, *, calendar: Calendar) -> date | None:
    """The day by which an approver reads what was sent unapproved; None where nothing was."""
    if not case.notification.approval_outstanding:
        return None
    sent = Event.objects.filter(case=case, machine="notification", act="submit")
    on = sent.order_by("-sequence").values_list("on", flat=True)[:1].get()
    return calendar.add(on, APPROVE_WITHIN)


def approvers_of(case: Case, *, but: Collection[int], on: date) -> list[Person]:
    """Who may approve: the authority's approvers without some people, its authors.

    Of a restricted case, those who are named to it.
    """
    held = case.authority.memberships.current(on).filter(
        role=roles.LA_APPROVER.slug, person__is_active=True
    )
    found = {row.person_id: row.person for row in held.select_related("person").order_by("pk")}
    if case.restricted:
        named = {one.person.pk for one in naming.named(case, on=on)}
        found = {key: person for key, person in found.items() if key in named}
    return [person for key, person in found.items() if key not in but]


def asked_to_approve(
    case: Case, kind: str, people: Collection[Person], *, at: datetime, once: str = ""
) -> list[Outbox]:
    """The unsaved messages that ask these people to see to an approval; the same never twice.

    `once` tells one occasion within a notification from another.
    """
    dedupe = f"{kind}:{case.pk}:{case.notification.cycle}{once}"
    return [message(kind, case=case, dedupe=dedupe, at=at, person_id=one.pk) for one in people]


def tell_where_nobody_is_left(case: Case, *, on: date, at: datetime) -> None:
    """Where all who might approve what was sent have corrected it, who can change that is told."""
    process = case.notification
    if process.approval_outstanding and not approvers_of(case, but=process.authors, on=on):
        kind, told = told_that_nobody_may("approve", case, on=on)
        # Whoever was made an approver then may have corrected it too.
        once = f":{len(process.authors)}"
        asked = asked_to_approve(case, kind, told, at=at, once=once)
        Outbox.objects.bulk_create(asked, ignore_conflicts=True)


def told_that_nobody_may(act: str, case: Case, *, on: date) -> tuple[str, list[Person]]:
    """Who hears that nobody may do what waits for an approver, and by which kind of message.

    Whoever can change that. Of a restricted case of which nobody named can, those who are named at
    its authority: its administrators, who hear nothing of it, could make one of them an approver,
    and only they know who is named.
    """
    people = who_names_approvers(case, on=on)
    if people or not case.restricted:
        return f"nobody_{'named_' if case.restricted else ''}may_{act}", people
    named = naming.named(case, on=on)
    there = {one.person for one in named if one.capacity == Capacity.NOTIFYING_AUTHORITY}
    return NOBODY_NAMES, sorted(there, key=lambda person: person.pk)


def who_names_approvers(case: Case, *, on: date) -> list[Person]:
    """Who can make somebody an approver where nobody may approve: whoever gives roles there.

    Of a restricted case, who is named to it and may name another approver: nobody hears of it who
    is not named, and to be an approver is not enough. Where nobody of its own authority is left
    who may, whoever may at the Panel; nobody of an authority that gave the case away.
    """
    if case.restricted:
        able = [one for one in naming.named(case, on=on) if NAMING & set(one.roles)]
        for capacity in (Capacity.NOTIFYING_AUTHORITY, Capacity.PANEL):
            if found := {one.person for one in able if one.capacity == capacity}:
                return sorted(found, key=lambda person: person.pk)
        return []
    return who_gives_roles(case.authority, on)
