"""/healthz, /readyz and /metrics: what a load balancer and a monitor are told."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from tests import databases
from tests.story import Cast, a_case, cast
from workflow import clock
from workflow.health import signs
from workflow.health.missing import behind_now, missing_now
from workflow.health.reading import kept
from workflow.models import Deadline, Heartbeat, Outbox, PlannedRung


@pytest.fixture
def whole(committing_db: str) -> str:
    """A service in which somebody swept just now."""
    beat(committing_db, 0)
    return committing_db


def beat(name: str, seconds_ago: int) -> None:
    with databases.as_worker(name):
        at = clock.now() - timedelta(seconds=seconds_ago)
        Heartbeat.objects.update_or_create(name=Heartbeat.SWEEP, defaults={"at": at})


def asked(path: str = "/readyz", **extra: Any) -> tuple[int, dict[str, Any]]:
    kept.forget()
    missing_now.forget()
    behind_now.forget()
    answer = Client().get(path, **extra)
    return answer.status_code, json.loads(answer.content)


def unwell(found: dict[str, Any]) -> set[str]:
    return {name for name, part in found["parts"].items() if not part["well"]}


def test_a_process_that_answers_is_alive_whatever_the_database_does(db: None) -> None:
    with CaptureQueriesContext(connection) as statements:
        code, found = asked("/healthz", headers={"host": "10.0.0.7"})
    assert (code, found, len(statements)) == (200, {"alive": True}, 0)
    assert Client().post("/healthz").status_code == 405


def test_a_whole_service_is_ready(whole: str) -> None:
    code, found = asked(headers={"host": "10.0.0.7"})
    assert (code, found["ready"], unwell(found)) == (200, True, set())
    assert set(found["parts"]) == {
        "database", "migrations", "scheduler", "worker", "outbox", "dead_letters", "nobody_told",
        "calendar", "dates", "reminders", "broker", "mail", "keys", "key_copies", "audit_log",
        "documents", "indexes", "webhooks", "approvers",
    }  # fmt: skip


@pytest.mark.parametrize(("seconds", "well"), [(115, True), (125, False)])
def test_it_is_not_ready_when_nobody_swept_for_two_minutes(
    committing_db: str, seconds: int, well: bool
) -> None:
    beat(committing_db, seconds)
    code, found = asked()
    assert (code, "scheduler" in unwell(found)) == (200 if well else 503, not well)


def test_a_message_that_waits_through_an_outage_grows_old(whole: str) -> None:
    everyone = cast()
    for minutes, well in ((9, True), (11, False)):
        Outbox.objects.bulk_create(
            [
                Outbox(
                    dedupe=f"x{minutes}",
                    kind="submit",
                    person=everyone.sam,
                    created_at=clock.now() - timedelta(minutes=minutes),
                    # A server that can't be reached moves the next attempt on and on.
                    next_attempt_at=clock.now() + timedelta(minutes=1),
                )
            ]
        )
        _, found = asked()
        assert ("outbox" not in unwell(found)) is well
    assert found["parts"]["outbox"]["waiting"] == 2


def test_a_migration_that_is_not_applied_is_told(whole: str, monkeypatch: Any) -> None:
    known = signs._migrations_on_disk()
    ahead = known | {("workflow", "9999_tomorrow")}
    monkeypatch.setattr(signs, "_migrations_on_disk", lambda: ahead)
    code, found = asked()
    assert (code, unwell(found), found["parts"]["migrations"]["missing"]) == (
        503, {"migrations"}, 1,
    )  # fmt: skip


def test_bank_holidays_must_be_known_for_a_year(whole: str) -> None:
    with time_machine.travel("2027-12-01T10:00:00+00:00", tick=False):
        assert "calendar" not in unwell(asked()[1])
    with time_machine.travel("2028-01-15T10:00:00+00:00", tick=False):
        assert "calendar" in unwell(asked()[1])


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_broker_that_hangs_holds_nobody_up(whole: str, settings: Settings, silent: int) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{silent}/0"
    began = time.monotonic()
    code, found = asked()
    assert time.monotonic() - began < 2.5
    assert (code, unwell(found)) == (503, {"broker"})


def test_many_that_ask_at_once_lead_to_one_look(
    whole: str, settings: Settings, silent: int
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{silent}/0"
    kept.forget()
    began = time.monotonic()

    def ask() -> None:
        Client().get("/readyz")
        connection.close()

    askers = [threading.Thread(target=ask) for _ in range(5)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert time.monotonic() - began < 3


def test_a_mail_server_that_is_down_is_told(whole: str, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert unwell(asked()[1]) == {"mail"}


def test_a_key_store_that_is_gone_is_told(whole: str, settings: Settings, tmp_path: Path) -> None:
    settings.KEY_STORE = tmp_path / "nowhere"
    assert unwell(asked()[1]) == {"keys"}


def test_a_database_that_is_gone_is_told_and_not_a_fault(committing_db: str) -> None:
    with databases.pointed_at("no_such_database"):
        code, found = asked()
    assert code == 503
    assert {"database", "scheduler", "outbox", "reminders"} <= unwell(found)
    assert "broker" not in unwell(found)


def test_a_step_that_found_nobody_and_a_missing_reminder_are_told(
    whole: str, everyone: Cast
) -> None:
    with clock.told(clock.now() - timedelta(days=21)):
        story = a_case(everyone, aware=clock.today().isoformat())
    deadline = story.case.deadlines.get(duty="notify-the-panel")
    with databases.as_worker(whole):
        PlannedRung.objects.create(
            deadline=deadline, authority=deadline.authority, revision=deadline.revision,
            rung="overdue", planned_at=clock.now(), swept_at=clock.now(), nobody=True,
        )  # fmt: skip
    code, found = asked()
    assert code == 503
    assert {"nobody_told", "reminders"} <= unwell(found)
    assert story.case.token not in json.dumps(found)
    assert "Northmoor" not in json.dumps(found)


def figures(**extra: Any) -> dict[str, float]:
    kept.forget()
    answer = Client().get("/metrics", **extra)
    assert answer.status_code == 200
    text = answer.content.decode()
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_there_and_no_two_kinds_of_lateness_are_one(whole: str) -> None:
    with clock.told(clock.now() - timedelta(days=60)):
        a_case(cast(), aware=clock.today().isoformat())
    found = figures()
    late = Deadline.objects.overdue(on=clock.today())
    assert {one.rule.lateness for one in late} == {"guidance"}
    assert found["overdue_guidance"] == len(late) > 0
    assert (found["overdue_statutory"], found["overdue_service_level"]) == (0, 0)
    assert "overdue" not in found
    assert found["sweep_age_seconds"] < 30
    assert {
        "outbox_waiting", "outbox_oldest_seconds", "outbox_dead", "outbox_sent_total",
        "reminders_recorded_total", "reminders_missing", "health_broker_well",
    } <= set(found)  # fmt: skip


def test_the_figures_are_for_this_machine_or_for_who_holds_the_token(
    whole: str, settings: Settings
) -> None:
    client = Client()
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 401
    brought = {"x-forwarded-for": "203.0.113.9"}
    assert client.get("/metrics", headers=brought).status_code == 401
    settings.METRICS_TOKEN = "an-invented-token"
    assert client.get("/metrics").status_code == 401
    wrong = {"authorization": "Bearer another"}
    assert client.get("/metrics", headers=wrong).status_code == 401
    right = {"authorization": "Bearer an-invented-token"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="10.0.0.7").status_code == 200
