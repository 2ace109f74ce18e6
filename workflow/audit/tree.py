"""Taking what arrived into the log, and signing how far it has come: the sweep's last step.

One process at a time, under a lock; whoever comes meanwhile leaves it to the other. What arrived
first stands first. Nothing that serves people waits for this.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from workflow import clock
from workflow.audit import keys, verify_audit
from workflow.audit.models import Checkpoint, Counted, Leaf
from workflow.audit.verify_audit import Found, Peaks

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('audit log'))"
# Rows that are not committed yet are not seen, and come next time.
_TAKE = """WITH taken AS (DELETE FROM workflow_arrival RETURNING *)
INSERT INTO workflow_leaf (position, kind, entry, case_id, commitment)
SELECT (SELECT coalesce(max(position) + 1, 0) FROM workflow_leaf)
    + row_number() OVER (ORDER BY id) - 1, kind, entry, case_number, commitment
FROM taken"""
_CHUNK = 10_000


def grow_now() -> int:
    """Everything that had arrived stands in the log, and its new end is signed; returns how much.

    Without a key nothing is signed: the sign of health says so.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE)
        taken = int(cursor.rowcount)
    # Signed only after it was committed: what is signed must never be rolled back.
    if any(settings.AUDIT_KEY):
        sign_the_end(at=clock.now())
    return taken


@transaction.atomic
def sign_the_end(*, at: datetime) -> Checkpoint | None:
    """The end of the log is signed, outside the database first; None when nothing is new."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return None
    last = Checkpoint.objects.order_by("-size").first()
    size, peaks = (last.size, as_peaks(last.peaks)) if last else (0, [])
    leaves = Leaf.objects.filter(position__gte=size).order_by("position")
    before, new = size, Counter[int]()
    read = leaves.values_list("position", "commitment", "case")
    for position, committed, case in read.iterator(_CHUNK):
        if position != size:
            message = f"The log lacks its entry {size}: nothing is signed until that is explained."
            raise RuntimeError(message)
        verify_audit.grow(peaks, verify_audit.leaf(bytes(committed)))
        new[case] += 1
        size += 1
    if size == before:
        return None
    made = signed(size, peaks, _count_what_is_new(last, new), at=at)
    keep_outside(made)
    return Checkpoint.objects.create(
        **{name: made[name] for name in ("size", "root", "counts", "counted", "signature")},
        key=keys.public(),
        at=at,
        peaks=[[height, peak.hex()] for height, peak in peaks],
    )


def _count_what_is_new(last: Checkpoint | None, new: Counter[int]) -> list[tuple[int, int]]:
    """As `counts_of_cases`, once these stand in the log beside those that were counted before.

    Nothing of the log is read for it again. Each case is read once and hashed twice: less than a
    second for 100,000 of them, however many entries they have; a country opens some hundreds a
    year.
    """
    counts = Counter(dict(Counted.objects.values_list("case_number", "entries")))
    if _tallied(sorted(counts.items())) == ((last.counted, last.counts) if last else _tallied([])):
        counts += new
    else:
        # The first time, and where what is kept is not what the last one signed.
        Counted.objects.all().delete()
        counts = new = Counter(dict(counts_of_cases((last.size if last else 0) + new.total())))
    Counted.objects.bulk_create(
        [Counted(case_number=case, entries=counts[case]) for case in new],
        update_conflicts=True,
        unique_fields=["case_number"],
        update_fields=["entries"],
        batch_size=_CHUNK,
    )
    return sorted(counts.items())


def counts_of_cases(size: int) -> list[tuple[int, int]]:
    """How many entries of each case the log of this size holds, by the case's number."""
    rows = Leaf.objects.filter(position__lt=size).order_by("case").values("case")
    return [(row["case"], row["entries"]) for row in rows.annotate(entries=Count("pk"))]


def signed(size: int, peaks: Peaks, counts: Iterable[tuple[int, int]], *, at: datetime) -> Found:
    """The checkpoint of a tree, as it is kept, mailed and verified."""
    counted, tallied = _tallied(counts)
    found: Found = {
        "size": size,
        "root": verify_audit.root_of(peaks).hex(),
        "counted": counted,
        "counts": tallied,
        "at": moment(at),
    }
    return {**found, "signature": keys.sign(verify_audit.checkpoint_message(found))}


def _tallied(counts: Iterable[tuple[int, int]]) -> tuple[int, str]:
    """How many cases these are, and the root of the tree that counts their entries."""
    tallies: Peaks = []
    counted = 0
    for case, entries in counts:
        verify_audit.grow(tallies, verify_audit.tally(case, entries))
        counted += 1
    return counted, verify_audit.root_of(tallies).hex()


def moment(at: datetime) -> str:
    """An instant as the log writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_peaks(kept: Any) -> Peaks:
    """The roots of the whole parts of a tree, from a checkpoint's row."""
    return [(height, bytes.fromhex(peak)) for height, peak in kept]


def as_found(row: Checkpoint) -> Found:
    """A checkpoint's row, as it is kept outside."""
    names = ("size", "root", "counted", "counts", "signature")
    return {**{name: getattr(row, name) for name in names}, "at": moment(row.at)}


def newest_line() -> str:
    """The newest checkpoint as it is mailed; "" while there is none."""
    last = Checkpoint.objects.order_by("-size").first()
    return line(as_found(last)) if last else ""


def keep_outside(one: Found) -> None:
    """The checkpoint is the last line of the file outside the database, and on its disk."""
    path = Path(settings.AUDIT_CHECKPOINTS)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line(one)}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def line(one: Found) -> str:
    """A checkpoint on one line."""
    return json.dumps(one, separators=(",", ":"))


def kept_outside() -> list[Found]:
    """The checkpoints in the file outside the database, as they were written."""
    path = Path(settings.AUDIT_CHECKPOINTS)
    if not path.exists():
        return []
    return [json.loads(one) for one in path.read_text("ascii").splitlines() if one]
