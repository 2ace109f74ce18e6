"""The worker's doorbells: each rings, and what is due in the tables is done.

A ring carries identifiers at most, and a lost one costs nothing: the next sweep rings again.
"""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from workflow import clock
from workflow.outbox import receipts
from workflow.outbox.delivering import CHUNK, deliver
from workflow.outbox.turn import waiting

log = logging.getLogger(__name__)

# The worker does nothing else meanwhile, and a sweep is promised every minute.
A_TURN_SECONDS = 15.0


@shared_task(name="workflow.outbox.tasks.deliver_chunk", expires=50)
def deliver_chunk(ids: list[int]) -> None:
    """Of these rows, what is due has been sent, or put back, as far as one turn goes."""
    deliver(ids, seconds=A_TURN_SECONDS)


@shared_task(name="workflow.outbox.tasks.deliver_due")
def deliver_due() -> None:
    """What is due has been sent, or put back, as far as one turn goes; the next ring goes on."""
    deliver(seconds=A_TURN_SECONDS)


@shared_task(name="workflow.outbox.tasks.ask_for_receipts")
def ask_for_receipts() -> None:
    """What became of sent messages is known as far as it can be asked."""
    receipts.ask_for_receipts()


def ring() -> bool:
    """The workers know of all that waits to be sent; False when no broker takes the message."""
    keys = waiting(at=clock.now())
    try:
        for first in range(0, len(keys), CHUNK):
            deliver_chunk.delay(keys[first : first + CHUNK])
    except OperationalError:
        log.warning("the broker can’t be reached: what waits goes out when it returns")
        return False
    return True
