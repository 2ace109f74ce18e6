"""Who may read a notification a second time before it goes, where an authority asks for that."""

from datetime import date

from workflow.machine.case import Case
from workflow.people.person import Person


def is_of_authority(case: Case, person: Person, *, on: date) -> bool:
    """Whether a person belongs to the case's own authority on a day."""
    return case.authority_id in person.organisation_ids(on)


def may_approve(case: Case, person: Person, *, on: date) -> bool:
    """Whether a person may approve: an approver of the authority who is not the author."""
    held = {m.role for m in person.memberships_on(on) if m.organisation_id == case.authority_id}
    return "la_approver" in held and case.notification.author_id != person.pk


def needs_approval(case: Case, person: Person, *, on: date) -> bool:
    """Whether somebody else must read it before this person sends it."""
    asked = case.authority.approval_required and is_of_authority(case, person, on=on)
    return asked and not may_approve(case, person, on=on)
