"""The worker's doorbell for documents: what is held and due is looked at."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from notifications.attached.scanning import destroy_refused, scan_due

log = logging.getLogger(__name__)

# The worker does nothing else meanwhile, and a sweep is promised every minute. The last question of
# a turn may take as long as the scanner is waited for.
A_TURN_SECONDS = 8.0


@shared_task(name="notifications.attached.tasks.scan_held", expires=50)
def scan_held() -> None:
    """What is held and due was looked at, as far as one turn goes; the next ring goes on.

    What was refused under a legal hold that was lifted since is destroyed.
    """
    destroy_refused()
    scan_due(seconds=A_TURN_SECONDS)


def ring() -> None:
    """The worker knows that something is held; the beat rings too, so a lost ring costs little."""
    try:
        scan_held.delay()
    except OperationalError:
        log.warning("the broker can’t be reached: documents are scanned when it returns")
