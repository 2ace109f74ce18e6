"""Sending what is in the outbox: claim a row with a lease, send it, then mark it sent."""

import logging
import uuid
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from workflow import clock
from workflow.outbox.mail import compose
from workflow.outbox.models import Outbox

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
# Longer than a sender can wait for the mail server, or two senders would hold the same row.
LEASE = timedelta(seconds=max(120, 2 * settings.EMAIL_TIMEOUT))


def claim(*, at: datetime) -> Outbox | None:
    """The row that has waited longest, held for this sender alone until its lease ends."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free, sent_at__isnull=True, dead_at__isnull=True, next_attempt_at__lte=at)
            .order_by("next_attempt_at", "pk")
            .select_related("case", "organisation", "person")
            .first()
        )
        if row is None:
            return None
        row.lease_token, row.lease_until = uuid.uuid4(), at + LEASE
        row.attempts += 1
        row.save(update_fields=["lease_token", "lease_until", "attempts"])
    return row


def deliver(*, most: int = 200) -> int:
    """Sends what is due, at most so many, over one connection; returns how many went out."""
    sent = 0
    connection: BaseEmailBackend = get_connection()
    try:
        for _ in range(most):
            row = claim(at=clock.now())
            if row is None:
                break
            sent += _send(row, connection)
    finally:
        connection.close()
    return sent


def _send(row: Outbox, connection: BaseEmailBackend) -> bool:
    now = clock.now()
    message = compose(row, on=clock.london_date(now))
    if message is None:
        _mark(row, dead_at=now)
        log.error("outbox row %s has nobody to go to", row.pk)
        return False
    message.connection = connection
    try:
        message.send()
    except (SMTPException, OSError) as fault:
        _put_back(row, at=now, fault=fault)
        return False
    _mark(row, sent_at=clock.now())
    return True


def _mark(row: Outbox, **moment: datetime) -> None:
    mine = Outbox.objects.filter(pk=row.pk, lease_token=row.lease_token, sent_at__isnull=True)
    mine.update(lease_until=None, **moment)


def _put_back(row: Outbox, *, at: datetime, fault: Exception) -> None:
    # The fault's own text can hold an address, so only its kind is logged.
    log.warning("outbox row %s not sent (%s)", row.pk, type(fault).__name__)
    if row.attempts >= MOST_ATTEMPTS:
        _mark(row, dead_at=at)
        log.error("outbox row %s given up after %s attempts", row.pk, row.attempts)
        return
    wait = timedelta(seconds=min(3600, 15 * 2**row.attempts))
    mine = Outbox.objects.filter(pk=row.pk, lease_token=row.lease_token)
    mine.update(lease_until=None, next_attempt_at=at + wait)
