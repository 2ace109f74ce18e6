"""The end of a record: one person proposes it, another confirms it, and a certificate stays.

Nothing is destroyed by itself, however old it is.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from workflow.access.policy import Rights, roles_for
from workflow.law.words import long_date
from workflow.machine.advancing import begin, lock_case, membership_for
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.refusals import CannotAdvance
from workflow.machine.storing import flush
from workflow.people.person import Person
from workflow.retention.models import DisposalStep
from workflow.retention.proposals import waits_for_its_authority
from workflow.retention.standing import (
    DISPOSE,
    Standing,
    against_destroying,
    is_held,
    standing_of,
)
from workflow.sealed import keys
from workflow.sealed.errors import SealedError

log = logging.getLogger(__name__)

# What the rooms above hold of a child in clear; each takes away its own rows of a case.
ERASED: list[Callable[[Case], None]] = []

NOT_YOURS = "Your role may not destroy this record."
HELD = "The record is under a legal hold. Whoever placed it has to lift it first."
RUNNING = "A date of the case is still open. Close the case first."
PROPOSED = "A proposal waits already."
WORDS_WAIT = "It is proposed to take words out of an answer. Somebody has to answer that first."
NO_PROPOSAL = "No proposal waits for an answer. Propose it first."
NOT_YOURSELF = "Somebody else has to confirm: you proposed it."


def not_due(due_on: date) -> str:
    """The refusal before the period is over."""
    return f"The record is kept until {long_date(due_on)}."


def against(case: Case, stands: Standing, *, on: date) -> list[str]:
    """Everything that keeps the record on a London date, whoever asks."""
    wrong = [not_due(stands.due_on)] if on < stands.due_on else []
    # A mark alone is a hold that this database does not know, as after an older one was put back.
    wrong += [HELD] if is_held(case) else []
    wrong += [RUNNING] if case.next_due_on is not None else []
    # Afterwards nobody could answer it, and whoever was told of it would wait for ever.
    wrong += [WORDS_WAIT] if waits_for_its_authority(case) else []
    return wrong + against_destroying(case, on=on)


def propose(case: Case, *, by: Person, on: date, at: datetime) -> DisposalStep:
    """That the record be destroyed waits for another person. CannotAdvance says why not."""
    return _step(case, DisposalStep.Kind.PROPOSED, by=by, on=on, at=at)


def decline(case: Case, *, by: Person, on: date, at: datetime) -> DisposalStep:
    """The proposal is answered with no, or taken back by whoever made it; the record stays."""
    return _step(case, DisposalStep.Kind.DECLINED, by=by, on=on, at=at)


def confirm(case: Case, *, by: Person, on: date, at: datetime) -> DisposalStep:
    """The record is destroyed, and the step that is returned is its certificate.

    What stands in clear about children goes in the same transaction; the key at its end, since a
    key can't be rolled back. What ends the process in between is made good by the daily sweep.
    Raises CannotAdvance with every reason against it.
    """
    return _step(case, DisposalStep.Kind.CONFIRMED, by=by, on=on, at=at)


@transaction.atomic
def _step(
    case: Case, kind: DisposalStep.Kind, *, by: Person, on: date, at: datetime
) -> DisposalStep:
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    membership = membership_for(by, tuple(sorted(roles_for(DISPOSE))), case=case, on=on)
    if membership is None or not Rights(by, case, on).may(DISPOSE):
        raise CannotAdvance(NOT_YOURS)
    stands = standing_of(case)
    if wrong := _wrong(case, stands, kind, by=by, on=on):
        raise CannotAdvance(*wrong)
    move = begin(case, by=by, membership=membership, on=on, at=at)
    kept = stands.retention_class
    payload = {"class": kept.slug, "years": kept.years, "due": stands.due_on.isoformat()}
    move.record(_ACTS[kind], payload, machine=NotificationProcess.MACHINE)
    flush(move)
    step = DisposalStep.objects.create(
        case=case,
        authority_id=case.authority_id,
        kind=kind,
        by=by,
        role=membership.role,
        organisation=membership.organisation,
        retention_class=kept.slug,
        years=kept.years,
        last_act_on=stands.last_act_on,
        due_on=stands.due_on,
        on=on,
        at=at,
    )
    if kind == DisposalStep.Kind.CONFIRMED:
        _end(case, on)
    return step


_ACTS = {
    DisposalStep.Kind.PROPOSED: "propose_disposal",
    DisposalStep.Kind.DECLINED: "decline_disposal",
    DisposalStep.Kind.CONFIRMED: "confirm_disposal",
}


def _wrong(
    case: Case, stands: Standing, kind: DisposalStep.Kind, *, by: Person, on: date
) -> list[str]:
    proposal = stands.proposal
    if kind == DisposalStep.Kind.PROPOSED:
        wrong = [PROPOSED] if proposal else []
    else:
        wrong = [] if proposal else [NO_PROPOSAL]
    if kind == DisposalStep.Kind.DECLINED:
        return wrong
    if kind == DisposalStep.Kind.CONFIRMED and proposal and proposal.by_id == by.pk:
        wrong.append(NOT_YOURSELF)
    return [*wrong, *against(case, stands, on=on)]


def _end(case: Case, on: date) -> None:
    # As the step itself has made it in the database, which lets these rows go only from then on.
    case.disposed_on = on
    for erase in ERASED:
        erase(case)
    key_id = case.key_id
    transaction.on_commit(lambda: _destroy(key_id), robust=True)


def _destroy(key_id: object) -> None:
    try:
        keys.dispose_of(key_id)
    except (OSError, SealedError) as trouble:
        log.error(  # noqa: TRY400 - its place says nothing more
            "a key whose record was ended is not destroyed everywhere yet; the sweep tries again"
            " each day: %s",
            trouble,
        )
