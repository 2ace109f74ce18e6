"""Having what is held scanned: claim a row, ask, then write down what was said.

What waits is in the table alone, so that a ring or a worker that is lost loses nothing. A worker
that dies while it asks leaves its row to the next one, when its time is up. No answer is no leave:
a document waits until somebody says that it is clean.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.attached import scanner
from notifications.attached.models import AttachedDocument, QuarantinedContent, ScannedContent
from notifications.attached.scanner import Fault, NoAnswer, Verdict
from workflow import clock
from workflow.outbox.services import message
from workflow.sealed.errors import SealedError

log = logging.getLogger(__name__)

# Longer than any answer is waited for.
LEASE = timedelta(seconds=2 * scanner.ALL_SECONDS)
OUTAGE_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
REFUSED = "document_refused"
State = AttachedDocument.State
# What the worker may read of a document: neither its name nor what it is about.
_READ = ("case_id", "authority_id", "number", "by_id", "state", "looks", "next_look_at")
# Of these the next document would be told the same.
_OF_THE_SCANNER = {Fault.NONE, Fault.UNREACHABLE, Fault.SLOW}


def scan_due(*, seconds: float) -> int:
    """What is held and due was looked at, as far as the time goes; returns how many were settled.

    A scanner that is not there ends the turn at once.
    """
    settled, until = 0, time.monotonic() + seconds
    while time.monotonic() < until and (row := _claimed(clock.now())):
        fault = _looked_at(row)
        settled += fault is None
        if fault in _OF_THE_SCANNER:
            # Whoever is slow with one takes as long with the next, and the worker has more to do.
            log.warning("documents stay held (%s)", fault)
            break
    return settled


def _claimed(at: datetime) -> AttachedDocument | None:
    """The document that has waited longest, which nobody else looks at until its lease ends."""
    with transaction.atomic():
        # Of a record that has ended there is nothing left to be opened.
        waiting = AttachedDocument.objects.filter(state=State.HELD, case__disposed_on=None)
        due = waiting.only(*_READ).filter(next_look_at__lte=at).order_by("next_look_at", "pk")
        locked = due.select_for_update(of=("self",), skip_locked=True)
        row = locked.first()
        if row is not None:
            AttachedDocument.objects.filter(pk=row.pk).update(
                next_look_at=at + LEASE, looks=F("looks") + 1
            )
            row.looks += 1
        return row


def _looked_at(row: AttachedDocument) -> Fault | None:
    """None once the document is settled, or was removed meanwhile; else why it stays held."""
    held = QuarantinedContent.objects.select_related("case").filter(pk=row.pk).first()
    if held is None:
        return None
    try:
        verdict = scanner.ask(held.content)
    except NoAnswer as none:
        _put_off(row, none.fault, at=clock.now())
        return none.fault
    except SealedError:
        # One whose key is not there must not keep the others waiting.
        log.exception("a document can’t be read, and stays held")
        _put_off(row, Fault.UNREADABLE, at=clock.now())
        return Fault.UNREADABLE
    _settle(row, held, verdict, at=clock.now())
    return None


def _put_off(row: AttachedDocument, fault: Fault, *, at: datetime) -> None:
    wait = OUTAGE_WAIT
    if fault not in {Fault.NONE, Fault.UNREACHABLE}:
        wait = min(LONGEST_WAIT, OUTAGE_WAIT * 2 ** min(row.looks, 10))
    AttachedDocument.objects.filter(pk=row.pk, state=State.HELD).update(
        fault=fault.value, next_look_at=at + wait
    )


@transaction.atomic
def _settle(
    row: AttachedDocument, held: QuarantinedContent, verdict: Verdict, *, at: datetime
) -> None:
    """The document can be opened, or its content is destroyed and whoever attached it is told."""
    clean = verdict == Verdict.CLEAN
    state = State.CLEAN if clean else State.REFUSED
    # Nothing is written of a document that somebody removed while it was looked at.
    if not AttachedDocument.objects.filter(pk=row.pk, state=State.HELD).update(
        state=state, fault="", settled_at=at
    ):
        return
    if clean:
        scanned = ScannedContent(
            document_id=row.pk,
            case=held.case,
            authority_id=held.authority_id,
            content=held.content,
        )
        scanned.save(force_insert=True)
    else:
        log.warning("a harmful document was refused and its content destroyed")
        message(
            REFUSED,
            case=held.case,
            dedupe=f"document:{row.pk}",
            at=at,
            person_id=row.by_id,
        ).save(force_insert=True)
    QuarantinedContent.objects.filter(pk=row.pk).delete()
