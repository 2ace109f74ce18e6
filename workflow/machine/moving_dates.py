"""Moving the open dates of many cases when the calendar or a time limit changes.

The calendar changes first, by itself. Then each case is locked, worked out again and stored, in
batches: an interruption leaves whole cases, and running it again does the rest. Dates that were
met stay: they were right when they were met.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from workflow import clock
from workflow.access import context
from workflow.access.models import Capacity, Grant
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import DatesMoved, ProclaimedHoliday
from workflow.deadlines.proclaiming import Change, one_at_a_time
from workflow.deadlines.shifts import Shift, shifts
from workflow.law import duties
from workflow.machine.advancing import begin, lock_cases
from workflow.machine.case import Case
from workflow.machine.move import Move
from workflow.machine.refusals import CannotAdvance
from workflow.machine.running_again import ended_in_vain, run_again, waits_to_be_sent
from workflow.machine.storing import flush_clocks
from workflow.outbox.services import messages_of
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.person import Person

ACT = "dates_moved"
PROCLAIMED, WITHDRAWN, RULES = "proclaimed", "withdrawn", "rules"
BATCH = 200
# Longer than a page may take to be answered, so that no act is left that began before.
LONGEST_ACT_SECONDS = 60

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Moved:
    """How many clocks moved in how many cases, and the record of it."""

    cases: int
    clocks: int
    record: DatesMoved


def change_calendar(
    change: Change, *, by: Person, on: date, at: datetime, progress: Progress | None = None
) -> Moved:
    """The day counts as the change says, and every open date that it moves has moved.

    Raises CannotAdvance for whoever does not administer deadlines, CannotProclaim while somebody
    else is moving dates. Not to be called within a transaction: each batch is one by itself.
    """
    membership = administrator(by, on=on)
    with one_at_a_time():
        change.row.save()
        _wait_for_acts_that_began_before()
        return _move(change.row, membership, on=on, at=at, progress=progress)


def work_out_again(
    *, by: Person, on: date, at: datetime, progress: Progress | None = None
) -> Moved:
    """Every open date is what the calendar and the limits in force give. Refuses like the other.

    In a draft a clock that ended with facts which are now as before runs again (`running_again`).
    """
    membership = administrator(by, on=on)
    with one_at_a_time():
        return _move(None, membership, on=on, at=at, progress=progress)


def administrator(by: Person, *, on: date) -> Membership:
    """The membership by which a person may move dates. Raises CannotAdvance without one."""
    for membership in by.memberships_on(on) if by.is_active else ():
        if membership.role == roles.DEADLINE_ADMINISTRATOR.slug:
            return membership
    raise CannotAdvance(f"Only a {roles.DEADLINE_ADMINISTRATOR.title.lower()} may do this.")


def _move(
    holiday: ProclaimedHoliday | None,
    membership: Membership,
    *,
    on: date,
    at: datetime,
    progress: Progress | None,
) -> Moved:
    days = calendar()
    with context.serving(context.DATES):
        found = shifts(days, day=holiday.day if holiday else None)
        again = ended_in_vain() if holiday is None else ()
        waiting = list(dict.fromkeys([*(one.case for one in found), *again]))
        unseen = set(Case.objects.filter(restricted=True).values_list("pk", flat=True))
    cases = clocks = done = 0
    for keys in _batches(waiting, unseen):
        moved = _moved(keys, unseen, holiday, membership, on=on, at=at)
        cases, clocks, done = cases + len(moved), clocks + sum(moved), done + len(keys)
        if progress:
            progress(done, len(waiting))
    record = DatesMoved.objects.create(
        holiday=holiday,
        calendar_edition=days.edition,
        rule_edition=duties.EDITION,
        cases=cases,
        clocks=clocks,
        moved_at=at,
        moved_by=membership.person,
    )
    return Moved(cases, clocks, record)


def _batches(waiting: list[int], unseen: set[int]) -> Iterator[list[int]]:
    """The cases in batches; those that whoever moves dates can't see one by one."""
    seen = [key for key in waiting if key not in unseen]
    for begun in range(0, len(seen), BATCH):
        yield seen[begun : begun + BATCH]
    yield from ([key] for key in waiting if key in unseen)


def _moved(
    keys: list[int],
    unseen: set[int],
    holiday: ProclaimedHoliday | None,
    membership: Membership,
    *,
    on: date,
    at: datetime,
) -> list[int]:
    """How many clocks moved of each case in which any did.

    A case that is restricted while dates move goes out of sight of whoever moves them, and no row
    of it can be written: what a batch did not find, or found restricted once it had waited for the
    lock, is taken in hand one by one.
    """
    person = membership.person
    in_hand = bool(unseen.intersection(keys))
    with _within_reach(keys, person, in_hand=in_hand, on=on):
        moved = _move_batch(keys, holiday, membership, in_hand=in_hand, on=on, at=at)
    for key in sorted(set(keys) - moved.keys()):
        with _within_reach([key], person, in_hand=True, on=on):
            moved |= _move_batch([key], holiday, membership, in_hand=True, on=on, at=at)
    return [count for count in moved.values() if count]


@contextmanager
def _within_reach(keys: list[int], person: Person, *, in_hand: bool, on: date) -> Iterator[None]:
    """Inside, the rows of these cases can be written by whoever moves dates.

    A restricted case is out of their sight, and its dates move all the same: it is taken in hand.
    """
    with context.acting(person, on=on):
        if not in_hand:
            yield
            return
        with context.serving(context.DATES):
            Case.objects.filter(pk__in=keys).taken_in_hand().get()
            yield


@transaction.atomic
def _move_batch(
    keys: list[int],
    holiday: ProclaimedHoliday | None,
    membership: Membership,
    *,
    in_hand: bool,
    on: date,
    at: datetime,
) -> dict[int, int]:
    """Locks the cases, moves what still needs it; how many clocks moved of each that was found."""
    moves, counts = [], {}
    with context.serving(context.DATES):
        partners = _partners(keys, on=on)
    for case in (one for one in lock_cases(keys) if in_hand or not one.restricted):
        counts[case.pk] = 0
        move = begin(case, by=membership.person, membership=membership, on=on, at=at)
        again = run_again(move) if holiday is None and waits_to_be_sent(case) else []
        # An act between the listing and the lock may have met the clock, or started it anew.
        moved = move.clocks.work_out_again(at=at)
        counts[case.pk] = len(moved) + len(again)
        if again and not moved:
            moves.append(move)
        if not moved:
            continue
        event = move.record(ACT, _why_moved(move, moved, holiday))
        move.messages += messages_of(
            case,
            act=ACT,
            sequence=event.sequence,
            organisations=_told(move, moved, partners.get(case.pk, ())),
            at=clock.now(),
        )
        moves.append(move)
    flush_clocks(moves)
    return counts


def _why_moved(
    move: Move, moved: Iterable[Shift], holiday: ProclaimedHoliday | None
) -> dict[str, Any]:
    return {
        "because": RULES if holiday is None else WITHDRAWN if holiday.withdrawn else PROCLAIMED,
        "holiday": holiday.pk if holiday else None,
        "edition": move.clocks.calendar.edition,
        "moved": [shift.as_json() for shift in moved],
        **move.changed_clocks(),
    }


def _told(move: Move, moved: Iterable[Shift], partners: Iterable[int]) -> set[int]:
    """Each organisation that owes a date that moved; the partners where they have to sign by it."""
    rows = [move.clocks.rows[shift.duty, shift.cycle] for shift in moved]
    told = {row.owed_by_id for row in rows}
    if any(row.duty == duties.RAPID_REVIEW.slug for row in rows):
        told |= set(partners)
    return told


def _partners(keys: list[int], *, on: date) -> dict[int, list[int]]:
    given = Grant.objects.in_force(on).filter(
        case__in=keys, capacity=Capacity.PARTNER, organisation__isnull=False
    )
    found: dict[int, list[int]] = {}
    for case, organisation in given.values_list("case_id", "organisation_id"):
        found.setdefault(case, []).append(organisation)
    return found


def _wait_for_acts_that_began_before() -> None:
    """Whoever read the calendar before it changed has finished, so that no clock is overlooked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (since,) = cursor.fetchone()
        ends = time.monotonic() + LONGEST_ACT_SECONDS
        while time.monotonic() < ends:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = current_user AND pid <> pg_backend_pid() AND xact_start < %s",
                [since],
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
