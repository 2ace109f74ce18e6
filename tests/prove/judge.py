"""What was recorded and sent, held against what was owed."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tests.prove.oracle import ALOUD, SOFT, Clock, Owed, due, owed, works
from tests.prove.post import taken
from tests.prove.signing import SIGNED, Signatures
from tests.prove.world import Area, Country
from workflow.models import Outbox
from workflow.outbox.mail import message_id

LONDON = ZoneInfo("Europe/London")
PANELS = "notify-the-panel"
NOTIFYING = (PANELS, "tell-the-partners", "looked-after-child-death")
BEFORE_SENDING = (*NOTIFYING, *SOFT)
A_SWEEP = timedelta(seconds=60)
RECORDED = """
SELECT d.case_id, d.duty, r.revision, r.rung, r.person_id, r.recorded_at, r.withheld,
    r.message_id, o.sent_at, o.dedupe,
    CASE WHEN o.cancelled_at IS NOT NULL THEN pg_xact_commit_timestamp(o.xmin) END
FROM workflow_reminder r
JOIN workflow_deadline d ON d.id = r.deadline_id
LEFT JOIN workflow_outbox o ON o.id = r.message_id
"""
EVENTS = """
SELECT case_id, sequence, act, machine, at, payload, pg_xact_commit_timestamp(xmin)
FROM workflow_event ORDER BY case_id, sequence
"""
DIGESTS = "SELECT person_id, created_at FROM workflow_outbox WHERE kind = 'digest'"
# What is told on the day itself and on the first day late is told whatever day that is.
ON_ANY_DAY = ("due-today", "overdue")
Committed = Mapping[tuple[int, int], datetime]


def figures(
    country: Country,
    up: list[datetime],
    *,
    book: Path,
    committed: Committed | None = None,
    done: Mapping[datetime, datetime] | None = None,
) -> dict[str, object]:
    """The numbers of the run; those that must be nought say what the promise is.

    `committed` says when each event (case, sequence) was there for everybody to see, `done` when
    the sweep of a moment in `up` had come to its end.
    """
    clocks = _clocks(committed or {})
    ladders = owed(clocks, up, done)
    expected = _expected(country, ladders)
    rows, given = _ask(RECORDED), Signatures(_ask(SIGNED), country, committed or {})
    recorded = Counter((*row[:5],) for row in rows)
    late = early = 0
    for row in rows:
        one = expected.get((*row[:5],))
        late += one is not None and one.at is not None and row[5] > one.at + A_SWEEP
        early += one is not None and row[5] < one.moment
    missing = {key for key, one in expected.items() if one.at is not None} - recorded.keys()
    unexpected, differ = recorded.keys() - expected.keys(), _clock_keys(clocks) ^ set(_ask(CLOCKS))
    _show("missing", missing)
    _show("unexpected", unexpected)
    _show("clocks that differ", differ)
    return {
        "reminders": len(rows),
        "missing": len(missing),
        "unexpected": len(unexpected),
        "doubled": sum(recorded.values()) - len(recorded),
        "late": late,
        "early": early,
        "wrongly_withheld": _wrongly_withheld(rows, ladders, clocks, given),
        "asked_in_vain": _in_vain(rows, given),
        "clocks_differ": len(differ),
        **_deliveries(rows, clocks, Counter(taken(book))),
    }


def _deliveries(
    rows: list[tuple[Any, ...]], clocks: list[Clock], arrived: Counter[str]
) -> dict[str, int]:
    """What became of the messages, and whether they came on days on which they may."""
    ends = {
        (c.case, c.duty, number): c.stored[end]
        for c in clocks
        for number, _, _, end in c.windows()
        if end is not None
    }
    lost = {row for row in rows if not _reached(row, arrived, ends)}
    off = {
        row[7]: row
        for row in rows
        if row[8] and row[3] not in ON_ANY_DAY and not works(row[8].astimezone(LONDON).date())
    }
    digests = Counter((who, at.astimezone(LONDON).date()) for who, at in _ask(DIGESTS) if who)
    _show("undelivered", lost)
    _show("sent on a day off", set(off.values()))
    waiting = Outbox.objects.filter(sent_at=None, cancelled_at=None)
    # Of any kind: said to be sent, and nobody has it.
    hollow = [row for row in Outbox.objects.exclude(sent_at=None) if not arrived[message_id(row)]]
    return {
        "undelivered": len(lost) + len(hollow) + waiting.filter(dead_at=None).count(),
        "given_up": waiting.exclude(dead_at=None).count(),
        "on_days_off": len(off),
        "second_digests": sum(digests.values()) - len(digests),
        "messages": len(arrived),
        "raw_duplicates": sum(arrived.values()) - len(arrived),
    }


def _show(what: str, found: set[Any]) -> None:
    """The first few of what should not be, for whoever looks for the cause."""
    for one in sorted(found, key=str)[:5]:
        print(f"{what}: {one}", file=sys.stderr)  # noqa: T201


CLOCKS = "SELECT case_id, duty, revision FROM workflow_deadline"


def _clock_keys(clocks: list[Clock]) -> set[tuple[int, str, int]]:
    return {(one.case, one.duty, len(one.set)) for one in clocks}


def _ask(statement: str) -> list[tuple[Any, ...]]:
    connection.close()
    connection.settings_dict.update(USER="safeguarding_app")
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


class Trail:
    """Clocks as the trail tells them, event by event."""

    def __init__(self) -> None:
        self.clocks: dict[tuple[int, str], Clock] = {}

    def read(self, case: int, act: str, machine: str, at: datetime, said: dict[str, Any]) -> None:
        """Takes in one event and what it says."""
        after = said.get("after", {})
        today = at.astimezone(LONDON).date()
        if act == "record_facts" and "aware_on" in after:
            known = [duty for duty in BEFORE_SENDING if (case, duty) in self.clocks]
            first: tuple[str, ...] = NOTIFYING if after.get("looked_after") else NOTIFYING[:2]
            first = SOFT if after.get("care_leaver") else first
            self._set(case, known or first, at, date.fromisoformat(after["aware_on"]))
        elif act == "submit" and machine == "notification":
            self._stop(case, BEFORE_SENDING, at)
            if (case, PANELS) in self.clocks:
                self._set(case, ["rapid-review"], at, today)
        elif act == "submit":
            self._stop(case, ["rapid-review"], at)
            self._set(case, ["panel-response"], at, today)
        elif act == "issue_response":
            self._stop(case, ["panel-response"], at)
        elif machine == "practice review":
            self._read_review(case, act, at, said)

    def _read_review(self, case: int, act: str, at: datetime, said: dict[str, Any]) -> None:
        if act == "open" and said["to"] == "decision_yes":
            self._set(case, ["local-review"], at, at.astimezone(LONDON).date())
        elif act == "plan_publication":
            self._set(case, ["advance-copy"], at, date.fromisoformat(said["publish_on"]))
        elif act == "send_advance_copy":
            self._stop(case, ["advance-copy"], at)
        elif act == "publish":
            self._stop(case, ["local-review"], at)

    def _set(self, case: int, duties: Iterable[str], at: datetime, start: date) -> None:
        for duty in duties:
            one = self.clocks.setdefault((case, duty), Clock(case, duty))
            # What is said a second time moves nothing.
            if one.stopped is None and start not in [known for _, known in one.set[-1:]]:
                one.set.append((at, start))

    def _stop(self, case: int, duties: Iterable[str], at: datetime) -> None:
        for duty in duties:
            if one := self.clocks.get((case, duty)):
                one.stopped = at


def _clocks(committed: Committed) -> list[Clock]:
    trail = Trail()
    seen: defaultdict[int, dict[datetime, datetime]] = defaultdict(dict)
    stored: defaultdict[int, dict[datetime, datetime]] = defaultdict(dict)
    for case, sequence, act, machine, at, payload, real in _ask(EVENTS):
        moment = at.astimezone(UTC)
        stored[case].setdefault(moment, real)
        seen[case][moment] = committed.get((case, sequence), moment)
        trail.read(case, act, machine, moment, json.loads(payload))
    for one in trail.clocks.values():
        one.seen, one.stored = seen[one.case], stored[one.case]
    return list(trail.clocks.values())


def _expected(country: Country, found: list[Owed]) -> dict[tuple[int, str, int, str, int], Owed]:
    areas = {area.authority.pk: area for area in country.areas}
    of = dict(_ask("SELECT id, authority_id FROM workflow_case"))
    expected = {}
    for one in found:
        for person in _told(country, areas[of[one.case]], one):
            expected[one.case, one.duty, one.revision, one.rung, person] = one
    return expected


def _told(country: Country, area: Area, one: Owed) -> set[int]:
    """Who a rung is owed to: written down again from the rules."""
    rung = one.rung.partition(":")[0]
    if rung == "sign-offs":
        return {person.pk for person in area.partners}
    panels = one.duty == "panel-response"
    people = list(country.secretariat if panels else area.notifiers)
    if one.duty == "rapid-review":
        people.append(area.unit)
    elif one.duty in {"local-review", "advance-copy"}:
        people = [area.unit, area.approver]
    if rung == "escalated":
        people.append(country.chair if panels else area.approver)
        # The secretariat has no sight of a case before it is sent.
        if one.duty not in NOTIFYING:
            people += country.secretariat
    if rung in {"overdue-weeks", "overdue-months"}:
        people += country.administrators
    return {person.pk for person in people}


def _reached(row: tuple[Any, ...], arrived: Counter[str], ends: dict[Any, datetime]) -> bool:
    """Whether the person was told, or had no need to be any more when the turn came.

    Which of two was first is asked of the database: a sender at work may read an old time.
    """
    case, duty, revision, _, _, _, withheld, message, sent_at, dedupe, cancelled = row
    if withheld:
        return True
    if message is None:
        return False
    if cancelled is not None:
        end = ends.get((case, duty, revision))
        return end is not None and end <= cancelled
    return sent_at is not None and arrived[message_id(Outbox(dedupe=dedupe))] > 0


def _in_vain(rows: list[tuple[Any, ...]], given: Signatures) -> int:
    """How many were asked for a view of theirs that had been given."""
    found = {row[:6] for row in rows if given.asked_in_vain(row)}
    _show("asked in vain", found)
    return len(found)


def _wrongly_withheld(
    rows: list[tuple[Any, ...]], ladders: list[Owed], clocks: list[Clock], given: Signatures
) -> int:
    """How many reminders were recorded and not sent without a reason that holds."""
    steps = defaultdict(list)
    for one in ladders:
        steps[one.case, one.duty, one.revision].append(one)
    by_duty = {(clock.case, clock.duty): clock for clock in clocks}
    wrong = {
        row[:6]
        for row in rows
        if given.withheld_without(row)
        or (row[6] == "overtaken" and not _overtaken(row, steps[row[:3]]))
        or (row[6] == "told_with_panel" and not _told_with_panel(row, by_duty))
    }
    _show("wrongly withheld", wrong)
    return len(wrong)


def _overtaken(row: tuple[Any, ...], steps: list[Owed]) -> bool:
    """Whether a later rung of the same clock was owed by then, told aloud where this one is.

    Nobody's escalation is lost in a digest, and who has to sign is told of nothing else.
    """
    [own] = [one.moment for one in steps if one.rung == row[3]] or [row[5]]
    return row[3] != "sign-offs" and any(
        own < one.moment <= row[5] and (one.rung in ALOUD or row[3] not in ALOUD) for one in steps
    )


def _told_with_panel(row: tuple[Any, ...], clocks: Mapping[tuple[int, str], Clock]) -> bool:
    """Whether the Panel's clock of the same case ran then, towards the same date."""
    case, duty, revision, at = row[0], row[1], row[2], row[5]
    leads, own = clocks.get((case, PANELS)), clocks[case, duty].set[revision - 1][1]
    return (
        duty in NOTIFYING[1:]
        and leads is not None
        and any(
            due(PANELS, start) == due(duty, own)
            and since <= at
            and (end is None or at <= leads.seen_at(end))
            for _, since, start, end in leads.windows()
        )
    )
