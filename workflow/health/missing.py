"""Reminders that ought to be recorded and are not: the second opinion on the sweep.

Who ought to have been told is worked out from roles, days and sight of the case. Somebody is
expected only where nothing can excuse it: they held the role before that day and it was known
then, their organisation saw the case, and if they had asked to be spared, two others were not told.
So what is listed is missing, and not merely different.

A named senior has no day from which on they are one: they are expected once they have been told as
one. A clock that has stopped is asked about up to a day before it did: within that day a sweep
that was away may have found nothing left to tell.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, F, Min, When
from django.db.models.functions import Coalesce

from workflow.access.models import Grant
from workflow.deadlines.calendar import calendar
from workflow.deadlines.models import Deadline
from workflow.deadlines.preview import behind
from workflow.health.owed import LONDON, Clock, Owed, owed_by
from workflow.health.signs import Sign
from workflow.law.calendar import Calendar
from workflow.law.ladders import LADDERS
from workflow.people import roles
from workflow.people.membership import Membership
from workflow.people.organisations import Organisation
from workflow.reminders.models import Reminder, ReminderChoice

# What was due just now may still be on its way through the sweep.
GRACE = timedelta(minutes=5)
# For so long a sweep may have been away.
AWAY = timedelta(days=1)
CHUNK = 500
ENOUGH = 2
Wants = ReminderChoice.Wants
PARTNER_BODIES = frozenset({roles.ICB, roles.POLICE, roles.EDUCATION})
NOTIFIERS = frozenset({"la_notifier"})
WORK: dict[str, frozenset[str]] = {
    "rapid-review": frozenset({"la_notifier", "business_unit"}),
    "panel-response": frozenset({"panel_secretariat"}),
    "local-review": frozenset({"business_unit", "la_approver"}),
    "advance-copy": frozenset({"business_unit", "la_approver"}),
    "national-report-to-sos": frozenset({"panel_secretariat"}),
}
SENIOR = frozenset({"la_approver", "panel_chair"})
# Whoever holds one of these is told for it.
OF_OFFICE = SENIOR.union(NOTIFIERS, *WORK.values())
TO_SENIORS = sorted({one.key for all_ in LADDERS.values() for one in all_ if "seniors" in one.to})
# Who sees a case: a body, or a person named to it as somebody of a body.
Seer = int | tuple[int, int]
_NAMED = Organisation.objects.filter(senior__is_active=True)


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
        return self.since < day and self.lasts_on(day) and self.known_at < one.at

    def lasts_on(self, day: date) -> bool:
        """Whether it was held on a day."""
        return self.since <= day and (self.until is None or self.until >= day)


class Roll:
    """Everybody who could be told, and what they asked to be spared, read once."""

    def __init__(self) -> None:
        known = Membership.objects.filter(person__is_active=True)
        rows = known.annotate(known_at=Min("row_history__pgh_created_at")).values_list(
            "person_id", "organisation_id", "organisation__kind", "role", "since", "until",
            "known_at",
        )  # fmt: skip
        self.held = [Held(*row) for row in rows if row[-1] is not None]
        self.seniors = _seniors(self.held)
        self.began = Reminder.objects.aggregate(first=Min("recorded_at"))["first"]
        self.choices: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        asked = ReminderChoice.objects.order_by("chosen_at", "pk")
        for person, at, wants in asked.values_list("person_id", "chosen_at", "wants"):
            self.choices[person].append((at, wants))

    def expected(
        self, one: Owed, duty: str, owner: int, seeing: set[Seer], there: set[int]
    ) -> set[int]:
        """Who must be among those told; `there` are those who were."""
        meant = {
            held.person for held in self._there(one, seeing) if _is_told(held, one, duty, owner)
        }
        known = self.seniors.get(owner) if "seniors" in one.rung.to else None
        belonged = {(held.person, held.body) for held in self._there(one, seeing)}
        if known and known[1] < one.at and (known[0], owner) in belonged:
            meant.add(known[0])
        # Nobody is spared while fewer than two others are told.
        return {who for who in meant if len(there - {who}) < ENOUGH or not self._spared(who, one)}

    def anybody(self, one: Owed, owner: int, seeing: set[Seer]) -> bool:
        """Whether there was somebody to fall back on."""
        return "partners" not in one.rung.to and any(
            held.body == owner and roles.by_slug(held.role).reads_cases
            for held in self._there(one, seeing)
        )

    def _spared(self, person: int, one: Owed) -> bool:
        """Whether they had asked to be spared a step, at its moment or while a sweep was away."""
        spared = {Wants.NONE, Wants.URGENT} if one.rung.quiet else {Wants.NONE}
        chosen = self.choices[person]
        before = [wants for at, wants in chosen if at <= one.at][-1:]
        return bool(spared & {*before, *(w for at, w in chosen if one.at < at <= one.at + AWAY)})

    def _there(self, one: Owed, seeing: set[Seer]) -> Iterator[Held]:
        held = (row for row in self.held if _sees(row.person, row.body, seeing))
        return (row for row in held if row.covers(one))


def _sees(person: int, body: int, seeing: set[Seer]) -> bool:
    return body in seeing or (person, body) in seeing


def _seniors(held: list[Held]) -> dict[int, tuple[int, datetime]]:
    """The named senior of each body that owes anything, and when they were first told as one."""
    found: dict[int, tuple[int, datetime]] = {}
    for body, senior in _NAMED.values_list("pk", "senior_id"):
        mine = [one for one in held if (one.person, one.body) == (senior, body)]
        told = Reminder.objects.filter(person=senior, deadline__owed_by=body, rung__in=TO_SENIORS)
        for at in told.order_by("planned_at").values_list("planned_at", flat=True):
            day = at.astimezone(LONDON).date()
            if not any(one.role in OF_OFFICE and one.lasts_on(day) for one in mine):
                found[body] = senior, at
                break
    return found


def _is_told(held: Held, one: Owed, duty: str, owner: int) -> bool:
    at_home, role, to = held.body == owner, held.role, one.rung.to
    return (
        ("doers" in to and at_home and role in WORK.get(duty, NOTIFIERS))
        or ("seniors" in to and at_home and role in SENIOR)
        or ("secretariat" in to and role == "panel_secretariat")
        or ("administrators" in to and role == "deadline_administrator")
        or ("partners" in to and role == "safeguarding_partner" and held.kind in PARTNER_BODIES)
    )


def missing(*, at: datetime, keys: Sequence[int] | None = None) -> Iterator[Missing]:
    """Every step of a clock that ought to be recorded by an instant and is not.

    `keys` narrows it to some clocks. Reads only.
    """
    roll, found = Roll(), Deadline.objects.order_by("pk")
    if keys is not None:
        found = found.filter(pk__in=keys)
    last = 0
    while chunk := list(found.filter(pk__gt=last).select_related("case")[:CHUNK]):
        last = chunk[-1].pk
        yield from _of(chunk, roll, at)


def _of(chunk: list[Deadline], roll: Roll, at: datetime) -> Iterator[Missing]:
    told, seeing, days = _told(chunk), _sight(chunk), calendar()
    for row in chunk:
        for one in _steps(row, days, roll.began, at):
            sees = _seeing(seeing[row.case_id], one)
            there = told[row.pk, one.key]
            absent = roll.expected(one, row.duty, row.owed_by_id, sees, there) - there
            if absent or (not there and roll.anybody(one, row.owed_by_id, sees)):
                yield Missing(
                    row.case.label, row.duty, row.cycle, one.key, one.at, tuple(sorted(absent))
                )


def _steps(row: Deadline, days: Calendar, began: datetime | None, at: datetime) -> list[Owed]:
    """The steps of a clock that must be recorded by an instant.

    Of one that has stopped, those since reminders were first recorded here: what was over by then
    could remind nobody.
    """
    clock = Clock(row.pk, row.duty, row.start_on, row.due_on, row.revised_at)
    if row.is_open:
        return owed_by(clock, days, until=at - GRACE)
    if began is None:
        return []
    stopped = row.met_at or datetime.combine(
        row.cancelled_on or date.min, datetime.min.time(), tzinfo=LONDON
    )
    return [one for one in owed_by(clock, days, until=stopped - AWAY) if one.at >= began]


def _seeing(sight: list[Any], one: Owed) -> set[Seer]:
    """The bodies and people that saw a case before the day of a step, and through it."""
    day = one.at.astimezone(LONDON).date()
    return {
        seer
        for seer, since, until, withdrawn_at in sight
        if since < day
        and (until is None or until >= day)
        and (withdrawn_at is None or withdrawn_at > one.at + AWAY)
    }


def _told(chunk: Iterable[Deadline]) -> dict[tuple[int, str], set[int]]:
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    rows = Reminder.objects.filter(deadline__in=chunk, revision=F("deadline__revision"))
    for deadline, rung, person in rows.values_list("deadline_id", "rung", "person_id"):
        found[deadline, rung].add(person)
    return found


def _sight(chunk: Iterable[Deadline]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    cases = {row.case_id for row in chunk}
    rows = Grant.objects.filter(case__in=cases, set_aside=False)
    by_name = Case(When(named_at__isnull=False, then="person_id"))
    seers = rows.annotate(body=Coalesce("organisation_id", "named_at_id"), who=by_name)
    columns = ("case_id", "who", "body", "since", "until", "withdrawn_at")
    read = list(seers.filter(body__isnull=False).order_by("withdrawn_at").values_list(*columns))
    # Until a restriction was lifted, which ends every grant by name, reminders went to the named.
    lifted = {case: gone.astimezone(LONDON).date() for case, who, *_, gone in read if who and gone}
    for case, who, body, since, *sight in read:
        seer, began = ((who, body), since) if who else (body, max(since, lifted.get(case, since)))
        found[case].append([seer, began, *sight])
    return found


# The standing question looks at the clocks that say most now, at most once a minute.
MOST_CLOCKS, DAYS_AROUND, SECONDS_BETWEEN = 300, 45, 60


class EachMinute:
    """The answer of the last minute to a question that costs too much to ask more often."""

    def __init__(self, look: Callable[[datetime], Sign]) -> None:
        self._look = look
        self._sign: Sign | None = None
        self._read = 0.0

    def __call__(self, at: datetime) -> Sign:
        """The sign, looked at now when it is older than a minute."""
        if self._sign is None or time.monotonic() - self._read > SECONDS_BETWEEN:
            self._sign = self._look(at)
            self._read = time.monotonic()
        return self._sign

    def forget(self) -> None:
        """The next question is answered by looking."""
        self._sign = None


def _nearest(at: datetime) -> Sign:
    """Well when the clocks nearest to their dates have every reminder they ought to have."""
    around = timedelta(days=DAYS_AROUND)
    near = Deadline.objects.open().filter(
        due_on__gte=(at - around).date(), due_on__lte=(at + around).date()
    )
    keys = list(near.order_by("due_on", "pk").values_list("pk", flat=True)[:MOST_CLOCKS])
    count = sum(1 for _ in missing(at=at, keys=keys))
    return Sign("reminders", count == 0, {"missing": count, "clocks": len(keys)})


def _behind(at: datetime) -> Sign:
    """Well when every open date is what the calendar and the limits in force give.

    Dates are left behind when moving them was interrupted, and by a new version of a limit.
    """
    count = behind()
    return Sign("dates", count == 0, {"behind": count})


missing_now, behind_now = EachMinute(_nearest), EachMinute(_behind)
