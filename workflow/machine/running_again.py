"""Clocks that ended with facts which are now as before: from when none of them ran again by itself.

They run again with the next act on the draft, or for all drafts at once when the dates are worked
out again after a new version of this service.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from workflow.deadlines.clocks import owed_again
from workflow.deadlines.models import Deadline
from workflow.machine.advancing import begin, lock_case
from workflow.machine.case import Case
from workflow.machine.consequences import Acting
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import BEFORE_SENDING, FACTS_CHANGED
from workflow.machine.storing import flush
from workflow.people.person import Person

RUN_AGAIN = "clocks_run_again"


def run_owed_clocks(case: Case, *, by: Person, on: date, at: datetime) -> Case:
    """Every clock that ended with facts which are now as before runs again; the trail says so.

    Nothing is written where there is none, nor is a transaction opened; and nothing of what was
    sent, whose clocks no act would stop.
    """
    if not owed_again(case) or not waits_to_be_sent(case):
        return case
    with transaction.atomic():
        case = case if case.is_locked else lock_case(case.token, by=by, on=on)
        move = begin(case, by=by, membership=None, on=on, at=at)
        if run_again(move):
            flush(move)
    return case


def run_again(move: Acting) -> list[Deadline]:
    """The clocks of a locked case that run again now, which the trail says; to be flushed."""
    ended = owed_again(move.case)
    if ended:
        move.run_notifying_clocks(move.case.notification)
        # No fact changed: what it tells are the dates.
        payload: dict[str, Any] = {"before": {}, "after": {}, **move.changed_clocks()}
        move.record(RUN_AGAIN, payload, machine=NotificationProcess.MACHINE, system=True)
    return ended


def waits_to_be_sent(case: Case) -> bool:
    """Whether the present notification is a draft still: what ended with a decision stays ended."""
    return case.notification.state in BEFORE_SENDING


def ended_in_vain() -> Iterable[int]:
    """Cases in which a clock ended though the facts, as they are now, give rise to its duty.

    Whether it is one of the present draft shows once the case is locked.
    """
    rows = Deadline.objects.filter(
        cancelled_why=FACTS_CHANGED, case__aware_on__isnull=False, case__disposed_on__isnull=True
    )
    return dict.fromkeys(
        row.case_id
        for row in rows.select_related("case").order_by("case_id")
        if row.duty in {duty.slug for duty in row.case.route.duties}
    )
