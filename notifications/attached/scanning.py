"""Having what is held scanned: claim a row, ask, then write down what was said.

What waits is in the table alone, so that a ring or a worker that is lost loses nothing. A worker
that dies while it asks leaves its row to the next one, when its time is up. No answer is no leave:
a document waits until somebody says that it is clean.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from notifications.attached import scanner
from notifications.attached.digests import digest
from notifications.attached.models import AttachedDocument, QuarantinedContent, ScannedContent
from notifications.attached.scanner import Fault, NoAnswer, Verdict
from workflow import clock
from workflow.models import LegalHold, Outbox
from workflow.outbox.services import message
from workflow.retention.standing import is_held
from workflow.sealed.errors import SealedError
from workflow.services import lock_to_note, note

log = logging.getLogger(__name__)

# Longer than any answer is waited for.
LEASE = timedelta(seconds=2 * scanner.ALL_SECONDS)
OUTAGE_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
REFUSED = "document_refused"
State = AttachedDocument.State
# What the worker may read of a document: neither its name nor what it is about.
_READ = (
    "case_id", "authority_id", "number", "by_id",
    "state", "looks", "next_look_at", "salt", "digest",
)  # fmt: skip
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
    """None once it is settled, or was removed or passed on meanwhile; else why it stays held."""
    held = QuarantinedContent.objects.select_related("case").filter(pk=row.pk).first()
    if held is None:
        return _without_content(row)
    row.case = held.case
    try:
        if digest(row.salt, held.content) != row.digest:
            # What was attached is not there; nobody is asked about what is.
            return _without_content(row)
        verdict = scanner.ask(held.content)
        _settle(row, held, verdict, at=clock.now())
    except NoAnswer as none:
        _put_off(row, none.fault, at=clock.now())
        return none.fault
    except SealedError:
        # One whose key is not there must not keep the others waiting.
        log.exception("a document can’t be read or sealed, and stays held")
        _put_off(row, Fault.UNREADABLE, at=clock.now())
        return Fault.UNREADABLE
    return None


def _without_content(row: AttachedDocument) -> Fault | None:
    """Somebody removed it; else it was lost, which the service status says and a person mends."""
    if not AttachedDocument.objects.filter(pk=row.pk, state=State.HELD).exists():
        return None
    log.error("a document is held whose content is not there")
    _put_off(row, Fault.LOST, at=clock.now())
    return Fault.LOST


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
    """The document can be opened, or its content is destroyed and whoever attached it is told.

    The trail says which. Under a legal hold a harmful content stays in quarantine, where nobody can
    open it, until the hold is lifted. Nothing is written where somebody removed the document
    meanwhile, or its record has ended.
    """
    clean = verdict == Verdict.CLEAN
    # The case first, as everywhere; it stays with its authority until all of it is written.
    case = lock_to_note(row.case_id)
    state = State.CLEAN if clean else State.REFUSED
    found = AttachedDocument.objects.filter(pk=row.pk, state=State.HELD)
    if case is None or not found.update(state=state, fault="", settled_at=at):
        return
    added: ScannedContent | Outbox
    if clean:
        added = ScannedContent(
            document_id=row.pk, case=case, authority_id=case.authority_id, content=held.content
        )
    else:
        log.warning("a harmful document was refused")
        added = message(REFUSED, case=case, dedupe=f"document:{row.pk}", at=at, person_id=row.by_id)
    added.save(force_insert=True)
    note(case, f"document_{state}", {"document": row.number, "digest": row.digest}, at=at)
    if clean or not is_held(case):
        QuarantinedContent.objects.filter(pk=row.pk).delete()


def destroy_refused() -> int:
    """What was refused under legal holds that were lifted since is destroyed; returns how many."""
    stands = LegalHold.objects.filter(case=OuterRef("case"), lifted=None)
    refused = QuarantinedContent.objects.filter(document__state=State.REFUSED)
    free = refused.exclude(Exists(stands)).select_related("case")
    keys = [row.pk for row in free.only("document_id", "case__key_id") if not is_held(row.case)]
    return refused.filter(pk__in=keys).delete()[0]
