"""Faults built in on purpose: with any of them the proof must fail, or it proves nothing."""

import time
from datetime import datetime
from typing import Any

from tests.prove.broken_clocks import forgotten_clock, never_again
from tests.prove.servers import Database


def build_in(name: str, database: Database) -> None:
    """The service of this process, and of its forks, has these faults, by commas; "" is none."""
    for one in filter(None, name.split(",")):
        FAULTS[one](database)


def mark_before_send(database: Database) -> None:
    """A message is marked as sent, and then sent: whoever dies in between loses it."""
    from workflow.outbox.delivering import Sender  # noqa: PLC0415

    honest = Sender._one

    def dishonest(self: Sender, row: object) -> bool:
        row.receipt_id, row.sent_at = "", clock_now()  # type: ignore[attr-defined]
        self.unmarked.append(row)  # type: ignore[arg-type]
        self._mark()
        return honest(self, row)  # type: ignore[arg-type]

    Sender._one = dishonest  # type: ignore[method-assign]


# What keeps two sweepers from recording what both have read.
GUARDS = ("FOR UPDATE SKIP LOCKED", "AND p.swept_at IS NULL", "ON CONFLICT (dedupe) DO NOTHING")


def no_key(database: Database) -> None:
    """Nothing is unique and nothing is locked: two sweepers record the same reminder.

    Both take their time between reading and recording, so that they meet on any machine.
    """
    from workflow.reminders import statements, sweeping  # noqa: PLC0415

    prompt = sweeping.Audience.of

    def slowly(self: sweeping.Audience, *given: Any) -> dict[str, list[Any]]:
        time.sleep(0.1)
        return prompt(self, *given)

    _replace(slowly, "of", sweeping.Audience)

    for table, constraint in (
        ("workflow_reminder", "reminder_once"),
        ("workflow_outbox", "outbox_once"),
    ):
        database.ask(
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint}", database="service"
        )
    for name in ("RECORD", "DIGEST"):
        text: str = getattr(statements, name)
        for guard in GUARDS:
            text = text.replace(guard, "")
        setattr(statements, name, text)


def trust_lost_connections(database: Database) -> None:
    """A message whose server went away without a word is taken for sent."""
    from workflow.outbox.faults import DeferredError  # noqa: PLC0415
    from workflow.outbox.letters import Message  # noqa: PLC0415
    from workflow.outbox.transports import Smtp  # noqa: PLC0415

    honest = Smtp.send

    def hopeful(self: Smtp, message: Message) -> str:
        try:
            return honest(self, message)
        except DeferredError:
            return ""

    _replace(hopeful, "send", Smtp)


def send_on_days_off(database: Database) -> None:
    """Whatever is there leaves at once, on whatever day."""
    from workflow.law import ladders  # noqa: PLC0415
    from workflow.outbox import turn  # noqa: PLC0415
    from workflow.reminders import sweeping  # noqa: PLC0415

    _replace(lambda at, _: at, "leaves_at", turn, sweeping)
    _replace(lambda key, duty, at, days: ladders.Planned(key, at), "_at_once", ladders)


def withhold_escalations(database: Database) -> None:
    """Seniors are not told: each escalation is said to have been overtaken."""
    from workflow.reminders import statements  # noqa: PLC0415

    honest, reason = "ELSE ''\n", "WHEN running.rung = 'escalated' THEN 'overtaken' ELSE ''\n"
    if honest not in statements.RECORD:
        raise RuntimeError("The statement gives its reasons in other words now.")
    statements.RECORD = statements.RECORD.replace(honest, reason)


def queue_as_ledger(database: Database) -> None:
    """What a sweep has made is put on the broker once, and only what the broker knows is sent."""
    from tests.prove import simulation, workers  # noqa: PLC0415
    from workflow.models import Outbox  # noqa: PLC0415
    from workflow.outbox import tasks  # noqa: PLC0415
    from workflow.reminders import tasks as ticks  # noqa: PLC0415
    from workflow.reminders.sweeping import Swept, sweep  # noqa: PLC0415

    made: list[int] = []

    def counted() -> Swept:
        found = sweep()
        made[:] = [found.recorded + found.digests]
        return found

    def ring_once() -> None:
        if made and made[0]:
            tasks.ring()

    def just_made(*, at: datetime) -> list[int]:
        return list(Outbox.objects.filter(created_at=at).values_list("pk", flat=True))

    _replace(counted, "sweep", workers, ticks)
    _replace(ring_once, "ring", workers, ticks)
    _replace(just_made, "waiting", tasks)
    _replace(lambda: 0, "deliver", workers, simulation)


def acknowledge_before_commit(database: Database) -> None:
    """The person is told before the transaction ends: whoever dies in between has lied."""
    from notifications import services  # noqa: PLC0415
    from tests.prove.filing import acknowledge  # noqa: PLC0415
    from workflow.models import Case  # noqa: PLC0415

    honest = services.send

    def hasty(token: str, **how: Any) -> Case:
        case = honest(token, **how)
        acknowledge(token)
        return case

    services.send = hasty


def two_transactions(database: Database) -> None:
    """The machine moves in one transaction, and what is counted is written in the next."""
    from django.db import connection  # noqa: PLC0415

    from workflow import services  # noqa: PLC0415
    from workflow.models import Event  # noqa: PLC0415

    honest = services.advance

    def advance(*given: Any, **how: Any) -> Event:
        event = honest(*given, **how)
        open_ones = [f'SAVEPOINT "{name}"' for name in connection.savepoint_ids if name]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(["COMMIT", "BEGIN", *open_ones]))
        return event

    services.advance = advance


def lazy_commit(database: Database) -> None:
    """A commit is said to be done before it is on the disk."""
    database.ask("ALTER DATABASE service SET synchronous_commit = off")
    database.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    database.ask("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
    database.ask("SELECT pg_reload_conf()")


def no_lock(database: Database) -> None:
    """Whoever acts does not lock the case first."""
    from workflow.machine import advancing  # noqa: PLC0415

    honest = advancing._locked

    def unlocked(cases: Any) -> Any:
        found = honest(cases)
        found.query.select_for_update = False
        return found

    advancing._locked = unlocked


def plain_save(database: Database) -> None:
    """The state is moved and saved, as the library's first page shows it."""
    from workflow import services  # noqa: PLC0415
    from workflow.machine.move import refuse_unless_possible  # noqa: PLC0415

    def advance(subject: Any, name: str, **how: Any) -> None:
        refuse_unless_possible(subject, name)
        target = getattr(type(subject), name)._django_fsm.next_state(subject.state)
        subject.__dict__["state"] = target
        subject.save()

    services.advance = advance  # type: ignore[assignment]


def no_wall(database: Database) -> None:
    """One machine's edges are not held by the database."""
    database.ask(
        "DO $$ DECLARE one text; BEGIN SELECT tgname INTO one FROM pg_trigger WHERE tgrelid ="
        " 'workflow_rapidreview'::regclass AND tgname LIKE '%legal_edges%';"
        " EXECUTE format('DROP TRIGGER %I ON workflow_rapidreview', one); END $$",
        database="service",
    )


def edge_too_many(database: Database) -> None:
    """The machine offers a way that the process does not have."""
    from workflow.models import NotificationProcess  # noqa: PLC0415

    # One that the walls let pass, because another act leads from the same state to the same.
    meta: Any = NotificationProcess.decide_to_notify._django_fsm  # type: ignore[attr-defined]
    known = meta.get_transition("threshold_decision")
    meta.add_transition(
        method=NotificationProcess.decide_to_notify,
        source="draft",
        target="draft",
        conditions=known.conditions,
        custom=known.custom,
    )


def role_too_many(database: Database) -> None:
    """A notifier alone decides that nothing is notified."""
    from workflow.machine.move import act_of  # noqa: PLC0415
    from workflow.models import NotificationProcess  # noqa: PLC0415

    act = act_of(NotificationProcess, "decide_not_to_notify")
    object.__setattr__(act, "roles", (*act.roles, "la_notifier"))


def mark_on_claim(database: Database) -> None:
    """As mark_before_send, by the database itself: whatever process claims a message, it is sent.

    It reaches processes that share no memory with the proof.
    """
    for statement in MARK_ON_CLAIM:
        database.ask(statement, database="service")


MARK_ON_CLAIM = (
    """
    CREATE FUNCTION prove_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.sent_at := NEW.lease_until - interval '120 seconds'; RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER prove_mark BEFORE UPDATE ON workflow_outbox FOR EACH ROW
    WHEN (OLD.lease_token IS DISTINCT FROM NEW.lease_token AND NEW.lease_until IS NOT NULL)
    EXECUTE FUNCTION prove_mark()
    """,
)


def _replace(by: object, name: str, *places: object) -> None:
    for place in places:
        setattr(place, name, by)


def clock_now() -> object:
    """The simulated instant."""
    from workflow import clock  # noqa: PLC0415

    return clock.now()


FAULTS = {
    "acknowledge-before-commit": acknowledge_before_commit,
    "lazy-commit": lazy_commit,
    "two-transactions": two_transactions,
    "mark-before-send": mark_before_send,
    "edge-too-many": edge_too_many,
    "forgotten-clock": forgotten_clock,
    "mark-on-claim": mark_on_claim,
    "never-again": never_again,
    "no-key": no_key,
    "no-lock": no_lock,
    "no-wall": no_wall,
    "plain-save": plain_save,
    "queue-as-ledger": queue_as_ledger,
    "role-too-many": role_too_many,
    "send-on-days-off": send_on_days_off,
    "trust-lost-connections": trust_lost_connections,
    "withhold-escalations": withhold_escalations,
}
