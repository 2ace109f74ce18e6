"""P1: what is due is recorded and sent, against one statement, and against what people do instead.

A rung that is due is recorded for three people. The limit is one statement that claims a batch and
writes the same rows with the recipients known beforehand. The peers are a loop over rows, and a
Celery task with an ETA for each.
"""

import datetime as dt
import itertools
import smtplib
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import psycopg
from django.core.mail import EmailMessage as Mail
from django.db import connection, transaction
from django.test import override_settings

from tests.bench import postbox, stage
from tests.bench.lines import Line, line
from tests.bench.rungs import filled, make_due
from workflow import clock
from workflow.models import Deadline, Outbox, Person, PlannedRung, Reminder
from workflow.outbox import delivering
from workflow.reminders.sweeping import record, sweep

STORED, SMALL = 1_000_000, 100_000
DUE, FEW, SENT, LOOPED = 60_000, 100, 4_000, 400
TOLD = 3
SMTP = "django.core.mail.backends.smtp.EmailBackend"
NOW = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)
GOALS = {"cte": 0.6, "sent": 0.3, "loop": 25.0, "flat": 1.15, "session": 0.5}

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
    with stage.prepared(sent=1) as prepared:
        with filled(prepared.name, STORED) as large:
            yield from _recorded(large)
            few_large, empty_large = _few(large), _empty()
            yield from _sent(large)
            yield from _delivered()
        with filled(prepared.name, SMALL) as small:
            few_small, empty_small = _few(small), _empty()
    yield _flat("P1-few-due", few_large, few_small)
    yield _flat("P1-empty", empty_large, empty_small)


def _rate(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - began)


def _recorded(owner: psycopg.Connection) -> Iterator[Line]:
    """Half of what is due goes each way, in turns of a fifth."""
    ours, limit, loop, eta = [], [], [], []
    for _ in range(3):
        make_due(owner, DUE // 6)
        ours.append(_rate(lambda: record(NOW)))
        make_due(owner, DUE // 6)
        limit.append(_rate(_one_statement))
        make_due(owner, LOOPED)
        loop.append(_rate(_loop))
        eta.append(_rate(_etas))
    best = sorted(ours)[1], sorted(limit)[1], sorted(loop)[1]
    to_limit, to_loop = best[0] / best[1], best[0] / best[2]
    yield line(
        "P1-sweep",
        ours=best[0],
        limit=best[1],
        peer=best[2],
        unit="rungs/s",
        goal={"ratio_to_limit": GOALS["cte"], "times_the_loop": GOALS["loop"]},
        times_the_loop=round(to_loop, 1),
        eta_tasks_per_s=round(sorted(eta)[1], 1),
        stored=STORED,
        ok=to_limit >= GOALS["cte"] and to_loop >= GOALS["loop"],
    )


def _one_statement() -> int:
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
    """What most programs do: a loop over what is due, a few statements for each row."""
    people = list(Person.objects.order_by("pk")[:TOLD])
    done = 0
    for rung in PlannedRung.objects.filter(swept_at=None, planned_at__lte=NOW):
        with transaction.atomic():
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


def _few(owner: psycopg.Connection) -> float:
    """Milliseconds to record a few among all that is stored: the median of nine."""
    found = []
    for _ in range(9):
        make_due(owner, FEW)
        began = time.perf_counter()
        if record(NOW) != FEW:
            raise RuntimeError("The few that are due were not recorded.")
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)[4]


def _empty() -> float:
    """Milliseconds of a sweep with nothing due: the median of 51."""
    found = []
    for _ in range(51):
        began = time.perf_counter()
        sweep(at=NOW)
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)[25]


def _flat(name: str, large: float, small: float) -> Line:
    return line(
        name,
        ours=large,
        limit=small,
        unit="ms",
        goal={"ratio_to_limit": GOALS["flat"]},
        stored=STORED,
        against=SMALL,
        ok=large / small <= GOALS["flat"],
    )


class _Nowhere:
    """A transport that takes everything at once."""

    def send(self, message: Mail) -> str:
        return ""

    def close(self) -> None:
        return


def _sent(owner: psycopg.Connection) -> Iterator[Line]:
    """From due to sent, with a transport that costs nothing."""
    with clock.told(NOW):
        delivering.deliver_over(_Nowhere())
        make_due(owner, SENT)
        limit = _rate(_one_statement)
        Outbox.objects.filter(sent_at=None).update(sent_at=NOW)
        make_due(owner, SENT)

        def through() -> int:
            record(NOW)
            delivering.deliver_over(_Nowhere())
            return SENT

        ours = _rate(through)
    yield line(
        "P1-due-to-sent",
        ours=ours,
        limit=limit,
        unit="rungs/s",
        goal={"ratio_to_limit": GOALS["sent"]},
        ok=ours / limit >= GOALS["sent"],
    )


def _delivered() -> Iterator[Line]:
    """Over real SMTP to a sink in another process, against one session of smtplib."""
    waiting = Outbox.objects.filter(kind="reminder").order_by("-pk").values_list("pk", flat=True)
    with postbox.sink() as port, clock.told(NOW):
        one_session = _rate(lambda: _one_session(port, 2000))
        Outbox.objects.filter(pk__in=list(waiting[:2000])).update(sent_at=None)
        before = postbox.memory()
        with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            ours = _rate(delivering.deliver)
        grown = postbox.memory() - before
    yield line(
        "P1-delivery",
        ours=ours,
        limit=one_session,
        unit="messages/s",
        goal={"ratio_to_limit": GOALS["session"]},
        memory_grown_mb=round(grown, 1),
        ok=ours / one_session >= GOALS["session"] and grown < 20,
    )


def _one_session(port: int, count: int) -> int:
    message = EmailMessage()
    message["Subject"], message["To"] = "A reminder", "somebody@example.org"
    message["From"] = "service@example.org"
    message.set_content("Something is due.\n" * 12)
    with smtplib.SMTP("127.0.0.1", port) as session:
        for _ in itertools.repeat(None, count):
            session.send_message(message)
    return count
