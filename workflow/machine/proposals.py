"""Acts that need a second side: proposals, approval after sending, links, agreed later dates."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from workflow.audit.models import Event
from workflow.law import duties
from workflow.machine.acts import Stage
from workflow.machine.advancing import begin, lock_case, membership_for, record_act, tell
from workflow.machine.case import Case
from workflow.machine.links import CaseLink
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import ENDS, FILERS, WITH_THE_PANEL, Proposal
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.machine.storing import flush
from workflow.people.person import Person

AUTHORITY = ("la_notifier", "la_approver")
SECRETARIAT = ("panel_secretariat",)
RECEIVERS = (*SECRETARIAT, "dfe_receiver")
ANSWER_WITHIN = 5
"""Working days in which an answer to a proposal is expected: internal to this service."""


@transaction.atomic
def propose(
    case: Case, proposal: Proposal, *, by: Person, on: date, at: datetime, reason: str
) -> Event:
    """The authority proposes that the criteria are not met, or to withdraw a duplicate.

    Nothing changes until the secretariat agrees; the clocks run on.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    process = case.notification
    reasons = []
    if not reason.strip():
        reasons.append(f"{proposal.label}: enter a reason.")
    if process.state in ENDS:
        ended = process.get_state_display()
        reasons.append(f"The case is closed ({ended}): reopen it before you propose anything.")
    elif process.state not in WITH_THE_PANEL:
        reasons.append("Only a notification that has been sent can be proposed for this.")
    if process.proposal:
        reasons.append(f"A proposal is already waiting: {process.get_proposal_display()}.")
    if reasons:
        raise CannotAdvance(*reasons)
    return _set_proposal(
        case,
        proposal,
        act=f"propose_{proposal}",
        allowed=FILERS,
        by=by,
        on=on,
        at=at,
        reason=reason,
    )


@transaction.atomic
def decline_proposal(case: Case, *, by: Person, on: date, at: datetime, reason: str) -> Event:
    """The secretariat does not agree: the case goes on, and the authority is told why."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    if not case.notification.proposal:
        raise CannotAdvance("There is no proposal to answer.")
    if not reason.strip():
        raise CannotAdvance("Enter why you do not agree.")
    return _set_proposal(
        case, "", act="decline_proposal", allowed=RECEIVERS, by=by, on=on, at=at, reason=reason
    )


@transaction.atomic
def approve_after_sending(
    case: Case, *, by: Person, on: date, at: datetime, note: str = ""
) -> Event:
    """The approver has read what was sent while no approver could be reached."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    process = case.notification
    if not process.approval_outstanding:
        raise CannotAdvance("No approval is outstanding.")
    if by.pk in process.authors:
        raise CannotAdvance(
            "Somebody other than its authors, and whoever corrected it since, must approve it."
        )
    membership = membership_for(by, ("la_approver",), case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=note)
    process.approved_by, process.approved_on = by, on
    process.approval_outstanding = False
    move.touch(process)
    event = move.record("approve_after_sending", {}, machine=NotificationProcess.MACHINE)
    flush(move)
    return event


@transaction.atomic
def record_partners_told(
    case: Case, *, told_on: date, by: Person, on: date, at: datetime, note: str = ""
) -> Event:
    """The authority told its safeguarding partners itself: that clock stops on the day it did.

    For an area whose partners are not known to the service, so that sending could not tell them.
    """
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    membership = membership_for(by, AUTHORITY, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=note)
    slug = duties.TELL_THE_PARTNERS.slug
    running = [row for row in move.clocks.rows.values() if row.duty == slug and row.is_open]
    reasons = []
    if not running:
        reasons.append("No clock of telling the partners is running.")
    elif told_on < min(row.start_on for row in running):
        reasons.append("The day the partners were told must not be before the clock started.")
    if told_on > on:
        reasons.append("The day the partners were told must be today or in the past.")
    if reasons:
        raise CannotAdvance(*reasons)
    move.clocks.meet(slug, cycle=None, on=told_on, at=at)
    payload = {"told": told_on.isoformat(), **move.changed_clocks()}
    event = move.record("partners_told", payload, machine=NotificationProcess.MACHINE)
    flush(move)
    return event


@transaction.atomic
def link_cases(
    case: Case, other: Case, kind: str, *, by: Person, on: date, at: datetime, reason: str
) -> Event:
    """Two cases that this person can open belong together; each keeps its own clocks and trail."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    if case.pk == other.pk:
        raise CannotAdvance("A case can’t be linked to itself.")
    if not Case.objects.visible_to(by, on).filter(pk=other.pk).exists():
        raise NotFound
    either_way = Q(case=case, other=other) | Q(case=other, other=case)
    if CaseLink.objects.filter(either_way).exists():
        raise CannotAdvance("These two cases are linked already.")
    if not reason.strip():
        raise CannotAdvance("Enter why you link them.")
    CaseLink.objects.create(
        case=case,
        other=other,
        authority_id=case.authority_id,
        kind=kind,
        linked_on=on,
        linked_by=by,
    )
    return record_act(
        case,
        "link_case",
        by=by,
        on=on,
        at=at,
        allowed=(*AUTHORITY, *RECEIVERS),
        reason=reason,
        payload={"other": other.token, "kind": kind},
    )


@transaction.atomic
def agree_later_date(
    case: Case,
    duty: str,
    cycle: int,
    agreed_on: date,
    *,
    by: Person,
    on: date,
    at: datetime,
    reason: str,
) -> Event:
    """A later date stands beside the legal one. The due date and any lateness stay."""
    case = case if case.is_locked else lock_case(case.token, by=by, on=on)
    membership = membership_for(by, (*SECRETARIAT, "deadline_administrator"), case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    deadline = move.clocks.get(duty, cycle)
    reasons = []
    if deadline is None or not deadline.is_open:
        reasons.append("Choose a clock that is still running.")
    elif agreed_on <= deadline.due_on:
        reasons.append("The agreed date must be after the due date.")
    if not reason.strip():
        reasons.append("Enter why the later date was agreed.")
    if reasons:
        raise CannotAdvance(*reasons)
    move.clocks.agree(duty, cycle, agreed_on)
    event = move.record(
        "agree_later_date", {"duty": duty, "cycle": cycle, "agreed": agreed_on.isoformat()}
    )
    tell(move, event, newly_given=())
    flush(move)
    return event


def _set_proposal(
    case: Case,
    proposal: str,
    *,
    act: str,
    allowed: tuple[str, ...],
    by: Person,
    on: date,
    at: datetime,
    reason: str,
) -> Event:
    membership = membership_for(by, allowed, case=case, on=on)
    move = begin(case, by=by, membership=membership, on=on, at=at, reason=reason)
    process = case.notification
    process.proposal = proposal
    if process.WAITING[process.state].stage is not Stage.OPEN:
        # The state waits for nobody, the proposal for an answer.
        days = ANSWER_WITHIN if proposal else None
        process.expected_on = move.clocks.expect(on, days) if days else None
    move.touch(process)
    event = move.record(act, {"proposal": str(proposal)}, machine=NotificationProcess.MACHINE)
    tell(move, event, newly_given=())
    flush(move)
    return event
