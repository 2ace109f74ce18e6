"""Rounds of sending and asking, and the row that they are about."""

from datetime import timedelta

from workflow import clock
from workflow.models import Outbox
from workflow.outbox.delivering import deliver
from workflow.outbox.mail import addresses
from workflow.outbox.receipts import ask_for_receipts


def the_one(*, to: int = 1) -> Outbox:
    """A row with so many addresses; no other waits."""
    rows = Outbox.objects.order_by("pk")
    row = next(one for one in rows if len(addresses(one, on=clock.today())) == to)
    Outbox.objects.exclude(pk=row.pk).update(cancelled_at=clock.now())
    return row


def deliver_later() -> int:
    """A round after every wait has passed."""
    Outbox.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    return deliver()


def fresh(row: Outbox) -> Outbox:
    row.refresh_from_db()
    return row


def ask_at_once() -> int:
    """A round of asking after every wait has passed."""
    Outbox.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))
    return ask_for_receipts()
