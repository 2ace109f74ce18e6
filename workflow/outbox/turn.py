"""What waits in the outbox, in its turn, read for many rows at once with what it speaks of."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from itertools import takewhile

from django.db import connection
from django.db.models import F, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.lookups import GreaterThan

from workflow.access.naming import Candidate, named_to
from workflow.deadlines.models import Deadline
from workflow.law.calendar import Calendar
from workflow.law.ladders import ANY_DAY, SIGN_OFFS, base, leaves_at
from workflow.machine.case import Case
from workflow.outbox.models import MAIL, NOT_BEFORE, WAITING, Outbox, free
from workflow.people.person import Person
from workflow.queues.keyset import OneOf, Row
from workflow.reminders import statements
from workflow.reminders.models import Reminder
from workflow.reminders.restricted import RESTRICTED_SINCE

# Where a row stands in the queue: since when it waits, and its key.
Place = tuple[datetime, int]
# What a message says of a clock. How its date was worked out stands in none.
TOLD = (
    "duty",
    "due_on",
    "agreed_on",
    "met_on",
    "cancelled_on",
    "cancelled_why",
    "revision",
    "case__token",
    "case__notified_on",
    "case__restricted",
)
# From the third time on that senders took a row and never gave it back, it is taken alone.
SUSPECT_CLAIMS = 3
START: Place = (datetime.min.replace(tzinfo=UTC), 0)


def waiting(*, at: datetime) -> list[int]:
    """The mail that could be sent now, what has waited longest first; at most a thousand rows."""
    rows = Outbox.objects.filter(WAITING, MAIL, free(at), next_attempt_at__lte=at)
    return list(rows.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:1000])


def taken_together(rows: list[Outbox]) -> list[Outbox]:
    """The rows that one sender takes together: those before a suspect one, and that alone."""
    if rows and rows[0].claims >= SUSPECT_CLAIMS:
        return rows[:1]
    return list(takewhile(lambda row: row.claims < SUSPECT_CLAIMS, rows))


def place(row: Outbox) -> Place:
    """Where a row stands in the queue."""
    return row.next_attempt_at, row.pk


def next_in_turn(
    at: datetime, ids: Sequence[int] | None, after: Place, of: Q = MAIL
) -> QuerySet[Outbox]:
    """What nobody holds and waits beyond a place, of these rows or of all, locked as it is read.

    `of` says of which recipients: all whom mail goes to, or one webhook.
    """
    rows = (
        Outbox.objects.select_for_update(skip_locked=True)
        .filter(WAITING, of, free(at), next_attempt_at__lte=at)
        .order_by("next_attempt_at", "pk")
    )
    if after != START:
        here = Row(F("next_attempt_at"), F("pk"))
        rows = rows.filter(GreaterThan(here, Row(Value(after[0]), Value(after[1]))))
    return rows if ids is None else rows.filter(pk__in=ids)


def read_reminded(rows: Sequence[Outbox], *, on: date) -> set[int]:
    """What each reminds of is read, once for all of them.

    A line that asks a partner for a view which was given since is withheld, and left out; so is
    one about a case that was restricted since, to whoever is not named to it.

    Returns the keys of the moot: they carry reminders, each withheld or about a date that is past
    care.
    """
    messages = [row.pk for row in rows]
    carried = _carried_by(messages)
    if any(rung == SIGN_OFFS and not withheld for *_, rung, withheld in carried):
        with connection.cursor() as cursor:
            cursor.execute(statements.SIGNED_SINCE, {"messages": messages, "on": on})
            if cursor.rowcount:
                carried = _carried_by(messages)
    keys = list({deadline for _, deadline, *_ in carried})
    told_of = Deadline.objects.select_related("case").only(*TOLD).filter(OneOf(F("pk"), keys))
    clocks = {found.pk: found for found in told_of.order_by()}
    if any(found.case.restricted for found in clocks.values()):
        with connection.cursor() as cursor:
            cursor.execute(RESTRICTED_SINCE, {"messages": messages, "on": on})
        carried = _carried_by(messages)
    reminded: dict[int, list[Deadline]] = defaultdict(list)
    rungs: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    owed: set[int] = set()
    for message, deadline, revision, rung, withheld in carried:
        if withheld:
            continue
        found = clocks[deadline]
        reminded[message].append(found)
        rungs[message][deadline].append(rung)
        if found.is_open and found.revision == revision:
            owed.add(message)
    for row in rows:
        row.clocks, row.rungs = reminded.get(row.pk, []), rungs.get(row.pk, {})
    return {message for message, *_ in carried} - owed


def _carried_by(messages: list[int]) -> list[tuple[int, int, int, str, str]]:
    carried = Reminder.objects.filter(OneOf(F("message_id"), messages)).order_by("pk")
    return list(carried.values_list("message_id", "deadline_id", "revision", "rung", "withheld"))


def restricted_since(rows: Sequence[Outbox], *, on: date) -> set[int]:
    """The keys of the moot, asked again of rows read before; one query where none is restricted.

    What each of the others says, and whom it is for, is known anew.
    """
    cases = {one.case_id for row in rows for one in row.clocks}
    cases |= {row.case_id for row in rows if row.case_id}
    restricted = Case.objects.filter(pk__in=cases, restricted=True)
    found = set(restricted.values_list("pk", flat=True))
    if not found:
        return set()
    moot = read_reminded(rows, on=on) | told_to_nobody(rows, on=on)
    for row in rows:
        if not row.clocks and row.case is not None:
            row.case.restricted = row.case_id in found
    return moot


def told_to_nobody(rows: Sequence[Outbox], *, on: date) -> set[int]:
    """The keys of messages about restricted cases, of which nobody is named whom they are for."""
    cases = {row.case_id for row in rows if row.case_id and not row.clocks}
    if not cases:
        return set()
    restricted = Case.objects.filter(pk__in=cases, restricted=True)
    named = named_to(restricted.values_list("pk", flat=True), on=on)
    return {
        row.pk
        for row in rows
        if row.case_id in named and not row.clocks and not readers_among(named[row.case_id], row)
    }


def readers_among(named: list[Candidate], row: Outbox) -> list[str]:
    """The addresses of those named to a case for whom a message about it is."""
    meant = (row.person_id, row.organisation_id)
    return sorted({one.person.email for one in named if meant in _meant_by(one)})


def _meant_by(one: Candidate) -> tuple[tuple[int | None, int | None], ...]:
    return (one.person.pk, None), (None, one.organisation.pk)


def keep_for_a_working_day(rows: Sequence[Outbox], *, at: datetime, days: Calendar) -> set[int]:
    """Reminders that are not for any day wait for the next working one; returns their keys."""
    until = leaves_at(at, days)
    kept = {row.pk for row in rows if until > at and _for_working_days(row)}
    if kept:
        Outbox.objects.filter(WAITING, pk__in=kept).update(
            next_attempt_at=until, payload={NOT_BEFORE: until.isoformat()}
        )
    return kept


def _for_working_days(row: Outbox) -> bool:
    carried = {base(rung) for rungs in row.rungs.values() for rung in rungs}
    return bool(carried) and carried.isdisjoint(ANY_DAY)


def set_aside(keys: Collection[int], **moment: datetime) -> int:
    """These rows wait no longer; returns how many did until now."""
    if not keys:
        return 0
    return Outbox.objects.filter(WAITING, pk__in=keys).update(lease_until=None, **moment)


def read_readers(rows: Sequence[Outbox]) -> None:
    """Whom each is for is read, and which case it tells of, once for all of them."""
    people = list({row.person_id for row in rows if row.person_id})
    # What proves that somebody is who they are is read for the few messages that are about it.
    found = Person.objects.only("email", "is_active").filter(OneOf(F("pk"), people)).in_bulk()
    one = Outbox._meta.get_field("person")
    for row in rows:
        if row.person_id:
            one.set_cached_value(row, found[row.person_id])
    prefetch_related_objects([row for row in rows if row.organisation_id], "organisation")
    prefetch_related_objects([row for row in rows if not row.clocks], "case")
