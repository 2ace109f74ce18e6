"""A case passes to another authority only when that authority accepts it.

Source: a notification is made by the authority in whose area the child died or was harmed, section
16C(1) of the Children Act 2004; which authority that is can turn out later.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from workflow.access.giving import give_at_sending, receivers_of
from workflow.audit.models import Event
from workflow.machine.advancing import begin, lock_case, membership_for
from workflow.machine.case import Case, Place
from workflow.machine.case_transfer import OPEN, CaseTransfer, TransferState, open_transfer
from workflow.machine.consequences import Acting
from workflow.machine.handing_over import end_offer, hand_over, offer
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import AUTHORITY, BEFORE_SENDING, WITH_THE_PANEL
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.outbox.services import messages_of
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.people.person import Person

S = TransferState
RECEIVERS = ("panel_secretariat", "dfe_receiver")


def cannot_transfer(case: Case) -> list[str]:
    """Why the case can't be proposed to another authority now; empty when it can."""
    reasons = []
    if case.notification.state not in (*BEFORE_SENDING, *WITH_THE_PANEL):
        reasons.append("A case that is closed can’t be transferred. Reopen it first.")
    if open_transfer(case):
        reasons.append("A transfer is already waiting for an answer.")
    if case.restricted:
        reasons.append("A restricted case can’t be transferred. Lift the restriction first.")
    return reasons


@transaction.atomic
def propose_transfer(
    case: Case, receiver: Organisation, *, by: Person, on: date, at: datetime, reason: str
) -> Event:
    """Another authority is asked to take the case over; until it accepts, nothing changes.

    What was sent needs the secretariat's agreement first, and only then is the other one asked.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    reasons = cannot_transfer(case)
    current = Organisation.objects.of_kind(roles.AUTHORITY).current(on)
    if receiver.pk == case.authority_id or not current.filter(pk=receiver.pk).exists():
        reasons.append("Choose another local authority that exists today.")
    if not reason.strip():
        reasons.append("Enter why the case belongs to the other authority.")
    if reasons:
        raise CannotAdvance(*reasons)
    membership = membership_for(by, AUTHORITY, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    transfer = CaseTransfer(
        case=case,
        giver=case.authority,
        receiver=receiver,
        state=S.AGREEMENT if case.notified_on else S.OFFERED,
        reason=reason,
        proposed_on=on,
        proposed_by=by,
    )
    move.touch(transfer)
    asked = receivers_of(case, on=on) if case.notified_on else offer(move, receiver)
    return _told(move, "propose_transfer", transfer, asked)


@transaction.atomic
def answer_for_the_secretariat(
    case: Case, *, agrees: bool, by: Person, on: date, at: datetime, reason: str = ""
) -> Event:
    """What was sent may go to another authority, which is now asked; or it may not."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    transfer = _waiting(case, S.AGREEMENT)
    membership = membership_for(by, RECEIVERS, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    if agrees:
        transfer.state = S.OFFERED
        move.touch(transfer)
        told = [case.authority_id, *offer(move, transfer.receiver)]
        return _told(move, "agree_transfer", transfer, told)
    _close(move, transfer, S.DECLINED)
    return _told(move, "decline_transfer", transfer, [case.authority_id])


@transaction.atomic
def decline_transfer(case: Case, *, by: Person, on: date, at: datetime, reason: str) -> Event:
    """The other authority does not take the case over, says why, and no longer sees it."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    transfer = _waiting(case, S.OFFERED)
    move = begin(case, by=by, membership=_of(transfer, by, on), on=on, at=at, reason=reason)
    _close(move, transfer, S.DECLINED)
    end_offer(move, transfer)
    return _told(move, "decline_transfer", transfer, [case.authority_id])


@transaction.atomic
def take_back_transfer(case: Case, *, by: Person, on: date, at: datetime, reason: str) -> Event:
    """The authority asks nobody any more; whoever was asked no longer sees the case."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    transfer = _waiting(case, *OPEN)
    membership = membership_for(by, AUTHORITY, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    asked = [transfer.receiver_id] if transfer.state == S.OFFERED else receivers_of(case, on=on)
    _close(move, transfer, S.TAKEN_BACK)
    end_offer(move, transfer)
    return _told(move, "take_back_transfer", transfer, asked)


@transaction.atomic
def accept_transfer(
    case: Case,
    *,
    aware_on: date | None,
    giver_reads_until: date | None,
    by: Person,
    on: date,
    at: datetime,
) -> Event:
    """The case is the other authority's: its rows, its sight, and what is still owed.

    Before sending, the clocks of notifying end as transferred and new ones run from the day on
    which the receiving authority itself became aware. What was sent keeps its dates, and what is
    open is owed by the receiving authority. The earlier one reads on until the day given, if any.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    transfer = _waiting(case, S.OFFERED)
    membership = _of(transfer, by, on)
    _refuse_wrong_dates(case, aware_on, giver_reads_until, on=on)
    facts: dict[str, Any] = {"aware_on": aware_on, "aware_time": None, "suspected_on": None}
    if case.place == Place.ELSEWHERE:
        facts["place"] = Place.IN_AREA
    move = begin(case, by=by, membership=membership, on=on, at=at, facts=facts)
    _close(move, transfer, S.ACCEPTED)
    end_offer(move, transfer)
    hand_over(move, transfer, giver_reads_until)
    told = [transfer.giver_id]
    if case.notification.state in BEFORE_SENDING:
        event = move.apply(case.notification, "take_over")
        event.payload |= _parties(transfer)
        _tell(move, event, told)
        flush(move)
        return event
    move.clocks.hand_over(transfer.giver_id, to=transfer.receiver_id, at=at)
    give_at_sending(case, by_id=by.pk, on=on)
    return _told(move, "accept_transfer", transfer, [*told, *receivers_of(case, on=on)])


def _waiting(case: Case, *states: TransferState) -> CaseTransfer:
    transfer = open_transfer(case)
    if transfer is None or transfer.state not in states:
        raise CannotAdvance("There is no transfer to answer any more.")
    return transfer


def _of(transfer: CaseTransfer, by: Person, on: date) -> Membership:
    """In which capacity somebody answers for the authority that was asked."""
    for membership in by.memberships_on(on):
        if membership.organisation_id == transfer.receiver_id and membership.role in AUTHORITY:
            return membership
    raise CannotAdvance(f"Only a notifier or approver of {transfer.receiver.name} may answer.")


def _refuse_wrong_dates(
    case: Case, aware_on: date | None, giver_reads_until: date | None, *, on: date
) -> None:
    reasons = []
    if case.notified_on is None and aware_on is None:
        reasons.append("Enter the date your authority became aware of the incident.")
    if aware_on and aware_on > on:
        reasons.append("The date your authority became aware must be today or in the past.")
    if giver_reads_until and giver_reads_until < on:
        reasons.append("The last day of reading must be today or in the future.")
    if reasons:
        raise CannotAdvance(*reasons)


def _close(move: Acting, transfer: CaseTransfer, state: TransferState) -> None:
    if not move.reason.strip() and state != S.ACCEPTED:
        raise CannotAdvance("Enter your reason.")
    transfer.state, transfer.answer = state, move.reason
    transfer.answered_on, transfer.answered_by = move.on, move.by
    move.touch(transfer)


def _told(move: Acting, act: str, transfer: CaseTransfer, organisations: list[int]) -> Event:
    """The act is in the trail, told to the other side, and stored."""
    payload = {**_parties(transfer), **move.changed_clocks()}
    event = move.record(act, payload, machine=NotificationProcess.MACHINE)
    _tell(move, event, organisations)
    flush(move)
    return event


def _tell(move: Acting, event: Event, organisations: list[int]) -> None:
    move.messages += messages_of(
        move.case,
        act=event.act,
        sequence=event.sequence,
        organisations=organisations,
        at=move.recorded_at,
    )


def _parties(transfer: CaseTransfer) -> dict[str, int]:
    return {"giver": transfer.giver_id, "receiver": transfer.receiver_id}
