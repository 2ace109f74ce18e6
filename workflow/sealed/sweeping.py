"""The store and the database agree: by the beat each day, or by hand.

Keys of cases that never came to be are destroyed, and keys of records that were ended, where that
did not go through at once. A hold that stands in the database stands beside its key, and one that
was lifted is let go.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps

from workflow import clock
from workflow.access import context
from workflow.sealed import keys
from workflow.sealed.errors import KeyHeldError

# A younger key may belong to a case that is still to commit.
LEAST_AGE = timedelta(hours=1)

# Each hold that the database knows, by the key's id and its own: what lifted it, if anything did.
Known = dict[tuple[str, str], int | None]


@dataclass
class Settled:
    """What was made good, by the ids of keys.

    `unknown` are held by a mark of which the database knows nothing, `in_the_way` of records that
    ended and are held all the same: both are for somebody to look at.
    """

    ended: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    let_go: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)


def sweep_keys(*, dry_run: bool = False) -> list[str]:
    """The keys older than an hour that no case names, destroyed unless only asked for.

    Raises SealedError where the database knows none of the keys.
    """
    with context.serving(context.KEYS):
        known = apps.get_model("workflow", "Case").objects.values_list("key_id", flat=True)
        return keys.sweep_orphans(known, clock.now() - LEAST_AGE, dry_run=dry_run)


def settle_keys(*, dry_run: bool = False) -> Settled:
    """Holds stand in the store as in the database, and no ended record has a key.

    A mark is let go only where the database says that its hold was lifted: an older database, put
    back, must not free what a newer one held. Raises OSError for a place of copies out of reach.
    """
    done, store = Settled(), keys.store()
    with context.serving(context.KEYS):
        cases = apps.get_model("workflow", "Case").objects
        holds = apps.get_model("workflow", "LegalHold").objects
        rows = holds.values_list("case__key_id", "mark", "lifted")
        known: Known = {(str(key_id), str(mark)): lifted for key_id, mark, lifted in rows}
        ended = cases.filter(disposed_on__isnull=False).values_list("key_id", flat=True)
        gone = {str(key_id) for key_id in ended}
    _settle_holds(done, known, dry_run=dry_run)
    for key_id in sorted(gone & {key_id for key_id, _ in store.ids()}):
        try:
            if not dry_run:
                keys.dispose_of(key_id)
            done.ended.append(key_id)
        except KeyHeldError:
            done.in_the_way.append(key_id)
    return done


def _settle_holds(done: Settled, known: Known, *, dry_run: bool) -> None:
    """Each hold that the database knows is marked until it was lifted."""
    store = keys.store()
    # Read after the database was: what is placed meanwhile is marked, and not known.
    marked = set(store.holds())
    lacking = [one for one, lifted in known.items() if lifted is None and one not in marked]
    over = [one for one, lifted in known.items() if lifted is not None and one in marked]
    done.held, done.let_go = ([key_id for key_id, _ in found] for found in (lacking, over))
    done.unknown = sorted(key_id for key_id, _ in marked - known.keys())
    if dry_run:
        return
    for key_id, mark in lacking:
        store.hold(key_id, mark)
    for key_id, mark in over:
        store.let_go(key_id, mark)
