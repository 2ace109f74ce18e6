"""Where a child is looked for without opening any case: in two indexes of what tells it apart.

An authority's own tells of its cases alone, under that authority's key. The national one is written
under the Panel's, names no case in clear, and is asked for the Panel's people alone. Neither key
leaves the service, and both are new soon after the end of any record (see `blind`).
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from notifications.document import NOTIFICATION
from notifications.known import Known, children
from notifications.models import ChildDigest, NationalDigest
from notifications.sections import Paper
from workflow.access import context
from workflow.models import Case, DisposalStep, Organisation
from workflow.sealed import blind
from workflow.sealed.blind import State, Veil
from workflow.sealed.errors import SealedError
from workflow.sealed.names import document_of

log = logging.getLogger(__name__)

PANEL = "panel"
# So many places of a case are looked at at once.
STEP = 64
MANY = 2000
_IN_PLACE = """
UPDATE notifications_childdigest kept SET digest = anew.digest
FROM unnest(%s::bigint[], %s::bytea[]) AS anew (id, digest) WHERE kept.id = anew.id
"""


@transaction.atomic
def keep(paper: Paper, *, anew: bool = False) -> bool:
    """Both indexes have the case's children as they are answered now, and no others.

    Follows each save of what tells children apart, and each change of the authority. Where a key
    is not at hand, both stay as they are, and the answer is False: what an index tells wrongly is
    found out when the case is opened. With `anew` they are written again even where they look
    right.
    """
    case = paper.case
    if not case.is_locked:
        # Two people who save two pages of one child at once wait here, and the second reads the
        # first. Somebody else may have passed the case on meanwhile, and does this then.
        now = _locked(case.pk)
        if now is None or now.authority_id != case.authority_id:
            return True
        if document_of(now.notification.cycle) != paper.name:
            return True
        paper = Paper.read(case, paper.document, paper.name, on=paper.on, lists=paper.lists)
    words = _words(children(paper).values())
    if not (words or anew or ChildDigest.objects.filter(case=case).exists()):
        return True
    blind.steady()
    own, panel = (blind.veil_of(body, make=_ends) for body in (case.authority_id, _panel()))
    if own is None or panel is None:
        if not anew:
            # Whoever writes all of them says that itself.
            blind.missing(paper.on)
        return False
    _write(case, words, own, panel, anew=anew)
    return True


def _ends() -> int:
    with context.serving(context.CHILDREN):
        return ends().count()


def _write(case: Case, words: set[str], own: Veil, panel: Veil, *, anew: bool) -> None:
    wanted = {own.word(word) for word in words}
    kept = ChildDigest.objects.filter(case=case)
    if not anew and {bytes(one) for one in kept.values_list("digest", flat=True)} == wanted:
        # Under no other key would they be the same, and neither index is written without the other.
        return
    kept.delete()
    ChildDigest.objects.bulk_create(
        ChildDigest(case=case, authority_id=case.authority_id, digest=one) for one in sorted(wanted)
    )
    with context.serving(context.CHILDREN):
        _take_out(panel, case.pk)
        NationalDigest.objects.bulk_create(
            NationalDigest(place=panel.place(case.pk, number), digest=one)
            for number, one in enumerate(sorted(map(panel.word, words)))
        )


def in_authority(authority: int, wanted: Iterable[Known]) -> set[int]:
    """The cases of an authority that have something in common with one of these children."""
    words = _words(wanted)
    if not words:
        return set()
    blind.steady()
    veil = blind.veil_of(authority)
    rows = ChildDigest.objects.filter(authority=authority, digest__in=_sealed(veil, words))
    return set(rows.values_list("case", flat=True))


def everywhere(wanted: Iterable[Known]) -> set[int]:
    """The same over every authority: for the Panel's people alone."""
    words = _words(wanted)
    if not words:
        return set()
    blind.steady()
    veil = blind.veil_of(_panel())
    if veil is None:
        return set()
    with context.serving(context.CHILDREN):
        rows = NationalDigest.objects.filter(digest__in=_sealed(veil, words))
        found = {veil.case_at(place) for place in rows.values_list("place", flat=True)}
    return {case for case in found if case is not None}


def forget(case: Case) -> None:
    """Nothing is found of a case any more; where the Panel's key is away, once it is back."""
    # First: whoever gives the index a new key waits for nobody who waits for that.
    blind.steady()
    ChildDigest.objects.filter(case=case).delete()
    if veil := blind.veil_of(_panel()):
        with context.serving(context.CHILDREN):
            _take_out(veil, case.pk)


def renew(*, on: date, states: AbstractSet[State] = blind.DUE) -> int:
    """How many indexes have a new key: those whose key is in one of these states.

    Without more, none keeps a key of when an ended record still stood. So what an older backup
    holds of that record's children is worthless, and stays so. No case is opened. Each index is
    done for itself, so that nobody waits for more than one. One whose key could not be read is
    empty under its new one: `keep_all` fills it.
    """
    # Asked first, so that nobody waits for a process that finds nothing to do.
    ended = _ends()
    found = [key for key in blind.in_use() if blind.state_of(key, ended) in states]
    bodies = [key.organisation_id for key in found]
    return sum(_renewed(body, states, on) for body in bodies)


@transaction.atomic
def _renewed(body: int, states: AbstractSet[State], on: date) -> bool:
    with context.serving(context.CHILDREN):
        blind.alone()
        key, ended = blind.in_use().get(organisation=body), ends().count()
        if blind.state_of(key, ended) not in states:
            return False
        cases = Case.objects.filter(disposed_on__isnull=True)
        standing = set(cases.values_list("pk", flat=True))

        def write(old: Veil | None, new: Veil) -> None:
            if old is None:
                log.error("an index is empty until manage.py index_children was run")
            if body == _panel():
                _national_anew(standing, old, new)
            else:
                _own_anew(body, standing, old, new)

        blind.renew(key, ended, write, on)
    return True


def ends() -> QuerySet[DisposalStep]:
    """The end of each record, the first to end first, as a purpose of the service sees them.

    They are counted: by the newest alone one that began before it and committed after it would be
    missed.
    """
    return DisposalStep.objects.filter(kind=DisposalStep.Kind.CONFIRMED).order_by("at", "pk")


def keep_all(*, on: date, dry_run: bool = False) -> Iterator[bool]:
    """Both indexes have the children of every case that can be opened; yields whether one has.

    Each case is done for itself, so that it can be broken off and begun again at any time. With
    `dry_run` each is opened and nothing is written.
    """
    with context.serving(context.CHILDREN):
        cases = Case.objects.filter(disposed_on__isnull=True).order_by("pk")
        found = list(cases.values_list("pk", flat=True))
    for key in found:
        try:
            with context.serving(context.CHILDREN):
                kept = _keep_one(key, on, dry_run=dry_run)
            yield kept
        except (SealedError, OSError):
            yield False


def _keep_one(key: int, on: date, *, dry_run: bool) -> bool:
    if Case.objects.filter(pk=key).taken_in_hand().first() is None:
        return True
    # The case is at hand only for statements after the one that took it.
    case = _locked(key)
    if case is None:
        return True
    case.notification.case, case.is_locked = case, True
    paper = Paper.read(case, NOTIFICATION, document_of(case.notification.cycle), on=on)
    if dry_run:
        # A page is opened when its answers are asked for.
        children(paper)
        return True
    return keep(paper, anew=True)


def _locked(key: int) -> Case | None:
    """A case whose record stands, under the locks that every act on it takes, in their order."""
    locked = Case.objects.select_for_update(of=("self", "notification"))
    standing = locked.filter(pk=key, notification__isnull=False, disposed_on__isnull=True)
    return standing.select_related("notification").first()


def _own_anew(body: int, standing: set[int], old: Veil | None, new: Veil) -> None:
    kept, lost = [], []
    for row in ChildDigest.objects.filter(authority=body):
        # An older release that ended a record knew of no index.
        digest = new.again(row.digest, old) if old and row.case_id in standing else None
        if digest is None:
            lost.append(row.pk)
        else:
            row.digest = digest
            kept.append(row)
    ChildDigest.objects.filter(pk__in=lost).delete()
    # In place: a new row would ask for its case, which somebody may have locked who waits for us.
    with connection.cursor() as cursor:
        cursor.execute(_IN_PLACE, [[row.pk for row in kept], [row.digest for row in kept]])


def _national_anew(standing: set[int], old: Veil | None, new: Veil) -> None:
    # Where the Panel's key was away as a record ended, what is left of it ends here.
    rows, kept = NationalDigest.objects.all(), []
    numbers: dict[int, Iterator[int]] = {}
    for place, one in rows.values_list("place", "digest") if old else ():
        case = old.case_at(place) if old else None
        if old and case in standing and (digest := new.again(one, old)):
            number = next(numbers.setdefault(case, count()))
            kept.append(NationalDigest(place=new.place(case, number), digest=digest))
    rows.delete()
    NationalDigest.objects.bulk_create(_shuffled(kept), batch_size=MANY)


def _shuffled(rows: list[Any]) -> list[Any]:
    """In an order that says nothing of which were written together."""
    secrets.SystemRandom().shuffle(rows)
    return rows


def _take_out(veil: Veil, case: int) -> None:
    """The rows of a case in the national index are gone; their places are numbered without gaps."""
    for start in count(0, STEP):
        places = [veil.place(case, number) for number in range(start, start + STEP)]
        gone, _ = NationalDigest.objects.filter(place__in=places).delete()
        if gone < STEP:
            return


def _words(wanted: Iterable[Known]) -> set[str]:
    return {word for one in wanted for word in one.marks()}


def _sealed(veil: Veil | None, words: set[str]) -> list[bytes]:
    return [veil.word(word) for word in words] if veil else []


def _panel() -> int:
    return Organisation.objects.values_list("pk", flat=True).get(key=PANEL)
