"""The sweep: what is owed by now is recorded, once, whoever sweeps and however many do.

Three steps, each a few statements however much is due, each whole by itself: plan the rungs of
clocks that are new or have moved, record the rungs whose moment has come, and make the digests.
A process that dies in between leaves nothing half done; the next one goes on.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max

from workflow import clock
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.ladders import ANY_DAY, LEADS, LOUD, RIDE_WITH_IT, base, ladder, leaves_at, rung
from workflow.outbox.models import NOT_BEFORE
from workflow.reminders import statements
from workflow.reminders.models import PlannedRung
from workflow.reminders.recipients import ENOUGH, Directory, Recipient

MOST = 1000
SHARED = 0
MOST_ROUNDS = 50
# Who owes a duty, which, and the rung of its ladder.
Rung = tuple[int, str, str]


@dataclass(frozen=True)
class Swept:
    """What one sweep did: clocks planned, rungs recorded, digests made.

    `whole` says that nothing owed by its instant was left, in other sweepers' hands neither.
    """

    planned: int
    recorded: int
    digests: int
    whole: bool


def sweep(*, at: datetime | None = None) -> Swept:
    """Everything owed by this instant is recorded, and what it takes to tell is in the outbox.

    Harmless at any time, in any number at once, after any interruption.
    """
    now = at or clock.now()
    planned = recorded = 0
    for _ in range(MOST_ROUNDS):
        new, due = _until_none(_plan, now), record(now)
        planned, recorded = planned + new, recorded + due
        # A repeated rung that was recorded has the next one planned, which may be due already.
        if not due:
            break
    digests = make_digests(now)
    return Swept(planned, recorded, digests, beat(now))


def beat(now: datetime) -> bool:
    """Whether all that is owed by this instant is recorded; if so, the sweep's heart has beaten."""
    with connection.cursor() as cursor:
        digests = _leaves_at(now) == now
        cursor.execute(statements.BEAT, {"now": now, "day": _day(now), "digests": digests})
        return bool(cursor.rowcount)


def _until_none(step: Any, now: datetime) -> int:
    done = 0
    while count := step(now):
        done += count
    return done


@transaction.atomic
def _plan(now: datetime) -> int:
    """Plans the rungs of up to `MOST` clocks that are new or have moved; returns how many."""
    rows = list(
        Deadline.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .open()
        .exclude(planned_revision=F("revision"))
        .order_by("pk")
        .values_list("pk", "authority_id", "revision", "duty", "start_on", "due_on", "revised_at")[
            :MOST
        ]
    )
    if not rows:
        return 0
    days, reached = calendar(), _reached([row[0] for row in rows])
    planned = [
        (deadline, authority, revision, rung.key, rung.at)
        for deadline, authority, revision, duty, start_on, due_on, set_at in rows
        for rung in ladder(
            duties.by_slug(duty),
            start_on=start_on,
            due_on=due_on,
            set_at=set_at,
            calendar=days,
            until=max(now, reached.get(deadline, now)),
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(statements.PLAN, _columns(planned, 5))
        keys = [row[0] for row in rows], [row[2] for row in rows]
        cursor.execute(statements.PLANNED, keys)
    return len(rows)


def _reached(deadlines: list[int]) -> dict[int, datetime]:
    """Of each of these clocks, as it is set now, the moment of the last rung that was swept.

    Whoever plans may have looked at the time before a repeated rung came round that another has
    recorded since: from that one the clock is planned further, not from before it. Asked with the
    clocks in hand, so that whoever records waits, and has it planned again.
    """
    swept = PlannedRung.objects.filter(
        deadline__in=deadlines, revision=F("deadline__revision"), swept_at__isnull=False
    )
    found = swept.order_by().values("deadline").annotate(last=Max("planned_at"))
    return {row["deadline"]: row["last"] for row in found}


def record(now: datetime, *, most: int = MOST) -> int:
    """Every rung whose moment has come is recorded for each person it is owed to."""
    return sum(recording(now, most=most))


def recording(now: datetime, *, most: int = MOST) -> Iterator[int]:
    """As `record`, a batch of rungs at a time: how many each recorded."""
    audience, leaves = Audience(now), _leaves_at(now)
    # A bookmark, so that no batch walks again over what the ones before it have dealt with.
    after: tuple[Any, int] = (datetime.min.replace(tzinfo=now.tzinfo), 0)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            look = {"now": now, "most": most, "after_at": after[0], "after_id": after[1]}
            cursor.execute(statements.DUE, look)
            due = cursor.fetchall()
            if not due:
                return
            told = audience.of([(row[0], row[2:]) for row in due])
            values: dict[str, Any] = {"now": now, "on": audience.on, "loud": LOUD, "enough": ENOUGH}
            values |= {"leads": LEADS, "riding": list(RIDE_WITH_IT), **told, **_kept(leaves)}
            cursor.execute(statements.RECORD, values)
            recorded = int(cursor.fetchone()[0])
        after = due[-1][1], due[-1][0]
        yield recorded


class Audience:
    """Who could be told by each rung, as the columns that the recording statement joins."""

    def __init__(self, now: datetime) -> None:
        self.on = clock.london_date(now)
        self._directories: dict[int, Directory] = {}
        self._told: dict[Rung, list[Recipient]] = {}

    def of(self, due: Sequence[tuple[int, Rung]]) -> dict[str, list[Any]]:
        """Each of these rungs, by its key, with the numbers of its groups; and who is in these.

        Besides, who is in reserve, and who of all these asked to be spared.
        """
        self._read(owner for _, (owner, _, _) in due)
        numbers: dict[Rung, int] = {}
        looked = [
            (key, numbers.setdefault(group, len(numbers)), *_manner(owner, duty, rung_key))
            for key, (owner, duty, rung_key) in due
            for group in _groups(owner, duty, base(rung_key))
        ]
        told = [
            (number, one.person, one.through)
            for group, number in numbers.items()
            for one in self._in(group)
        ]
        reserves = [
            (owner, one.person, one.through, place)
            for owner in sorted({owner for *_, owner in looked if owner})
            for place, one in enumerate(self._directories[owner].reserves(owner), start=1)
        ]
        people = [row[1] for row in told] + [row[1] for row in reserves]
        spared = self._directories[SHARED].spared(people)
        return {
            **_named(looked, "ids", "groups", "quiets", "owners"),
            **_named(told, "told", "people", "throughs"),
            **_named(reserves, "reserves_of", "reserves", "reserves_through", "places"),
            **_named(spared, "spared", "always"),
        }

    def _read(self, owners: Iterable[int]) -> None:
        missing = {SHARED, *owners} - self._directories.keys()
        if missing:
            self._directories |= dict.fromkeys(missing, Directory.read(missing, on=self.on))

    def _in(self, group: Rung) -> list[Recipient]:
        if group not in self._told:
            owner, duty, key = group
            found = self._directories[owner]
            self._told[group] = (
                found.partners()
                if owner == SHARED
                else found.audience(owner, duty, rung(duty, key).to)
            )
        return self._told[group]


def _manner(owner: int, duty: str, key: str) -> tuple[bool, int | None]:
    """Whether a rung is quiet, and whose reserves stand in for its audience: for partners none."""
    one = rung(duty, key)
    return one.quiet, None if "partners" in one.to else owner


def _groups(owner: int, duty: str, key: str) -> Iterator[Rung]:
    """The owner's own people; and, where partners are told, those of every area."""
    yield owner, duty, key
    if "partners" in rung(duty, key).to:
        yield SHARED, duty, key


def make_digests(now: datetime) -> int:
    """The quiet reminders recorded by now are in one message for each person; returns how many.

    At a weekend, on a bank holiday and before eight they wait; so do those of whoever had a digest
    on this day.
    """
    if _leaves_at(now) > now:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.DIGEST, {"now": now, "day": _day(now)})
        return int(cursor.fetchone()[0])


def _day(now: datetime) -> str:
    return clock.london_date(now).isoformat()


def _leaves_at(now: datetime) -> datetime:
    return leaves_at(now, calendar())


def _kept(until: datetime) -> dict[str, Any]:
    """What a message is given that is kept for the next working day."""
    kept = json.dumps({NOT_BEFORE: until.isoformat()})
    return {"leaves": until, "any_day": ANY_DAY, "kept": kept}


def _named(rows: list[Any], *names: str) -> dict[str, list[Any]]:
    return dict(zip(names, _columns(rows, len(names)), strict=True))


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
