"""P1: what is recorded is sent: from due to sent at no cost of sending, and over real SMTP."""

import itertools
import smtplib
import statistics
import time
from collections.abc import Iterator
from email.message import EmailMessage

from django.db import connection
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


def run() -> Iterator[Line]:
    """The lines of the path, each as soon as it is known."""
    with (
        stage.prepared() as prepared,
        filled(prepared.name, STORED) as rungs,
        clock.told(NOW),
    ):
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


def _sent(rungs: Rungs) -> Line:
    """From due to sent, with a transport that costs nothing."""

    def through() -> int:
        recorded, post = sweep(at=NOW).recorded, Nowhere()
        if delivering.deliver_over(post) != recorded * TOLD:
            raise RuntimeError("Not every message was sent.")
        return recorded

    ours, limit = [], []
    for _ in range(TURNS):
        rungs.make_due(SENT)
        ours.append(rate(through))
        rungs.make_due(SENT)
        limit.append(rate(one_statement))
        Outbox.objects.filter(sent_at=None).update(sent_at=NOW)
    through_all, statement = statistics.median(ours), statistics.median(limit)
    return line(
        "P1-due-to-sent",
        ours=through_all,
        limit=statement,
        unit=f"rungs/s, {TOLD} messages each",
        goal={"ratio_to_limit": GOALS["sent"]},
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
