"""Reminders that ought to be recorded and are not: the second opinion on the sweep.

Who ought to have been told is worked out from roles, days and sight of the case. Somebody is
expected only where nothing can excuse it: they held the role before that day and it was known
then, their organisation saw the case, and they never asked to be spared. So what is listed is
missing, and not merely different.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Min

from workflow.access.models import Grant
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.health.owed import LONDON, Clock, Owed, owed_by
from workflow.health.signs import Sign
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.reminders.models import Reminder, ReminderChoice

# What was due just now may still be on its way through the sweep.
GRACE = timedelta(minutes=5)
CHUNK = 500
PARTNER_BODIES = frozenset({roles.ICB, roles.POLICE, roles.EDUCATION})
NOTIFIERS = frozenset({"la_notifier"})
WORK: dict[str, frozenset[str]] = {
    "rapid-review": frozenset({"la_notifier", "business_unit"}),
    "panel-response": frozenset({"panel_secretariat"}),
    "local-review": frozenset({"business_unit", "la_approver"}),
    "advance-copy": frozenset({"business_unit", "la_approver"}),
    "national-report-to-sos": frozenset({"panel_secretariat"}),
}


@dataclass(frozen=True)
class Missing:
    """A step of a clock that was not recorded for these people; for nobody at all when empty."""

    reference: str
    duty: str
    cycle: int
    rung: str
    due_at: datetime
    people: tuple[int, ...]


@dataclass(frozen=True)
class Held:
    """A role somebody holds, from when it was known on."""

    person: int
    body: int
    kind: str
    role: str
    since: date
    until: date | None
    known_at: datetime

    def covers(self, one: Owed) -> bool:
        """Whether it was held before the day of a step, through it, and known of by then."""
        day = one.at.astimezone(LONDON).date()
        lasts = self.until is None or self.until >= day
        return self.since < day and lasts and self.known_at < one.at


class Roll:
    """Everybody who holds a role, read once, and those who asked to be spared anything."""

    def __init__(self) -> None:
        known = Membership.objects.filter(person__is_active=True)
        rows = known.annotate(known_at=Min("row_history__pgh_created_at")).values_list(
            "person_id", "organisation_id", "organisation__kind", "role", "since", "until",
            "known_at",
        )  # fmt: skip
        self.held = [Held(*row) for row in rows if row[-1] is not None]
        asked = ReminderChoice.objects.exclude(wants=ReminderChoice.Wants.ALL)
        self.spared = set(asked.values_list("person_id", flat=True))

    def expected(self, one: Owed, duty: str, owner: int, seeing: set[int]) -> set[int]:
        """Who must be among those told."""
        return {
            held.person
            for held in self._there(one, seeing)
            if held.person not in self.spared and _is_told(held, one, duty, owner)
        }

    def anybody(self, one: Owed, owner: int, seeing: set[int]) -> bool:
        """Whether there was somebody to fall back on."""
        return "partners" not in one.rung.to and any(
            held.body == owner and roles.by_slug(held.role).reads_cases
            for held in self._there(one, seeing)
        )

    def _there(self, one: Owed, seeing: set[int]) -> Iterator[Held]:
        return (held for held in self.held if held.body in seeing and held.covers(one))


def _is_told(held: Held, one: Owed, duty: str, owner: int) -> bool:
    at_home, role, to = held.body == owner, held.role, one.rung.to
    return (
        ("doers" in to and at_home and role in WORK.get(duty, NOTIFIERS))
        or ("seniors" in to and at_home and role in {"la_approver", "panel_chair"})
        or ("secretariat" in to and role == "panel_secretariat")
        or ("administrators" in to and role == "deadline_administrator")
        or ("partners" in to and role == "safeguarding_partner" and held.kind in PARTNER_BODIES)
    )


def missing(*, at: datetime, keys: Sequence[int] | None = None) -> Iterator[Missing]:
    """Every step of an open clock that ought to be recorded by an instant and is not.

    `keys` narrows it to some clocks. Reads only.
    """
    roll, found = Roll(), Deadline.objects.open().order_by("pk")
    if keys is not None:
        found = found.filter(pk__in=keys)
    last = 0
    while chunk := list(found.filter(pk__gt=last).select_related("case")[:CHUNK]):
        last = chunk[-1].pk
        yield from _of(chunk, roll, at)


def _of(chunk: list[Deadline], roll: Roll, at: datetime) -> Iterator[Missing]:
    told, seeing, days = _told(chunk), _sight(chunk), calendar()
    for row in chunk:
        clock = Clock(row.pk, row.duty, row.start_on, row.due_on, row.revised_at)
        for one in owed_by(clock, days, until=at - GRACE):
            day = one.at.astimezone(LONDON).date()
            sees = {body for body, since, until in seeing[row.case_id]
                    if since < day and (until is None or until >= day)}  # fmt: skip
            there = told[row.pk, one.key]
            absent = roll.expected(one, row.duty, row.owed_by_id, sees) - there
            if absent or (not there and roll.anybody(one, row.owed_by_id, sees)):
                yield Missing(
                    row.case.label, row.duty, row.cycle, one.key, one.at, tuple(sorted(absent))
                )


def _told(chunk: Iterable[Deadline]) -> dict[tuple[int, str], set[int]]:
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    rows = Reminder.objects.filter(deadline__in=chunk, revision=F("deadline__revision"))
    for deadline, rung, person in rows.values_list("deadline_id", "rung", "person_id"):
        found[deadline, rung].add(person)
    return found


def _sight(chunk: Iterable[Deadline]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Grant.objects.filter(case__in=[row.case_id for row in chunk], organisation__isnull=False)
    for case, *sight in rows.values_list("case_id", "organisation_id", "since", "until"):
        found[case].append(sight)
    return found


# The standing question looks at the clocks that say most now, at most once a minute.
MOST_CLOCKS, DAYS_AROUND, SECONDS_BETWEEN = 300, 45, 60


class Standing:
    """The answer of the last minute to whether anything is missing."""

    def __init__(self) -> None:
        self._sign: Sign | None = None
        self._read = 0.0

    def __call__(self, at: datetime) -> Sign:
        """Well when the clocks nearest to their dates have every reminder they ought to have."""
        if self._sign is None or time.monotonic() - self._read > SECONDS_BETWEEN:
            around = timedelta(days=DAYS_AROUND)
            near = Deadline.objects.open().filter(
                due_on__gte=(at - around).date(), due_on__lte=(at + around).date()
            )
            keys = list(near.order_by("due_on", "pk").values_list("pk", flat=True)[:MOST_CLOCKS])
            count = sum(1 for _ in missing(at=at, keys=keys))
            self._sign = Sign("reminders", count == 0, {"missing": count, "clocks": len(keys)})
            self._read = time.monotonic()
        return self._sign

    def forget(self) -> None:
        """The next question is answered by looking."""
        self._sign = None


missing_now = Standing()
