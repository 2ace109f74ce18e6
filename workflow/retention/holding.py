"""Placing and lifting a legal hold: while one stands, nothing of the record is destroyed."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from workflow.access.policy import Rights, roles_for
from workflow.machine.advancing import begin, lock_case, membership_for
from workflow.machine.case import Case
from workflow.machine.consequences import Acting
from workflow.machine.notification import NotificationProcess
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.retention.models import HoldLifted, LegalHold
from workflow.retention.standing import standing_holds
from workflow.sealed import keys

HOLD = "hold.record"
# Who places one for the authority that the case belongs to.
OF_THE_AUTHORITY = ("la_approver",)

NO_REASON = "Enter the reason."
NOT_YOURS = "Your role may not place or lift a legal hold on this record."
NOT_THEIRS = "Another body placed this hold. It alone can lift it."
LIFTED = "The hold was lifted already."


@transaction.atomic
def hold(case: Case, *, by: Person, on: date, at: datetime, reason: str) -> LegalHold:
    """The record is kept until this body lifts the hold: in the database and in the key store.

    The key store knows first, so a hold that commits was never without its mark. One that does not
    leaves a mark that the daily sweep names: `manage.py sweep_keys --let-go` takes it away. Raises
    CannotAdvance with why not.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    move, membership = _begun(case, by, reason, on=on, at=at)
    placed = LegalHold(case=case, reason=reason, **_whose(move, membership))
    keys.store().hold(case.key_id, placed.mark)
    placed.save(force_insert=True)
    move.record("hold_record", {}, machine=NotificationProcess.MACHINE)
    flush(move)
    return placed


@transaction.atomic
def lift(case: Case, key: int, *, by: Person, on: date, at: datetime, reason: str) -> HoldLifted:
    """This hold is over. Raises CannotAdvance where it is that of another body, or was lifted.

    The hold of an authority passes on with its case.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    move, membership = _begun(case, by, reason, on=on, at=at)
    found = standing_holds(case).filter(pk=key).first()
    if found is None:
        raise CannotAdvance(LIFTED)
    if not may_lift(found, case, {membership.organisation_id}):
        raise CannotAdvance(NOT_THEIRS)
    whose = _whose(move, membership)
    over = HoldLifted.objects.create(case=case, hold=found, reason=reason, **whose)
    move.record("lift_hold", {}, machine=NotificationProcess.MACHINE)
    flush(move)
    # Last of all: a mark too many keeps a key, one too few could lose it.
    key_id, mark = case.key_id, found.mark
    transaction.on_commit(lambda: keys.store().let_go(key_id, mark), robust=True)
    return over


def may_lift(found: LegalHold, case: Case, bodies: Collection[int]) -> bool:
    """Whether somebody of these bodies may end the hold: its own, or whoever has the case now."""
    of_the_authority = found.role in OF_THE_AUTHORITY and case.authority_id in bodies
    return found.organisation_id in bodies or of_the_authority


def _begun(
    case: Case, by: Person, reason: str, *, on: date, at: datetime
) -> tuple[Acting, Membership]:
    membership = membership_for(by, tuple(sorted(roles_for(HOLD))), case=case, on=on)
    if membership is None or not Rights(by, case, on).may(HOLD):
        raise CannotAdvance(NOT_YOURS)
    if not reason.strip():
        raise CannotAdvance(NO_REASON)
    return begin(case, by=by, membership=membership, on=on, at=at, reason=reason), membership


def _whose(move: Acting, membership: Membership) -> dict[str, object]:
    return {
        "authority_id": move.case.authority_id,
        "by": move.by,
        "role": membership.role,
        "organisation": membership.organisation,
        "on": move.on,
        "at": move.at,
    }
