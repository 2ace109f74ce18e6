"""Sending what is in the outbox: claim rows with a lease, send each, then mark it sent.

A sender that dies leaves its rows leased; another claims them when the lease ends and sends them
again under the same Message-ID. So a message may arrive twice, never not at all.
"""

import logging
import math
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from workflow import clock
from workflow.deadlines.calendar import calendar
from workflow.law.calendar import Calendar
from workflow.outbox.faults import DeferredError, NotTakenError, RefusedError, UnreachableError
from workflow.outbox.given_up import give_up
from workflow.outbox.mail import Known, compose, told_by_name
from workflow.outbox.models import MAIL, WAITING, Outbox
from workflow.outbox.transports import Transport, longest_wait, transport
from workflow.outbox.turn import (
    START,
    Place,
    keep_for_a_working_day,
    next_in_turn,
    place,
    read_readers,
    read_reminded,
    restricted_since,
    set_aside,
    taken_together,
    told_to_nobody,
)
from workflow.queues.keyset import OneOf

log = logging.getLogger(__name__)

CHUNK = 200
MOST_ATTEMPTS = 10
# A server that takes nothing for now, over a long weekend even, must need nobody's hand for each
# message when it takes mail again.
PATIENCE = timedelta(days=4)
# A row that senders take and never give back may be what ends them: it is taken alone, so that no
# other row is blamed, and in the end it is set aside.
MOST_CLAIMS = 25
# Longer than a sender can wait for the mail server, or two senders would hold the same row.
LEASE = timedelta(seconds=max(120, 2 * longest_wait()))
OUTAGE_WAIT = timedelta(seconds=60)
A_LITTLE_LATER = timedelta(seconds=1)
# How much of what is sent but not yet marked a dying sender can leave to be sent a second time.
MARK_AFTER_SECONDS = 0.1
# For so long it is believed that a case which was not restricted still is not.
BELIEVED_SECONDS = 1.0


def claim(
    *,
    at: datetime,
    ids: Sequence[int] | None = None,
    most: int = CHUNK,
    after: Place = START,
    days: Calendar | None = None,
    of: Q = MAIL,
) -> tuple[uuid.UUID, list[Outbox]]:
    """Up to `most` rows, held for this sender alone until their lease ends, and the lease's token.

    A message about a duty that is discharged, about a date that has moved, about nothing but a view
    that was given, or about a restricted case to whoever is not named to it, is cancelled here and
    not among them; neither is one that has ended its senders too often, nor a reminder that is kept
    for a working day. `after` is a place in the
    queue behind which nobody looks: what was dealt with before it need not be walked over.
    """
    token = uuid.uuid4()
    while True:
        with _waiting_for_no_disk():
            found = list(next_in_turn(at, ids, after, of)[:most])
            today = clock.london_date(at)
            moot = read_reminded(found, on=today)
            moot |= told_to_nobody(found, on=today)
            set_aside(moot, cancelled_at=at)
            due = [row for row in found if row.pk not in moot]
            kept = keep_for_a_working_day(due, at=at, days=days or calendar())
            owed = [row for row in due if row.pk not in kept]
            held = taken_together(owed)
            if held and held[0].claims >= MOST_CLAIMS:
                give_up(held.pop(0), at=at)
            Outbox.objects.filter(OneOf(F("pk"), [row.pk for row in held])).update(
                lease_token=token, lease_until=at + LEASE, claims=F("claims") + 1
            )
        if held or not found:
            read_readers(held)
            return token, held
        # All that was found is set aside now; there may be others.
        after = place(owed[0] if owed else found[-1])


@contextmanager
def _waiting_for_no_disk() -> Iterator[None]:
    """A transaction that a crash of the database may undo for a moment after its end.

    What is undone is a claim or the mark of what was sent, as if the sender had died before: the
    message goes out again under the same Message-ID. Waiting for the disk would cost more than
    sending does.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        yield


def deliver(ids: Sequence[int] | None = None, *, seconds: float = math.inf) -> int:
    """What is due has been sent, or put back with a later attempt; returns how many went out.

    After so many `seconds` no other message is begun; what is left waits as it did.
    """
    with transport() as post:
        return deliver_over(post, ids, seconds=seconds)


def deliver_over(
    post: Transport, ids: Sequence[int] | None = None, *, seconds: float = math.inf
) -> int:
    """As `deliver`, over a connection that the caller keeps; nothing while sending is held."""
    if settings.SENDING_HELD:
        return 0
    sent, after, days = 0, START, calendar()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        token, rows = claim(at=clock.now(), ids=ids, after=after, days=days)
        if not rows:
            break
        after = place(rows[-1])
        try:
            sent += Sender(post, token, days, until).send(rows)
        except UnreachableError as outage:
            # What somebody must put right stands out from what passes.
            level = logging.ERROR if isinstance(outage, RefusedError) else logging.WARNING
            log.log(level, "no message can be sent now (%s)", outage)
            break
    return sent


@dataclass
class Sender:
    """Sends claimed rows over one connection."""

    post: Transport
    token: uuid.UUID
    days: Calendar
    until: float = math.inf
    began: float = field(default_factory=time.monotonic)
    known: Known = field(default_factory=dict)
    unmarked: list[Outbox] = field(default_factory=list)
    marked_at: float = field(default_factory=time.monotonic)
    asked_at: float = field(default_factory=time.monotonic)

    def send(self, rows: list[Outbox]) -> int:
        """Each row is sent, put back or given up; returns how many went out.

        Raises UnreachableError when there is no server to send over; no row is blamed for that.
        """
        sent = 0
        left = list(rows)
        try:
            while (left := self._still_told(left)) and self._may_go_on():
                sent += self._one(left[0])
                left.pop(0)
        except UnreachableError as outage:
            # The row in hand comes after the others, so that it keeps none back if it is what
            # breaks the server.
            self._hand_back(left[1:], wait=OUTAGE_WAIT, fault=str(outage))
            self._hand_back(left[:1], wait=OUTAGE_WAIT + A_LITTLE_LATER, fault=str(outage))
            left = []
            raise
        finally:
            self._mark()
            self._hand_back(left)
        return sent

    def _may_go_on(self) -> bool:
        return time.monotonic() < min(self.until, self.began + LEASE.total_seconds() / 2)

    def _still_told(self, rows: list[Outbox]) -> list[Outbox]:
        if time.monotonic() - self.asked_at < BELIEVED_SECONDS:
            return rows
        now, self.asked_at = clock.now(), time.monotonic()
        moot = restricted_since(rows, on=clock.london_date(now))
        set_aside(moot, cancelled_at=now)
        return [row for row in rows if row.pk not in moot]

    def _one(self, row: Outbox) -> bool:
        now = clock.now()
        message = compose(row, on=clock.london_date(now), days=self.days, known=self.known)
        if message is None:
            # Where nobody is named for whom it is, nobody has to be told.
            if told_by_name(row) or row.webhook_id:
                set_aside([row.pk], cancelled_at=now)
            else:
                give_up(row, at=now)
            return False
        try:
            row.receipt_id = self.post.send(message)
        except NotTakenError as fault:
            _put_back(row, self.token, at=now, fault=fault)
            return False
        row.sent_at = clock.now()
        self.unmarked.append(row)
        if time.monotonic() - self.marked_at > MARK_AFTER_SECONDS:
            self._mark()
        return True

    def _mark(self) -> None:
        """Every row that was taken is marked, if this sender still holds it."""
        rows, self.unmarked = self.unmarked, []
        self.marked_at = time.monotonic()
        for receipt in {row.receipt_id for row in rows}:
            mine = [row for row in rows if row.receipt_id == receipt]
            with _waiting_for_no_disk():
                Outbox.objects.filter(
                    WAITING, OneOf(F("pk"), [row.pk for row in mine]), lease_token=self.token
                ).update(
                    sent_at=mine[-1].sent_at,
                    lease_until=None,
                    fault="",
                    receipt_id=receipt,
                    attempts=F("attempts") + 1,
                )

    def _hand_back(
        self, rows: Iterable[Outbox], wait: timedelta = timedelta(), fault: str = ""
    ) -> None:
        """Rows that were not tried are as they were, but for what they wait for."""
        keys = [row.pk for row in rows]
        if keys:
            Outbox.objects.filter(pk__in=keys, lease_token=self.token).update(
                lease_until=None,
                claims=F("claims") - 1,
                next_attempt_at=clock.now() + wait,
                fault=fault or F("fault"),
            )


def _put_back(row: Outbox, token: uuid.UUID, *, at: datetime, fault: NotTakenError) -> None:
    # The fault's own text can hold an address, so only its kind is logged.
    log.warning("outbox row %s not sent (%s)", row.pk, fault)
    row.attempts += 1
    mine = Outbox.objects.filter(pk=row.pk, lease_token=token)
    tried = {"fault": str(fault), "attempts": row.attempts, "claims": 0}
    hope = isinstance(fault, DeferredError) and at - row.waits_since < PATIENCE
    if row.attempts >= MOST_ATTEMPTS and not hope:
        mine.update(**tried)
        give_up(row, at=at)
        return
    wait = timedelta(seconds=min(3600, 15 * 2**row.attempts))
    mine.update(lease_until=None, next_attempt_at=at + wait, **tried)
