"""The worker's doorbell for webhooks."""

from celery import shared_task

from workflow.webhooks.delivering import call_all

# The last call begins by then and takes ten more: the worker does nothing else meanwhile.
A_TURN_SECONDS = 8.0


@shared_task(name="workflow.webhooks.tasks.call_webhooks")
def call_webhooks() -> None:
    """What is due for webhooks was told, or put back, as far as one turn goes."""
    call_all(seconds=A_TURN_SECONDS)
