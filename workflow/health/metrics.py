"""The figures of health for Prometheus, read from the tables when they are asked for.

So they are the same whichever process answers, and survive every restart. The kinds of lateness
are figures of their own, so that nobody adds them up by leaving a label out.
"""

from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, Q
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from workflow import clock
from workflow.access import context
from workflow.deadlines.models import Deadline
from workflow.health.reading import Reading
from workflow.law import duties
from workflow.outbox.models import MAIL, Outbox
from workflow.reminders.models import Reminder

CONTENT_TYPE = CONTENT_TYPE_LATEST
# As they stand in a reading: part, figure, name, what it is.
GAUGES = (
    ("scheduler", "seconds", "sweep_age_seconds", "Seconds since somebody last swept"),
    ("outbox", "waiting", "outbox_waiting", "Messages that wait to be sent"),
    ("outbox", "due", "outbox_due", "Messages that could be sent now"),
    ("outbox", "oldest_seconds", "outbox_oldest_seconds", "Age of the oldest message that waits"),
    ("webhooks", "waiting", "webhooks_waiting", "Messages that wait for other systems"),
    ("webhooks", "given_up", "webhooks_given_up", "Messages that other systems did not take"),
    ("webhooks", "idle", "webhooks_idle", "Other systems that nobody calls"),
    ("webhooks", "away", "webhooks_away", "Other systems that take nothing for an hour or longer"),
    ("approvers", "without", "authorities_without_approver", "Authorities with nobody to approve"),
    ("worker", "idle_seconds", "worker_idle_seconds", "Seconds that a message waits to be taken"),
    (
        "worker",
        "unanswered_seconds",
        "worker_unanswered_seconds",
        "Seconds that a ring waits for the worker",
    ),
    ("dead_letters", "count", "outbox_dead", "Messages given up that nobody has dealt with"),
    ("nobody_told", "count", "reminders_to_nobody", "Open clocks whose reminder found nobody"),
    ("dates", "behind", "dates_behind", "Open dates that are not what the calendar gives"),
    ("reminders", "missing", "reminders_missing", "Reminders that ought to be recorded"),
    ("migrations", "missing", "migrations_missing", "Migrations that are not applied"),
    ("calendar", "days", "calendar_days_ahead", "Days for which bank holidays are known"),
    (
        "audit_log",
        "oldest_seconds",
        "audit_waits_seconds",
        "Age of the oldest entry not in the log",
    ),
    ("audit_log", "unsigned", "audit_unsigned", "Entries of the log that are not signed"),
    ("key_copies", "oldest_seconds", "key_copies_oldest_seconds", "Age of a place’s newest copy"),
    ("keys", "free_megabytes", "key_store_free_megabytes", "Room left where the keys lie"),
)
LATENESS = {
    "statutory": "Statutory duties overdue",
    "guidance": "Guidance limits overdue",
    "service level": "Service levels overdue",
}


class Figures(Collector):
    """What a reading and the tables say."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[Metric]:
        """Each figure that could be read; one that could not is left out, never nought."""
        for sign in self._reading.signs:
            name = f"health_{sign.name}_well"
            yield GaugeMetricFamily(name, f"1 when {sign.name} is well", value=float(sign.well))
        for part, figure, name, words in GAUGES:
            value = self._reading[part].figures.get(figure)
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)
        try:
            with context.serving(context.HEALTH):
                counted = [*_counters(), *_overdue()]
        except DatabaseError:
            return
        yield from counted


def _counters() -> Iterator[Metric]:
    sent = Outbox.objects.filter(MAIL).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
    )
    for name, count in sent.items():
        yield CounterMetricFamily(f"outbox_{name}", f"Messages {name}", value=count)
    reminders = Reminder.objects.aggregate(
        recorded=Count("pk"), withheld=Count("pk", filter=~Q(withheld=""))
    )
    for name, count in reminders.items():
        yield CounterMetricFamily(f"reminders_{name}", f"Reminders {name}", value=count)


def _overdue() -> Iterator[Metric]:
    overdue = Deadline.objects.overdue(on=clock.today())
    for lateness, words in LATENESS.items():
        slugs = [one.slug for one in duties.ALL if one.lateness == lateness and not one.soft]
        name = f"overdue_{lateness.replace(' ', '_')}"
        yield GaugeMetricFamily(name, words, value=overdue.filter(duty__in=slugs).count())


def text(reading: Reading) -> bytes:
    """The figures as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(Figures(reading))
    return generate_latest(registry)
