"""The beat's day: answers that nobody may ask for again go."""

from celery import shared_task

from workflow.api import once


@shared_task(name="workflow.api.tasks.sweep_answers_now")
def sweep_answers_now() -> None:
    """Keys of writes are forgotten once they are old."""
    once.sweep()
