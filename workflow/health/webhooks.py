"""Whether webhooks are called at all; whether their receivers are well is other people's to see."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from workflow.health.signs import MINUTES_TO_STUCK, Sign
from workflow.outbox.models import MAIL, WAITING, Outbox
from workflow.webhooks.models import Webhook

NAME = "webhooks"


def sign(at: datetime) -> Sign:
    """Well when no receiver that was not away has been left uncalled for long."""
    late = at - timedelta(minutes=MINUTES_TO_STUCK)
    theirs = Outbox.objects.filter(~MAIL)
    due = theirs.filter(WAITING, next_attempt_at__lt=late).values("webhook")
    uncalled = Q(called_at=None) | Q(called_at__lt=late)
    idle = Webhook.objects.in_force().filter(uncalled, away=0, pk__in=due).count()
    found: dict[str, Any] = theirs.aggregate(
        waiting=Count("pk", filter=WAITING), given_up=Count("pk", filter=Q(dead_at__isnull=False))
    )
    # Where sending is held, the messages that wait say so.
    return Sign(NAME, settings.SENDING_HELD or not idle, {**found, "idle": idle})
