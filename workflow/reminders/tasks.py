"""The beat's minute: sweep, then tell the workers what waits."""

from celery import shared_task

from workflow.audit.tree import grow_now
from workflow.machine.emergencies import escalate_now
from workflow.outbox.tasks import ring
from workflow.reminders.approvers import tell_of_no_approver_now
from workflow.reminders.sweeping import sweep


@shared_task(name="workflow.reminders.tasks.sweep_now")
def sweep_now() -> None:
    """What is owed by now is recorded, and the workers know of what waits."""
    sweep()
    escalate_now()
    ring()
    grow_now()
    # Last: nothing that is owed waits for it.
    tell_of_no_approver_now()
