"""The worker's doorbell: it rings, and whatever is due in the outbox is sent."""

from celery import shared_task

from workflow.outbox.delivering import deliver


@shared_task(name="workflow.outbox.tasks.deliver_due")
def deliver_due() -> None:
    """What is due has been sent, or put back with a later attempt."""
    deliver()
