"""What runs beside the proof and is killed at random: the service's own code."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from queue import Empty
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerError

from config.celery import app
from tests.prove import time_row
from workflow.law.calendar import COMMITTED
from workflow.outbox.delivering import deliver
from workflow.outbox.letters import Letter, Message, address
from workflow.outbox.mime import ready
from workflow.outbox.rings import EVERY_QUEUE
from workflow.outbox.tasks import ring
from workflow.reminders.sweeping import sweep
from workflow.reminders.tasks import sweep_now

LOST = (DatabaseError, InterfaceError)
SAME_MINUTE = 5


def warm() -> None:
    """All that a first use would load is loaded, so that a worker is at work as soon as forked."""
    app.finalize()
    app.loader.import_default_modules()
    letter = Letter("Warm", ("Words",), address(reverse("home")), "Because")
    ready(Message(("somebody@example.org",), letter, "<warm@example.org>", "warm"))
    COMMITTED.add(date(2024, 1, 2), 5)


def as_worker() -> None:
    """From now on this process is the worker to the database, and reads no narrative."""
    time_row.install()
    connection.settings_dict.update(USER="safeguarding_worker")


def sweeper() -> None:
    """The cron's sweep, again and again."""
    as_worker()
    swept: list[object] = []

    def once() -> None:
        now = time_row.look()
        # A minute has passed, or people may have acted in it.
        if swept[-1:] != [now] or len(swept) > SAME_MINUTE:
            whole = sweep().whole
            ring()
            swept[:] = [now] if whole else []
        swept.append(now)
        time.sleep(0.02)

    _for_ever(once)


def beat() -> None:
    """The beat's tick: the task is put on the broker."""
    while True:
        with suppress(BrokerError):
            sweep_now.apply_async(expires=55, retry=False)
        time.sleep(0.25)


def worker() -> None:
    """Takes what is on the broker and does it; with nothing there, delivers what is due."""
    as_worker()
    while True:
        with suppress(BrokerError, OSError), app.connection_for_read() as line:
            queues = [line.SimpleQueue(name) for name in EVERY_QUEUE]
            _for_ever(partial(_one, queues))
        time.sleep(0.02)


def _one(queues: list[Any]) -> None:
    time_row.look()
    for queue in queues:
        with suppress(Empty):
            message = queue.get(timeout=0.015)
            arguments = message.decode()[0]
            app.tasks[message.headers["task"]](*arguments)
            message.ack()
            return
    deliver()


def _for_ever(once: Callable[[], None]) -> None:
    while True:
        try:
            once()
        except LOST:
            connection.close()
            time.sleep(0.02)
