"""The signs of health: one small look at each part of the service, and what it found in figures.

Each look is cheap and gives up soon, so that asking never makes a sick part sicker. None of them
sees more of a case than that it is there.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Min
from redis.backoff import NoBackoff
from redis.retry import Retry

from workflow import egress
from workflow.audit.models import Arrival, Checkpoint, Leaf
from workflow.deadlines.calendar import calendar
from workflow.health.sweeps import SECONDS_TO_STALE, sweep_age
from workflow.health.unsent import dead_letters, rungs_with_nobody
from workflow.outbox.rings import EVERY_QUEUE
from workflow.outbox.transports import by_notify

# Any other policy drops rings without a word when its memory is full.
POLICY, NO_EVICTION = "maxmemory-policy", "noeviction"
BROKER_SECONDS = MAIL_SECONDS = 1
# A message waits for a minute in the ordinary way: for the next ring, or for a server that is busy.
MINUTES_TO_STUCK = 10
LEAST_MONTHS_AHEAD = 12
LEAST_FREE_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Sign:
    """One part: whether it does its work, and the figures that say so."""

    name: str
    well: bool
    figures: dict[str, Any] = field(default_factory=dict)


def database(at: datetime) -> Sign:
    """Well when it answers at all: whatever asks it after this would fail too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Sign("database", well=True)


def migrations(at: datetime) -> Sign:
    """Well when every migration of this version of the service has been applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    missing = len(_migrations_on_disk() - applied)
    return Sign("migrations", missing == 0, {"missing": missing})


@lru_cache(maxsize=1)
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def broker(at: datetime) -> Sign:
    """Well when it answers within a second and drops nothing.

    It only wakes the worker; what waits is in tables.
    """
    once = Retry(NoBackoff(), 0)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
            retry=once,
        ) as line:
            policy = _policy(line)
            # The oldest ring is the last of its list.
            oldest = [_unanswered(line.lindex(queue, -1), at) for queue in EVERY_QUEUE]
            waits = max((one for one in oldest if one is not None), default=None)
            figures = {"policy": policy, "unanswered_seconds": waits}
            return Sign("broker", policy in {NO_EVICTION, None}, figures)
    except (redis.RedisError, OSError, ValueError):
        return Sign("broker", well=False)


def _policy(line: Any) -> str | None:
    """What the broker does when its memory is full; None where it does not say, as some hosts."""
    line.ping()
    try:
        return line.config_get(POLICY).get(POLICY) or None
    except redis.ResponseError:
        return None


def _unanswered(ring: Any, at: datetime) -> int | None:
    """For how long a ring that lies in the broker has been worth nothing; None if none does.

    Every ring says until when it is worth answering, some seconds after it was rung.
    """
    try:
        expires = datetime.fromisoformat(json.loads(ring)["headers"]["expires"])
        return max(0, int((at - expires).total_seconds()))
    except (KeyError, TypeError, ValueError):
        return None


def scheduler(at: datetime) -> Sign:
    """Well when somebody swept within two minutes."""
    age = sweep_age(at=at)
    return Sign("scheduler", age is not None and age <= SECONDS_TO_STALE, {"seconds": age})


def mail(at: datetime) -> Sign:
    """Well when what messages leave through lets us connect within a second."""
    place = _post_office()
    if place is None:
        return Sign("mail", well=True, figures={"asked": False})
    try:
        egress.connect(*place, seconds=MAIL_SECONDS).close()
    except OSError:
        return Sign("mail", well=False, figures={"asked": True})
    return Sign("mail", well=True, figures={"asked": True})


def _post_office() -> tuple[str, int] | None:
    """Where messages go; None where they go to no server, as in a test."""
    if by_notify():
        parts = urlsplit(settings.NOTIFY_BASE_URL)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        return settings.EMAIL_HOST, settings.EMAIL_PORT
    return None


def keys(at: datetime) -> Sign:
    """Well when the folder of keys can be written to: without it no case can be opened or read."""
    folder = Path(settings.KEY_STORE)
    try:
        usable = folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        free = shutil.disk_usage(folder).free if usable else 0
    except OSError:
        usable, free = False, 0
    return Sign("keys", usable and free >= LEAST_FREE_BYTES, {"free_megabytes": free // 1024**2})


def bank_holidays(at: datetime) -> Sign:
    """Well when the bank holidays of the next twelve months are known."""
    until, on = calendar().known_until, at.date()
    return Sign(
        "calendar",
        until >= _months_on(on),
        {"known_until": until.isoformat(), "days": (until - on).days},
    )


def _months_on(on: date) -> date:
    return on + timedelta(days=LEAST_MONTHS_AHEAD * 365 // 12)


def unsent(at: datetime) -> Sign:
    """Well when no message was given up that nobody has dealt with."""
    count = dead_letters().count()
    return Sign("dead_letters", count == 0, {"count": count})


def nobody(at: datetime) -> Sign:
    """Well when every clock's last reminder found somebody to tell."""
    count = rungs_with_nobody().count()
    return Sign("nobody_told", count == 0, {"count": count})


def audit_log(at: datetime) -> Sign:
    """Well when no entry waits too long for its place in the signed log.

    Whoever takes in takes all that there is and signs it, so nothing has waited for longer than
    since then, whatever time it says of itself: what is told later is dated when it happened.
    """
    first = Arrival.objects.aggregate(first=Min("arrived_at"))["first"]
    last = Checkpoint.objects.order_by("-size").values_list("size", "at").first()
    in_log = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
    unsigned = 0 if in_log is None else in_log + 1 - (last[0] if last else 0)
    # A signature from days ahead, of a clock that was wrong, would hide that all stands still.
    if first and last and last[1] <= at + timedelta(minutes=MINUTES_TO_STUCK):
        first = max(first, last[1])
    waits = 0 if first is None else max(0, int((at - first).total_seconds()))
    figures = {"oldest_seconds": waits, "signed": last[0] if last else 0, "unsigned": unsigned}
    return Sign("audit_log", waits <= MINUTES_TO_STUCK * 60 and not unsigned, figures)


Look = Callable[[datetime], Sign]
# Those that ask the database come after the one that says whether it is there.
IN_DATABASE: dict[str, Look] = {
    "database": database,
    "migrations": migrations,
    "scheduler": scheduler,
    "dead_letters": unsent,
    "nobody_told": nobody,
    "calendar": bank_holidays,
    "audit_log": audit_log,
}
ELSEWHERE: dict[str, Look] = {"broker": broker, "mail": mail, "keys": keys}
