"""What keeps messages from going out is told by its cause: worker, mail server, one address."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.test import Client
from kombu import Connection
from pytest_django import Settings

from config.celery import app
from tests import databases
from tests.story import Cast
from tests.templates.markup import Markup
from tests.workflow.health.test_answers_for_machines import beat
from workflow import clock
from workflow.health.missing import missing_now
from workflow.health.reading import Reading, kept
from workflow.models import Outbox
from workflow.reminders.tasks import sweep_now

DEAF = "The mail server has not taken anything"


@pytest.fixture(autouse=True)
def today() -> None:
    """These signs tell the present."""


@pytest.fixture
def swept(everyone: Cast, committing_db: str) -> Cast:
    """Somebody swept just now."""
    beat(committing_db, 5)
    return everyone


def ago(minutes: float) -> Any:
    return clock.now() - timedelta(minutes=minutes)


def message(person: Any, made: float, kind: str = "submit", **more: Any) -> None:
    """A message that was made so many minutes ago."""
    more = {"next_attempt_at": ago(made), **more}
    row = Outbox(dedupe=f"x{Outbox.objects.count()}", kind=kind, person=person, **more)
    row.created_at = ago(made)
    row.save()


def refused(person: Any, made: float, fault: str = "SMTPRecipientsRefused") -> None:
    """A message that is tried again in half an hour, by itself."""
    message(person, made, attempts=6, fault=fault, next_attempt_at=ago(-30))


def changed(name: str, which: dict[str, Any], **more: Any) -> None:
    """What a sender does to rows."""
    with databases.as_worker(name):
        assert Outbox.objects.filter(**which).update(**more)


def read() -> Reading:
    kept.forget()
    missing_now.forget()
    return kept.newest()


def unwell() -> set[str]:
    return {sign.name for sign in read().signs if not sign.well}


def page(everyone: Cast) -> str:
    """What the administrators read."""
    client = Client()
    client.force_login(everyone.sam)
    kept.forget()
    return Markup(client.get("/status/").content.decode()).one("main").text


def test_a_worker_that_takes_nothing_is_told_and_the_mail_server_is_not_blamed(
    swept: Cast,
) -> None:
    message(swept.ada, 4)
    assert unwell() == set()
    message(swept.ada, 12)
    assert unwell() == {"outbox", "worker"}
    told = page(swept)
    assert (
        "Nobody has taken a message to send for 12 minutes, and 2 messages could be sent." in told
    )
    assert "2 messages wait, and nobody takes what could be sent." in told
    assert "See that the worker and the beat run." in told
    assert DEAF not in told


def test_a_worker_that_sends_or_holds_something_runs_however_much_waits(
    swept: Cast, committing_db: str
) -> None:
    message(swept.ada, 12)
    message(swept.ada, 12, lease_until=ago(-1), claims=1)
    assert "worker" not in unwell()
    changed(committing_db, {"claims": 1}, lease_until=None, sent_at=ago(2))
    assert "worker" not in unwell()
    changed(committing_db, {"claims": 1}, sent_at=ago(7))
    assert "worker" in unwell()


@pytest.fixture
def rings(settings: Settings) -> Iterator[Connection]:
    """A part of the real broker that is this test's alone."""
    settings.REDIS_URL = settings.REDIS_URL.replace("db=0", "db=7")
    address = settings.REDIS_URL.replace("unix://", "redis+socket://")
    with Connection(address.replace("?db=", "?virtual_host=")) as line:
        yield line
    with redis.Redis.from_url(settings.REDIS_URL) as stored:
        stored.flushdb()


def ring(line: Connection, minutes: float) -> None:
    """A ring of the beat's that so many minutes ago became worth nothing."""
    app.send_task(sweep_now.name, expires=ago(minutes), connection=line)


def test_a_ring_that_nobody_answers_says_that_it_is_the_worker_that_is_gone(
    swept: Cast, rings: Connection, committing_db: str
) -> None:
    ring(rings, 4)
    assert unwell() == set()
    beat(committing_db, 200)
    told = page(swept)
    assert unwell() == {"scheduler"}
    assert "Start the worker, which sweeps when the beat rings, or let cron" in told
    assert "Start the beat" not in told


def test_the_oldest_ring_counts_with_nothing_to_send_at_all(swept: Cast, rings: Connection) -> None:
    ring(rings, 6)
    ring(rings, 0)
    assert unwell() == {"worker"}
    told = page(swept)
    assert "The worker has answered no ring for 6 minutes: it does not run, or it hangs." in told
    assert "Start the worker." in told


def test_without_a_ring_it_is_the_beat_that_is_gone(
    swept: Cast, rings: Connection, committing_db: str
) -> None:
    beat(committing_db, 200)
    assert unwell() == {"scheduler"}
    assert "Start the beat, or let cron" in page(swept)


def test_a_mail_server_that_takes_nothing_is_told(swept: Cast) -> None:
    message(swept.ada, 30, sent_at=ago(29), attempts=1)
    message(swept.ada, 12, fault="SMTPConnectError", next_attempt_at=ago(-1))
    assert unwell() == {"outbox"}
    told = page(swept)
    assert f"{DEAF} since" in told
    assert "1 message waits. The oldest has waited for 12 minutes." in told
    assert "the worker" not in told


def test_a_mail_server_that_refuses_whatever_it_is_given_is_told(
    swept: Cast, committing_db: str
) -> None:
    message(swept.ada, 30, sent_at=ago(29), attempts=1)
    refused(swept.ada, 12, "SMTPDataError")
    assert unwell() == {"outbox"}
    changed(committing_db, {"fault": "SMTPDataError"}, fault="SMTPRecipientsRefused")
    assert unwell() == set()
    refused(swept.ben, 12)
    assert unwell() == {"outbox"}
    assert f"{DEAF} since" in page(swept)


def test_one_bad_address_makes_nothing_sick(swept: Cast) -> None:
    refused(swept.ada, 90)
    refused(swept.ada, 80)
    assert unwell() == set()
    refused(swept.ben, 85)
    assert unwell() == {"outbox"}
    # Since then something went out: the server takes mail.
    message(swept.cara, 1, sent_at=ago(1), attempts=1)
    assert unwell() == set()
    told = page(swept)
    assert DEAF not in told
    assert "Every part of the service does its work." in told
    assert "3 messages wait. 3 of them were refused and are tried again: nothing else waits" in told
