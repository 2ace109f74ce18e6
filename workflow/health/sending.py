"""What waits to be sent, and what keeps it: nobody who takes it, the server, or one address.

The worker writes no sign of life of its own. That it lives is seen by what it leaves: rows that
could be sent and that nobody takes, and rings in the broker that nobody answers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DateTimeField, F, Min, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest

from workflow.health.signs import MINUTES_TO_STUCK, Sign
from workflow.outbox.models import MAIL, NOT_BEFORE, WAITING, Outbox

# Longer than any task may take: who is busy answers no ring.
SECONDS_TO_IDLE = 300
# When the scheduler has not run, an unanswered ring says sooner that it is for want of a worker.
SECONDS_TO_UNANSWERED = 30
# What a server says of one address, whatever it thinks of all the others.
# Since when a row could have left: what is kept for a working day waits from then on.
_SINCE = Coalesce(Cast(KeyTextTransform(NOT_BEFORE, "payload"), DateTimeField()), F("created_at"))
OF_THE_ADDRESS = ("SMTPRecipientsRefused", "NotifyBadRequest")


def outbox(at: datetime) -> Sign:
    """Well when nothing has waited too long, but for what is refused while other mail goes out.

    A row that was put back waits on: its age is counted from when it could first have left, not
    from its next attempt, which an outage moves on and on. A message that was refused for its own
    sake holds nothing else up: when something else has gone out since it was made, and when all
    that waits is for one address that the server does not take.
    """
    last = _last_sent_at()
    found = _waiting(at, last)
    one_address = found["held"] == found["addressed"] and found["people"] + found["bodies"] == 1
    on_hold = settings.SENDING_HELD
    busy = on_hold or found["leased"] or (last and _seconds(last, at) < SECONDS_TO_IDLE)
    figures = {name: found[name] for name in ("waiting", "due", "put_back", "refused")}
    figures |= {
        "oldest_seconds": _seconds(found["first"], at),
        "idle_seconds": 0 if busy else _seconds(found["free"], at),
        "last_sent_at": last,
        "on_hold": on_hold,
    }
    return Sign("outbox", not on_hold and (not found["held"] or one_address), figures)


def _waiting(at: datetime, last: datetime | None) -> dict[str, Any]:
    went_round = Q(attempts__gt=0, created_at__lte=last) if last else Q(pk=None)
    stuck = Q(since__lt=at - timedelta(minutes=MINUTES_TO_STUCK))
    held = stuck & ~went_round
    free = Q(next_attempt_at__lte=at) & (Q(lease_until=None) | Q(lease_until__lte=at))
    return (
        Outbox.objects.filter(WAITING, MAIL)
        .annotate(since=_SINCE)
        .aggregate(
            waiting=Count("pk"),
            due=Count("pk", filter=Q(next_attempt_at__lte=at)),
            first=Min("since"),
            put_back=Count("pk", filter=~Q(fault="")),
            refused=Count("pk", filter=stuck & Q(attempts__gt=0)),
            held=Count("pk", filter=held),
            addressed=Count("pk", filter=held & Q(attempts__gt=0, fault__in=OF_THE_ADDRESS)),
            people=Count("person", filter=held, distinct=True),
            bodies=Count("organisation", filter=held, distinct=True),
            leased=Count("pk", filter=Q(lease_until__gt=at)),
            free=Min(Greatest("next_attempt_at", "lease_until"), filter=free),
        )
    )


def _last_sent_at() -> datetime | None:
    newest = Outbox.objects.filter(MAIL, sent_at__isnull=False).order_by("-sent_at")
    return newest.values_list("sent_at", flat=True).first()


def _seconds(since: datetime | None, at: datetime) -> int:
    return 0 if since is None else max(0, int((at - since).total_seconds()))


def explained(found: Iterable[Sign]) -> Iterator[Sign]:
    """The signs with the worker's among them; those that depend on it say how it is."""
    signs = {sign.name: sign for sign in found}
    worker = _worker(signs["outbox"], signs["broker"])
    answers = (worker.figures.get("unanswered_seconds") or 0) <= SECONDS_TO_UNANSWERED
    for name, sign in signs.items():
        if name == "scheduler":
            yield _with(sign, worker=worker.well and answers)
            yield worker
        elif name == "outbox":
            yield _with(sign, worker=worker.well)
        else:
            yield sign


def _with(sign: Sign, **figures: Any) -> Sign:
    return replace(sign, figures={**sign.figures, **figures})


def _worker(outbox: Sign, broker: Sign) -> Sign:
    """Well when neither a message that could be sent nor a ring waits for somebody to take it."""
    idle = outbox.figures.get("idle_seconds")
    rings = broker.figures.get("unanswered_seconds")
    if idle is None and rings is None:
        return Sign("worker", well=False, figures={"asked": False})
    well = max(idle or 0, rings or 0) <= SECONDS_TO_IDLE
    due = outbox.figures.get("due", 0)
    return Sign("worker", well, {"idle_seconds": idle, "unanswered_seconds": rings, "due": due})
