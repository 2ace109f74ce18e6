"""The worker and the beat: `celery -A config worker`, `celery -A config beat`.

The broker is a doorbell and never the ledger: a task carries an identifier and no more, and
losing the broker loses nothing that a table does not hold.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import Celery, signals
from kombu.exceptions import OperationalError

from config.environment import MisconfiguredError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Every process imports this module; only Celery's own command is the worker or the beat.
if "celery" in Path(sys.argv[0]).parts[-2:]:
    os.environ.setdefault("DATABASE_ROLE", "worker")

app = Celery("config")
app.config_from_object("config.broker")
app.autodiscover_tasks(
    [
        "notifications.attached",
        "workflow.api",
        "workflow.outbox",
        "workflow.reminders",
        "workflow.sealed",
        "workflow.webhooks",
    ]
)


@signals.worker_init.connect(weak=False)
def refuse_an_unsafe_start(**kwargs: Any) -> None:
    """The worker ends at once on a database that could not refuse it anything."""
    # Only now: settings are read when the worker starts, not when the app is imported.
    from config import start  # noqa: PLC0415

    try:
        start.refuse_an_unsafe_start()
    except MisconfiguredError as reasons:
        # Celery goes on after any other exception.
        sys.exit(str(reasons))


@signals.worker_ready.connect(weak=False)
def sweep_at_once(**kwargs: Any) -> None:
    """A worker that has just been started sweeps: the last ring may have died with another."""
    with suppress(OperationalError):
        app.send_task("workflow.reminders.tasks.sweep_now", expires=55)
