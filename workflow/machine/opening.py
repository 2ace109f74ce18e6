"""Opening a case: its key first, then its row, its machine, its grants and its first event."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from workflow.access import context
from workflow.access.giving import give_at_opening
from workflow.machine.advancing import begin
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import NotificationState
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation, partnership_of
from workflow.people.person import Person
from workflow.sealed import keys

DRAFTERS = ("la_notifier", "la_approver", "la_filing_system")
REFERRERS = ("la_notifier", "la_approver", "business_unit", "safeguarding_partner")


@transaction.atomic
def open_case(
    *,
    authority: Organisation,
    by: Person,
    on: date,
    at: datetime,
    referred: bool = False,
    opening: UUID | None = None,
) -> Case:
    """A case exists with its notification's machine, its grants and its first event.

    `referred` when a partner raises it for the authority to take up; else its author starts a
    draft at once. The secretariat may open one for an authority that notified by telephone.
    `opening` names the form that asked for it, and is unique: IntegrityError for a second case.
    Raises CannotAdvance when the person may not open a case for this authority.
    """
    membership = _opener(by, authority, on=on, referred=referred)
    case = _first_row(authority, opening, on=on, at=at)
    give_at_opening(case, membership, on=on)
    process = NotificationProcess(
        case=case,
        authority=authority,
        state=NotificationState.REFERRED if referred else NotificationState.DRAFT,
        author=None if referred else by,
        entered_on=on,
    )
    move = begin(case, by=by, membership=membership, on=on, at=at)
    move.settle(process)
    move.record("open", {"to": str(process.state)}, machine=process.MACHINE)
    flush(move)
    return case


def _first_row(authority: Organisation, opening: UUID | None, *, on: date, at: datetime) -> Case:
    # The key is stored before the case commits: a case without its key could never be read.
    key = keys.create()
    try:
        case = Case.objects.create(
            # Nobody sees it yet, so that the database must be told which one this is.
            pk=context.open_one(),
            key_id=key,
            opening=opening,
            authority=authority,
            partnership=partnership_of(authority, on=on),
            opened_on=on,
            opened_at=at,
        )
    except IntegrityError:
        # There is such a case already, with a key of its own.
        keys.destroy(key)
        raise
    case.is_locked = True
    return case


def _opener(by: Person, authority: Organisation, *, on: date, referred: bool) -> Membership:
    if authority.kind != roles.AUTHORITY or not _exists(authority, on):
        raise CannotAdvance("Choose a local authority that exists on this date.")
    for membership in by.memberships_on(on):
        if membership.role == "panel_secretariat":
            return membership
        own = membership.organisation_id == authority.pk
        if own and membership.role in (REFERRERS if referred else DRAFTERS):
            return membership
        if referred and not own and _partner(membership, authority, on):
            return membership
    raise CannotAdvance(f"Only a notifier of {authority.name} may start this.")


def _exists(authority: Organisation, on: date) -> bool:
    begun = authority.since is None or authority.since <= on
    return begun and (authority.until is None or authority.until >= on)


def _partner(membership: Membership, authority: Organisation, on: date) -> bool:
    if membership.role != "safeguarding_partner":
        return False
    partnership = partnership_of(authority, on=on)
    return (
        partnership is not None
        and partnership.members.current(on).filter(organisation=membership.organisation).exists()
    )
