"""P1: what is due is recorded, against one statement, and against what people do instead.

A rung that is due is recorded for three people. The limit is one statement that claims a batch and
writes the same rows with the recipients known beforehand. The peers are a loop over rows, and a
Celery task with an ETA for each.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator

from django.db import connection

from tests import databases
from tests.bench import stage
from tests.bench.lines import Line, line
from tests.bench.rungs import NOW, TOLD, Rungs, filled
from workflow.models import Deadline, Outbox, Person, PlannedRung, Reminder
from workflow.reminders.sweeping import recording, sweep

STORED, SMALL = 1_000_000, 100_000
DUE, FEW, LOOPED, LONG = 10_000, 100, 150, 20_000
TURNS = 3
# Batches at either end of what is due under an old snapshot.
ENDS = 5
GOALS = {"cte": 0.6, "loop": 25.0, "flat": 1.15, "long": 1.5}

ONE_STATEMENT = """
WITH due AS MATERIALIZED (
    SELECT p.id, p.deadline_id, p.revision, p.rung, p.planned_at, d.case_id, d.authority_id
    FROM workflow_plannedrung p JOIN workflow_deadline d ON d.id = p.deadline_id
    WHERE p.swept_at IS NULL AND p.planned_at <= %(now)s
    ORDER BY p.planned_at, p.id LIMIT 1000 FOR UPDATE OF p SKIP LOCKED
), told AS MATERIALIZED (
    SELECT due.*, person, 'limit:' || due.id || ':' || person AS dedupe
    FROM due, unnest(%(people)s::bigint[]) person
), messages AS (
    INSERT INTO workflow_outbox (dedupe, kind, case_id, authority_id, person_id, payload,
        created_at, next_attempt_at, attempts, fault, receipt_id)
    SELECT dedupe, 'reminder', case_id, authority_id, person, '{}'::jsonb, %(now)s, %(now)s, 0,
        '', ''
    FROM told ON CONFLICT DO NOTHING RETURNING id, dedupe
), reminders AS (
    INSERT INTO workflow_reminder (deadline_id, authority_id, revision, rung, person_id, quiet,
        withheld, planned_at, recorded_at, message_id)
    SELECT deadline_id, authority_id, revision, rung, person, false, '', planned_at, %(now)s, m.id
    FROM told JOIN messages m USING (dedupe) ON CONFLICT DO NOTHING
), swept AS (
    UPDATE workflow_plannedrung p SET swept_at = %(now)s FROM due WHERE p.id = due.id
)
SELECT count(*) FROM due
"""


def run() -> Iterator[Line]:
    """The lines of the path, each as soon as it is known."""
    with stage.prepared() as prepared, filled(prepared.name, SMALL) as small:
        name = connection.settings_dict["NAME"]
        with filled(prepared.name, STORED) as large:
            yield _recorded(large)
            yield from _flat(large, small, name)
            yield _under_an_old_snapshot(large)


def rate(work: Callable[[], int]) -> float:
    """How many a second were done."""
    began = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - began)


def _recorded(rungs: Rungs) -> Line:
    """Each way in turns, over as many rungs of the same kind; each writes as many rows."""
    sides: dict[str, tuple[Callable[[], int], int]] = {
        "ours": (_ours, DUE),
        "limit": (one_statement, DUE),
        "loop": (_loop, LOOPED),
    }
    found: dict[str, list[float]] = {name: [] for name in (*sides, "eta")}
    for _ in range(TURNS):
        for name, (work, due) in sides.items():
            rungs.make_due(due)
            before = written()
            found[name].append(rate(work))
            if written() != (before[0] + due * TOLD, before[1] + due * TOLD):
                raise RuntimeError(f"Not every reminder was recorded: {name}.")
        found["eta"].append(rate(_etas))
    ours, limit, loop, eta = (statistics.median(times) for times in found.values())
    return line(
        "P1-sweep",
        ours=ours,
        limit=limit,
        peer=loop,
        unit=f"rungs/s, {TOLD} people each, among {STORED:,}",
        goal={"ratio_to_limit": GOALS["cte"], "times_the_loop": GOALS["loop"]},
        times_the_loop=round(ours / loop, 1),
        times_an_eta_task=round(ours * TOLD / eta, 1),
        ok=ours / limit >= GOALS["cte"] and ours / loop >= GOALS["loop"],
    )


def written() -> tuple[int, int]:
    """How many reminders and messages there are."""
    return Reminder.objects.count(), Outbox.objects.count()


def _ours() -> int:
    return sweep(at=NOW).recorded


def one_statement() -> int:
    """The limit: everything due is recorded by the hand-written statement; returns how much."""
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:TOLD])
    done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(ONE_STATEMENT, {"now": NOW, "people": people})
            (count,) = cursor.fetchone()
            if not count:
                return done
            done += count


def _loop() -> int:
    """What most programs do: a loop over what is due that saves row after row.

    As Django does it unless told otherwise, each save is a transaction.
    """
    people = list(Person.objects.order_by("pk")[:TOLD])
    done = 0
    for rung in PlannedRung.objects.filter(swept_at=None, planned_at__lte=NOW):
        deadline = Deadline.objects.select_related("case").get(pk=rung.deadline_id)
        for person in people:
            message = Outbox.objects.create(
                dedupe=f"loop:{rung.pk}:{person.pk}",
                kind="reminder",
                case=deadline.case,
                authority_id=deadline.authority_id,
                person=person,
                created_at=NOW,
                next_attempt_at=NOW,
            )
            Reminder.objects.create(
                deadline=deadline,
                authority_id=deadline.authority_id,
                revision=1,
                rung=rung.rung,
                person=person,
                quiet=False,
                planned_at=rung.planned_at,
                recorded_at=NOW,
                message=message,
            )
        rung.swept_at = NOW
        rung.save(update_fields=["swept_at"])
        done += 1
    return done


def _etas() -> int:
    """A Celery task with an ETA for each of what is to come; taken off the broker again."""
    from config.celery import app  # noqa: PLC0415 - its settings come first.

    at = NOW + dt.timedelta(days=15)
    with app.connection_for_write() as broker:
        for number in range(LOOPED):
            app.send_task("bench", (number,), eta=at, queue="bench-eta", connection=broker)
        app.amqp.queues["bench-eta"].bind(broker).purge()
    return LOOPED


def _flat(large: Rungs, small: Rungs, name: str) -> Iterator[Line]:
    """A few that are due, and none: the same among many and among fewer, in turns."""

    def few(rungs: Rungs) -> float:
        rungs.make_due(FEW)
        began = time.perf_counter()
        if _ours() != FEW:
            raise RuntimeError("The few that are due were not recorded.")
        return (time.perf_counter() - began) * 1000

    def empty(rungs: Rungs) -> float:
        began = time.perf_counter()
        sweep(at=NOW)
        return (time.perf_counter() - began) * 1000

    for bench, work, turns in (("P1-few-due", few, 11), ("P1-empty", empty, 51)):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(turns):
            times[0].append(work(large))
            with databases.as_worker(name):
                # Connecting is no part of a sweep.
                sweep(at=NOW)
                times[1].append(work(small))
            sweep(at=NOW)
        among_many, among_few = (statistics.median(each) for each in times)
        yield line(
            bench,
            ours=among_many,
            limit=among_few,
            unit=f"ms/sweep, {STORED:,} planned against {SMALL:,}",
            goal={"ratio_to_limit": GOALS["flat"]},
            ok=among_many / among_few <= GOALS["flat"],
        )


def _under_an_old_snapshot(rungs: Rungs) -> Line:
    """The last batches against the first while a long transaction keeps every dead row."""
    rungs.make_due(LONG)
    with databases.as_owner(connection.settings_dict["NAME"]) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM workflow_heartbeat")
        times, began = [], time.perf_counter()
        for _ in recording(NOW):
            times.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
        reader.execute("ROLLBACK")
    last, first = statistics.median(times[-ENDS:]), statistics.median(times[:ENDS])
    return line(
        "P1-old-snapshot",
        ours=last,
        limit=first,
        unit=f"ms/batch, the last {ENDS} of {len(times)} against the first {ENDS}",
        goal={"ratio_to_limit": GOALS["long"]},
        ok=last / first <= GOALS["long"],
    )
