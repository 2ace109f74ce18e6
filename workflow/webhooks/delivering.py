"""Telling webhooks what waits for them in the outbox, each in its turn.

They have a turn of their own beside the mail's, so that no receiver that hangs keeps a message
back for longer than a turn. Nor does it keep another receiver back: whoever was called longest ago
comes first, each has a share of a turn before any has a second, and one that is away is left alone
for longer each time, however much waits for it.
"""

import math
import time
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Least

from workflow import clock
from workflow.deadlines.calendar import calendar
from workflow.outbox.delivering import MOST_ATTEMPTS, PATIENCE, Sender, claim
from workflow.outbox.given_up import tell_that_it_takes_nothing
from workflow.outbox.models import WAITING, Outbox, free
from workflow.outbox.turn import set_aside
from workflow.webhooks.calling import Line
from workflow.webhooks.models import AWAY_FOR_LONG, Webhook, WebhookAct

# For so long calls of one receiver are begun before it is the next one's turn.
A_SHARE_SECONDS = 2.0
# Who takes so long for one message has no other share of the turn.
SLOW_SECONDS = 3.0
# No further is it counted.
MOST_AWAY = 1000


def call_all(*, seconds: float = math.inf) -> int:
    """What is due for webhooks was told, or put back, as far as one turn goes; how many were told.

    After so many `seconds` no other call is begun. What waited for an ended one waits no more.
    """
    if settings.SENDING_HELD:
        return 0
    now, until, told = clock.now(), time.monotonic() + seconds, 0
    set_aside(_waiting_for(Q(webhook__ended_at__isnull=False), at=now), cancelled_at=now)
    hooks = _in_turn(at=now)
    while hooks and time.monotonic() < until:
        left: list[Webhook] = []
        for hook in hooks:
            if time.monotonic() < until:
                several, goes_on = _share(hook, until)
                told += several
                left += [hook] if goes_on else []
        hooks = left
    return told


def _share(hook: Webhook, until: float) -> tuple[int, bool]:
    """How many it was told in one share of the turn, and whether it may have another share.

    However short a share is, one message is tried in it.
    """
    told, line, days = 0, Line(hook), calendar()
    row = Webhook.objects.filter(pk=hook.pk)
    # Before the call: one that ends its caller comes last too.
    row.update(called_at=clock.now())
    until, more = min(until, time.monotonic() + A_SHARE_SECONDS), True
    while more:
        token, rows = claim(at=clock.now(), most=1, days=days, of=Q(webhook=hook.pk))
        if not rows:
            return told, False
        began = time.monotonic()
        took = Sender(line, token, days).send(rows)
        told += took
        if took:
            row.exclude(told_on=None).update(told_days=0, told_on=None)
        if line.is_away:
            row.update(away=Least(F("away") + 1, MOST_AWAY))
            _away_once_more(hook, at=clock.now())
            return told, False
        if line.is_away is False and hook.away:
            row.update(away=0)
            hook.away = 0
        if time.monotonic() - began > SLOW_SECONDS:
            return told, False
        more = time.monotonic() < until
    return told, True


def _away_once_more(hook: Webhook, *, at: datetime) -> None:
    """Its administrators are told in time; and what waited for too long is given up.

    That was hardly tried, since the receiver itself was away, many times in a row: where the
    service stood still itself, the receiver is not to blame. When somebody had it told again, its
    time begins anew.
    """
    # Two who call at once may count past it; it is told once for a day.
    if hook.away + 1 >= AWAY_FOR_LONG:
        tell_that_it_takes_nothing(hook, at=at)
    anew = hook.acts.filter(did=WebhookAct.Did.AGAIN, at__gt=at - PATIENCE)
    if hook.away + 1 < MOST_ATTEMPTS or anew.exists():
        return
    old = _waiting_for(Q(webhook=hook.pk, created_at__lte=at - PATIENCE), at=at)
    set_aside(old, dead_at=at)


def _waiting_for(whom: Q, *, at: datetime) -> list[int]:
    return list(Outbox.objects.filter(WAITING, free(at), whom).values_list("pk", flat=True))


def _in_turn(*, at: datetime) -> list[Webhook]:
    """The webhooks that may be called and for which something is due, in the order of the turn."""
    due = Outbox.objects.filter(WAITING, free(at), webhook__isnull=False, next_attempt_at__lte=at)
    found = Webhook.objects.in_force().filter(pk__in=due.values("webhook"))
    in_order = found.order_by(F("called_at").asc(nulls_first=True), "pk")
    return [hook for hook in in_order if hook.is_due(at)]
