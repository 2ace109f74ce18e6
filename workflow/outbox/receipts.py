"""What became of messages after GOV.UK Notify took them; the worker asks, nobody calls us.

SMTP has no receipts: a row without the name of one is never asked about.
"""

import logging
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from workflow import clock
from workflow.outbox.delivering import MOST_ATTEMPTS
from workflow.outbox.faults import UnreachableError
from workflow.outbox.given_up import BOUNCED, give_up, tell_operators
from workflow.outbox.models import Outbox
from workflow.outbox.notify import CAME_BACK, DELIVERED, FAILED_FOR_NOW, Notify
from workflow.outbox.transports import by_notify

log = logging.getLogger(__name__)

AT_ONCE = 100
# Notify forgets a message after a week, and knows what became of it after three days.
KNOWN_FOR = timedelta(days=7)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
TRY_AGAIN_AFTER = timedelta(hours=1)
FINAL = FAILED_FOR_NOW | {DELIVERED, CAME_BACK}


def ask_for_receipts() -> int:
    """Of the messages without an outcome, those whose turn it is were asked about; how many."""
    if not by_notify():
        return 0
    asked = 0
    with closing(Notify()) as post:
        for row in _whose_turn_it_is(at=clock.now()):
            try:
                settle(row, post.standings(row.receipt_id), at=clock.now())
            except UnreachableError as outage:
                log.warning("no receipts: GOV.UK Notify can’t be asked (%s)", outage)
                break
            asked += 1
    return asked


def settle(row: Outbox, standings: Mapping[str, str], *, at: datetime) -> None:
    """What is known of every address is kept with the row; nothing while one is undecided.

    Where one failed for now, the row waits to be sent again, to that address alone.
    """
    found = set(standings.values())
    if not found or found - FINAL:
        return
    with transaction.atomic():
        if failed := sorted(found & FAILED_FOR_NOW):
            _send_again(row, failed[0], at=at)
            return
        changed = _open(row).update(
            delivered_at=at if DELIVERED in found else None,
            bounced_at=at if CAME_BACK in found else None,
        )
        if changed and CAME_BACK in found:
            log.error("outbox row %s came back", row.pk)
            tell_operators(BOUNCED, row, at=at)


def _send_again(row: Outbox, failed: str, *, at: datetime) -> None:
    fault = "Notify" + failed.title().replace("-", "")
    again = {"sent_at": None, "next_attempt_at": at + TRY_AGAIN_AFTER, "fault": fault}
    if _open(row).update(**again) and row.attempts >= MOST_ATTEMPTS:
        give_up(row, at=at)


def _open(row: Outbox) -> QuerySet[Outbox]:
    """The row itself, unless somebody was quicker."""
    return Outbox.objects.filter(pk=row.pk, sent_at=row.sent_at, delivered_at=None, bounced_at=None)


def _whose_turn_it_is(*, at: datetime) -> list[Outbox]:
    """Rows to ask about; each is asked about again after a wait that grows with its age.

    What was sent is never tried by itself, so its `next_attempt_at` says when to ask.
    """
    with transaction.atomic():
        rows = list(
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(
                delivered_at=None,
                bounced_at=None,
                sent_at__gte=at - KNOWN_FOR,
                next_attempt_at__lte=at,
            )
            .exclude(receipt_id="")
            .order_by("next_attempt_at", "pk")[:AT_ONCE]
        )
        for row in rows:
            age = at - (row.sent_at or at)
            row.next_attempt_at = at + min(LONGEST_WAIT, max(SHORTEST_WAIT, age / 2))
        Outbox.objects.bulk_update(rows, ["next_attempt_at"])
    return rows
