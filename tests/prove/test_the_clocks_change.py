"""A schedule in London's wall-clock time falls silent when the clocks change; ours does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import Celery
from celery.schedules import crontab, schedule

from config import broker

MINUTE = timedelta(minutes=1)
# The night of the October change in 2026: from 1am in London it is 1am again.
BEGIN, END = datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)


def longest_silence(make: Callable[[Celery, Callable[[], datetime]], Any], zone: str) -> timedelta:
    """The longest time between two runs, with a beat that looks every minute."""
    app = Celery("night", set_as_current=False)
    app.conf.update(timezone=zone, enable_utc=True)
    moment = [BEGIN]

    def now() -> datetime:
        return moment[0].astimezone(ZoneInfo(zone))

    plan = make(app, now)
    last, silence = now(), timedelta()
    while moment[0] < END:
        moment[0] += MINUTE
        if plan.is_due(last).is_due:
            silence = max(silence, moment[0] - last.astimezone(UTC))
            last = now()
    return silence


def test_a_london_crontab_is_silent_for_more_than_an_hour() -> None:
    silence = longest_silence(
        lambda app, now: crontab(minute="*/15", nowfun=now, app=app), "Europe/London"
    )
    assert silence > timedelta(minutes=60)


def test_our_own_schedule_is_never_silent() -> None:
    for entry in broker.beat_schedule.values():
        every = entry["schedule"]
        assert isinstance(every, timedelta)

        def ours(app: Celery, now: Callable[[], datetime], every: timedelta = every) -> schedule:
            return schedule(every, nowfun=now, app=app)

        assert longest_silence(ours, broker.timezone) <= max(every, MINUTE)
