"""P1: what is recorded is sent: from due to sent at no cost of sending, and over real SMTP."""

import itertools
import multiprocessing
import smtplib
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from django.db import connection, connections
from django.test import override_settings

from tests import databases
from tests.bench import postbox, stage
from tests.bench.lines import Line, line
from tests.bench.rungs import NOW, TOLD, Rungs, filled
from tests.bench.sweep import one_statement, rate
from workflow import clock
from workflow.models import Outbox
from workflow.outbox import delivering
from workflow.outbox.letters import Message
from workflow.reminders.sweeping import sweep

STORED = 400_000
SENT, DELIVERED, LONG = 3_000, 6_000, 15_000
TURNS = 3
SMTP = "django.core.mail.backends.smtp.EmailBackend"
GOALS = {"sent": 0.3, "session": 0.5, "long": 1.5}
MEMORY_MB = 8
# As many as a worker starts on two processors unless it is told otherwise.
SENDERS = 2


def run() -> Iterator[Line]:
    """The lines of the path, each as soon as it is known."""
    with (
        stage.prepared() as prepared,
        filled(prepared.name, STORED) as rungs,
        clock.told(NOW),
    ):
        _warm_up(rungs)
        yield _sent(rungs)
        yield _delivered(rungs)
        yield _under_an_old_snapshot(rungs)


class Nowhere:
    """A transport that takes everything at once, and notes when."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def send(self, message: Message) -> str:
        self.moments.append(time.perf_counter())
        return ""


def waits(rungs: Rungs, due: int) -> None:
    """So many rungs are recorded and their messages wait, three times as many."""
    rungs.make_due(due)
    sweep(at=NOW)
    rungs.tidy()


@dataclass(frozen=True)
class Worker:
    """So many processes that send what waits, once, as those of a worker do when it is rung."""

    together: Barrier
    sent: "SimpleQueue[int]"
    processes: int

    def ring(self) -> int:
        """Everything that waits is sent; returns how many messages that were."""
        self.together.wait()
        return sum(self.sent.get() for _ in range(self.processes))


@contextmanager
def worker(processes: int) -> Iterator[Worker]:
    """Inside, the processes are connected and wait to be rung."""
    alike = multiprocessing.get_context("fork")
    made = Worker(alike.Barrier(processes + 1), alike.SimpleQueue(), processes)

    def send() -> None:
        # That connection is the parent's.
        del connections["default"]
        connection.ensure_connection()
        made.together.wait()
        made.together.wait()
        made.sent.put(delivering.deliver_over(Nowhere()))

    running = [alike.Process(target=send, daemon=True) for _ in range(processes)]
    for process in running:
        process.start()
    made.together.wait()
    yield made
    for process in running:
        process.join()


def _warm_up(rungs: Rungs) -> None:
    """What a process loads with its first message is loaded, as in a worker that has sent before.

    Every process that is forked from here on has it, and the first turn is as the others are.
    """
    waits(rungs, 1)
    if delivering.deliver_over(Nowhere()) != TOLD:
        raise RuntimeError("The first messages were not sent.")


def _through(processes: int) -> float:
    """How many of the rungs that are due are recorded and sent a second."""
    with worker(processes) as sending:

        def work() -> int:
            recorded = sweep(at=NOW).recorded
            if sending.ring() != recorded * TOLD:
                raise RuntimeError("Not every message was sent, or some twice.")
            return recorded

        return rate(work)


def _sent(rungs: Rungs) -> Line:
    """From due to sent, with a transport that costs nothing: by one process, and by a worker."""
    alone, ours, limit = [], [], []
    for _ in range(TURNS):
        rungs.make_due(SENT)
        alone.append(_through(1))
        rungs.make_due(SENT)
        ours.append(_through(SENDERS))
        rungs.make_due(SENT)
        limit.append(rate(one_statement))
        Outbox.objects.filter(sent_at=None).update(sent_at=NOW)
    by_one, through_all, statement = (statistics.median(each) for each in (alone, ours, limit))
    return line(
        "P1-due-to-sent",
        ours=through_all,
        limit=statement,
        unit=f"rungs/s, {TOLD} messages each",
        goal={"ratio_to_limit": GOALS["sent"]},
        by_one_process=round(by_one / statement, 2),
        ok=through_all / statement >= GOALS["sent"],
    )


def _delivered(rungs: Rungs) -> Line:
    """Over real SMTP to a sink in another process, against one session of smtplib."""
    ours, session, sizes = [], [], []
    with postbox.sink() as port:
        smtp = override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
        for _ in range(TURNS):
            session.append(rate(lambda: _one_session(port, DELIVERED)))
            waits(rungs, DELIVERED // TOLD)
            with smtp:
                ours.append(rate(delivering.deliver))
            sizes.append(postbox.memory())
    delivered, one_session = statistics.median(ours), statistics.median(session)
    # The first turn loads what the others use again.
    grown = sizes[-1] - sizes[0]
    return line(
        "P1-delivery",
        ours=delivered,
        limit=one_session,
        unit="messages/s",
        goal={"ratio_to_limit": GOALS["session"], "memory_grown_mb": MEMORY_MB},
        memory_grown_mb=round(grown, 1),
        ok=delivered / one_session >= GOALS["session"] and grown <= MEMORY_MB,
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


def _under_an_old_snapshot(rungs: Rungs) -> Line:
    """The last tenth of what is sent against the first, while a long transaction looks on."""
    waits(rungs, LONG // TOLD)
    post = Nowhere()
    with databases.as_owner(connection.settings_dict["NAME"]) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM workflow_heartbeat")
        delivering.deliver_over(post)
        reader.execute("ROLLBACK")
    tenth = len(post.moments) // 10
    first = post.moments[tenth] - post.moments[0]
    last = post.moments[-1] - post.moments[-1 - tenth]
    return line(
        "P1-delivery-old-snapshot",
        ours=last * 1000 / tenth,
        limit=first * 1000 / tenth,
        unit=f"ms/message, the last {tenth:,} against the first of {len(post.moments):,}",
        goal={"ratio_to_limit": GOALS["long"]},
        ok=last / first <= GOALS["long"],
    )
