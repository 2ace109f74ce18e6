"""How Celery behaves: the worker and the beat read this module."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from kombu import Exchange, Queue

from workflow.outbox.rings import EVERY_QUEUE, SWEEPS

# Celery has its own way to write the address of a socket file.
broker_url = settings.REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
broker_connection_retry_on_startup = True
# For ever: after an outage of any length nobody has to start the worker again.
broker_connection_max_retries = None
task_serializer = "json"
accept_content = ["json"]
task_ignore_result = True
timezone = "UTC"
enable_utc = True

# A task that is lost with its worker is given to another: each does its work once by claiming
# a row, so a second delivery does nothing.
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
task_soft_time_limit = 240
task_time_limit = 300
# At least twice the time limit, or a task still at work would be handed to a second worker.
broker_transport_options = {"visibility_timeout": 900}
task_publish_retry = False

task_queues = [Queue(name, Exchange(name), routing_key=name) for name in EVERY_QUEUE]
task_routes = {"workflow.reminders.tasks.sweep_now": {"queue": SWEEPS}}

# Intervals, never wall-clock times: a schedule in local time falls silent when the clocks change.
# Each entry does what is due by then: any number of beats, or none for a while, is harmless.
# A beat that has just been started rings at once: what became due while there was none, or while
# one was killed within each of its minutes, does not wait for a whole one.
_at_once = {"last_run_at": datetime(2000, 1, 1, tzinfo=UTC)}
# A ring that finds the broker away is tried again for some seconds, not a minute later.
_again = {
    "retry": True,
    "retry_policy": {"max_retries": 4, "interval_start": 1, "interval_step": 1, "interval_max": 3},
}
beat_schedule = {
    # Twice in the minute within which a sweep is promised: a ring can be lost with the broker or
    # the worker that held it, and the next one must still come in time.
    "sweep": {
        "task": "workflow.reminders.tasks.sweep_now",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25, **_again},
        **_at_once,
    },
    "deliver": {
        "task": "workflow.outbox.tasks.deliver_due",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25, **_again},
        **_at_once,
    },
    "webhooks": {
        "task": "workflow.webhooks.tasks.call_webhooks",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25, **_again},
        **_at_once,
    },
    "receipts": {
        "task": "workflow.outbox.tasks.ask_for_receipts",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 55, **_again},
        **_at_once,
    },
    "documents": {
        "task": "notifications.attached.tasks.scan_held",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25, **_again},
        **_at_once,
    },
    # What is kept for a week may be kept for a day more.
    "answers": {
        "task": "workflow.api.tasks.sweep_answers_now",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600, **_again},
        **_at_once,
    },
    # Nobody waits for it; a key of no case only must not lie about for long.
    "keys": {
        "task": "workflow.sealed.tasks.sweep_keys_now",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600, **_again},
        **_at_once,
    },
    "key copies": {
        "task": "workflow.sealed.tasks.copy_keys_now",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600, **_again},
        **_at_once,
    },
}
