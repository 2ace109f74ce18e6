"""The store and the database agree: by the beat each day, or by hand.

Keys of cases that never came to be are destroyed, and keys of records that were ended, where that
did not go through at once. A hold that stands in the database stands beside its key, and one that
was lifted is let go.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings

from workflow import clock
from workflow.access import context
from workflow.sealed import blind, keys
from workflow.sealed.errors import KeyHeldError

# A younger key may belong to a case that is still to commit.
LEAST_AGE = timedelta(hours=1)

# Each hold that the database knows, by the key's id and its own: what lifted it, if anything did.
Known = dict[tuple[str, str], int | None]


@dataclass
class Settled:
    """What was made good, by the ids of keys.

    `unknown` are held by a mark of which the database knows nothing, `unknown_indexes` by that of
    an index, as made since an older database that was put back; `in_the_way` are of records that
    ended and are held all the same; `back_again` were destroyed for good, and their cases stand, as
    after an older database was put back: they have to be ended again. Of `out_of_reach` a copy lies
    in a place that can't be written. All five are for somebody to look at.
    """

    ended: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    let_go: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unknown_indexes: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)
    back_again: list[str] = field(default_factory=list)
    out_of_reach: list[str] = field(default_factory=list)


def sweep_keys(*, dry_run: bool = False) -> list[str]:
    """The keys older than an hour of no case and no index, destroyed unless only asked for.

    Raises SealedError where the database knows none of the keys.
    """
    with context.serving(context.KEYS):
        cases = apps.get_model("workflow", "Case").objects.values_list("key_id", flat=True)
        indexes = apps.get_model("workflow", "IndexKey").objects.values_list("key_id", flat=True)
        return keys.sweep_orphans(cases, clock.now() - LEAST_AGE, kept=indexes, dry_run=dry_run)


def settle_keys(*, dry_run: bool = False) -> Settled:
    """Holds stand in the store as in the database, and no ended record has a key.

    A mark is let go only where the database says that its hold was lifted: an older database, put
    back, must not free what a newer one held.
    """
    done, store = Settled(), keys.store()
    with context.serving(context.KEYS):
        cases = apps.get_model("workflow", "Case").objects
        holds = apps.get_model("workflow", "LegalHold").objects
        rows = holds.values_list("case__key_id", "mark", "lifted")
        known: Known = {(str(key_id), str(mark)): lifted for key_id, mark, lifted in rows}
        # A key of an index is held while it is in use, and ends as that of a record does.
        known |= blind.marks()
        ended = _ids(cases.filter(disposed_on__isnull=False)) | blind.retired(date.min)
        # Whatever copy still holds one that ended before is older than copies are kept.
        recent = clock.today() - timedelta(days=settings.KEY_COPIES_DAYS + 1)
        ends = _ids(cases.filter(disposed_on__gte=recent)) | blind.retired(recent)
        copied = ends if settings.KEY_COPIES else set()
        done.back_again = sorted(_ids(cases.filter(disposed_on=None, key_id__in=store.gone())))
    _settle_holds(done, known, dry_run=dry_run)
    there = ended & {key_id for key_id, _ in store.ids()}
    for key_id in sorted(there | copied):
        try:
            if not dry_run:
                keys.dispose_of(key_id)
        except KeyHeldError:
            done.in_the_way.append(key_id)
        except OSError:
            done.out_of_reach.append(key_id)
        else:
            done.ended += [key_id] if key_id in there else []
    return done


def let_go(key_id: str, *, dry_run: bool = False) -> int:
    """The marks beside a key of which the database knows no hold are gone; returns how many.

    Unless only asked for.

    For what `Settled.unknown` names, once somebody made sure that nobody holds that record.
    """
    with context.serving(context.KEYS):
        holds = apps.get_model("workflow", "LegalHold").objects.filter(case__key_id=key_id)
        known = {str(mark) for mark in holds.values_list("mark", flat=True)}
        known |= {mark for key, mark in blind.marks() if key == key_id}
    store = keys.store()
    found = [mark for held, mark in store.holds() if held == key_id and mark not in known]
    return len(found) if dry_run else sum(store.let_go(key_id, mark) for mark in found)


def _ids(cases: Any) -> set[str]:
    return {str(key_id) for key_id in cases.values_list("key_id", flat=True)}


def _settle_holds(done: Settled, known: Known, *, dry_run: bool) -> None:
    """Each hold that the database knows is marked until it was lifted."""
    store = keys.store()
    # Read after the database was: what is placed meanwhile is marked, and not known.
    marked = set(store.holds())
    lacking = [one for one, lifted in known.items() if lifted is None and one not in marked]
    over = [one for one, lifted in known.items() if lifted is not None and one in marked]
    done.held, done.let_go = ([key_id for key_id, _ in found] for found in (lacking, over))
    for key_id, mark in sorted(marked - known.keys()):
        (done.unknown_indexes if mark == blind.MARK else done.unknown).append(key_id)
    if dry_run:
        return
    for key_id, mark in lacking:
        store.hold(key_id, mark)
    for key_id, mark in over:
        store.let_go(key_id, mark)
