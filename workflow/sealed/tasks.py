"""The beat's day: keys of no case go."""

import logging

from celery import shared_task

from workflow.sealed.errors import SealedError
from workflow.sealed.sweeping import sweep_keys

log = logging.getLogger(__name__)


@shared_task(name="workflow.sealed.tasks.sweep_keys_now")
def sweep_keys_now() -> None:
    """Keys of no case are destroyed; where no key is known, none is, and the log says so."""
    try:
        orphans = sweep_keys()
    except SealedError as refusal:
        log.error("keys were not swept: %s", refusal)  # noqa: TRY400
        return
    if orphans:
        log.info("%s keys of no case destroyed", len(orphans))
