"""However many messages wait for a slow mail server, a worker sweeps when it is rung for."""

from pathlib import Path

from django.conf import settings
from kombu import Connection

from config.celery import app
from tests.prove.servers import Broker
from tests.story import a_case, cast
from tests.workflow.health.processes import environment, running, until
from tests.workflow.outbox.conftest import Post
from workflow.models import Heartbeat, Outbox
from workflow.outbox.tasks import deliver_chunk
from workflow.reminders.tasks import sweep_now

QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--pool", "solo")


def test_a_sweep_waits_for_what_the_worker_has_in_hand_and_for_nothing_else(
    committing_db: str, tmp_path: Path, post: Post
) -> None:
    everyone = cast()
    for aware in ("2026-11-18", "2026-11-19"):
        a_case(everyone, aware=aware).notified("2026-11-20")
    rows = list(Outbox.objects.values_list("pk", flat=True))
    post.seconds = 0.5
    broker = Broker(tmp_path)
    broker.start()
    try:
        with Connection(broker.url) as line:
            for row in rows:
                app.send_task(deliver_chunk.name, ([row],), expires=60, connection=line)
            app.send_task(sweep_now.name, connection=line)
        mail = f"smtp://127.0.0.1:{settings.EMAIL_PORT}"
        env = environment(committing_db, tmp_path, REDIS_URL=broker.url, EMAIL_URL=mail)
        worker = ("celery", "-A", "config", "worker", *QUIET)
        with running("worker", *worker, env=env | {"C_FORCE_ROOT": "1"}, folder=tmp_path) as log:
            until(Heartbeat.objects.filter(name=Heartbeat.SWEEP).exists, 60, log.read_text())
            assert len(rows) >= 10
            assert len(post.messages) <= 3
            until(lambda: len(post.messages) == len(rows), 60, log.read_text())
    finally:
        broker.kill()
