"""Whether webhooks are called at all; that receivers are away is said, and makes nothing ill."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from workflow.health.signs import MINUTES_TO_STUCK, Sign
from workflow.outbox.models import MAIL, WAITING, Outbox
from workflow.webhooks.models import AWAY_FOR_LONG, Webhook

NAME = "webhooks"


def sign(at: datetime) -> Sign:
    """Well when somebody calls, or no receiver that was not away was left uncalled for long."""
    late = at - timedelta(minutes=MINUTES_TO_STUCK)
    theirs, hooks = Outbox.objects.filter(~MAIL), Webhook.objects.in_force()
    waits = theirs.filter(WAITING)
    given_up = theirs.filter(dead_at__isnull=False, webhook__in=hooks)
    due = waits.filter(next_attempt_at__lt=late).values("webhook")
    uncalled = Q(called_at=None) | Q(called_at__lt=late)
    # Many that take their time leave others waiting for long: nobody's fault here.
    calls = Webhook.objects.filter(called_at__gte=late).exists()
    idle = 0 if calls else hooks.filter(uncalled, away=0, pk__in=due).count()
    away = hooks.filter(away__gte=AWAY_FOR_LONG).count()
    figures = {"waiting": waits.count(), "given_up": given_up.count(), "idle": idle, "away": away}
    # Where sending is held, the messages that wait say so.
    return Sign(NAME, settings.SENDING_HELD or not idle, figures)
