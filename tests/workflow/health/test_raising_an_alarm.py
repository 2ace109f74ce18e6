"""The watchdog: whoever runs the service hears within two minutes that nobody sweeps."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from tests import databases
from tests.story import cast, moment
from workflow.health.alarms import Alarms
from workflow.health.reading import Reading
from workflow.health.signs import Sign, scheduler
from workflow.management.commands.watchdog import LOOK_EVERY_SECONDS
from workflow.models import Heartbeat

START = moment("2026-10-24", "12:00")


def seen(at: datetime) -> Reading:
    """What the watchdog sees at a moment, of the database and of the sweep."""
    return Reading(at, (Sign("database", well=True), scheduler(at)))


def watched(name: str, alarms: Alarms, *, beats: list[int], until: int, first: int = 0) -> None:
    """Beats at these seconds after the start; the watchdog looks in its own step."""
    waiting = list(beats)
    with databases.as_worker(name):
        for second in range(first, until, LOOK_EVERY_SECONDS):
            while waiting and waiting[0] <= second:
                swept_at = START + timedelta(seconds=waiting.pop(0))
                Heartbeat.objects.update_or_create(name=Heartbeat.SWEEP, defaults={"at": swept_at})
            alarms.consider(seen(START + timedelta(seconds=second)))


@pytest.mark.parametrize("offset", [0, 7, 19])
@pytest.mark.parametrize("died_after", [600, 659])
def test_a_dead_beat_is_told_within_two_minutes(
    committing_db: str, offset: int, died_after: int, settings: Settings
) -> None:
    settings.ALARM_EMAIL = ["on.call@operator.example"]
    alarms, beats = Alarms(), list(range(0, died_after, 60))
    for second in range(0, 900, LOOK_EVERY_SECONDS):
        watched(
            committing_db, alarms, beats=beats, first=second + offset, until=second + offset + 1
        )
        if alarms.open:
            break
    told = alarms.open["scheduler"].since - START
    assert told.total_seconds() > beats[-1]
    assert told.total_seconds() - beats[-1] < 120
    assert mail.outbox[-1].to == ["on.call@operator.example"]
    assert mail.outbox[-1].subject.startswith("ALARM: The scheduler has not run")


def test_a_day_of_ordinary_sweeps_raises_nothing(committing_db: str) -> None:
    """The day on which the clocks change, each sweep up to 25 seconds late."""
    late = [0, 3, 25, 1, 9, 17]
    beats = [60 * minute + late[minute % 6] for minute in range(24 * 60)]
    alarms = Alarms()
    watched(committing_db, alarms, beats=beats, first=60, until=24 * 3600)
    assert alarms.open == {}
    assert mail.outbox == []


def test_what_fails_and_recovers_in_turns_is_one_alarm_and_its_end_is_told(
    committing_db: str,
) -> None:
    everyone = cast()
    alarms = Alarms()
    # With the beat dead, web processes sweep every two and a half minutes.
    slow = list(range(0, 1800, 150))
    watched(committing_db, alarms, beats=slow, until=1800)
    assert [one.to for one in mail.outbox] == [[everyone.sam.email]]
    watched(committing_db, alarms, beats=list(range(1800, 2400, 60)), first=1800, until=2400)
    assert [one.subject.split(":")[0] for one in mail.outbox] == ["ALARM", "OVER"]


def test_a_service_that_was_off_is_given_the_time_of_a_sweep(committing_db: str) -> None:
    cast()
    alarms = Alarms()
    with databases.as_worker(committing_db):
        yesterday = START - timedelta(days=1)
        Heartbeat.objects.create(name=Heartbeat.SWEEP, at=yesterday)
    watched(committing_db, alarms, beats=list(range(60, 600, 60)), until=600)
    assert mail.outbox == []
    off = Alarms()
    watched(committing_db, off, beats=[], first=86_400, until=86_400 + 120)
    assert [one.subject.split(":")[0] for one in mail.outbox] == ["ALARM"]


def test_an_alarm_that_lasts_is_told_again_each_hour(committing_db: str) -> None:
    cast()
    watched(committing_db, Alarms(), beats=[0], until=2 * 3600 + 200)
    assert [one.subject.split(":")[0] for one in mail.outbox] == ["ALARM", "STILL", "STILL"]


def test_people_are_told_although_the_database_is_gone(committing_db: str) -> None:
    everyone = cast()
    alarms = Alarms()
    watched(committing_db, alarms, beats=[0], until=20)
    gone = Sign("database", well=False, figures={"asked": False})
    unknown = Sign("scheduler", well=False, figures={"asked": False})
    alarms.consider(Reading(START + timedelta(minutes=1), (gone, unknown)))
    assert {one.to[0] for one in mail.outbox} == {everyone.sam.email}
    assert any("Database" in one.subject for one in mail.outbox)


def test_a_mail_server_that_refuses_the_alarm_ends_nothing(
    committing_db: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.ALARM_EMAIL = ["on.call@operator.example"]
    watched(committing_db, Alarms(), beats=[0], until=200)
    assert "ALARM: The scheduler has not run for" in caplog.text
    assert "the alarm could not be sent by mail (ConnectionRefusedError)" in caplog.text
