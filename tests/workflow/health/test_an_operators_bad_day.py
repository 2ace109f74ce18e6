"""The broker is killed and comes back; the beat is killed and does not. The real service, whole.

Signing in and sending go on, the status page says what waits, nothing needs a person when the
broker returns, and whoever is on call hears of the dead beat within two minutes.
"""

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests import live
from tests.notifications.answers import PAGES, country, sign_in, when, written
from tests.prove.servers import Broker
from tests.story import PASSWORD, Cast, cast
from tests.workflow.health.browser import Visitor
from tests.workflow.health.processes import environment, mails, running, until
from workflow import clock
from workflow.models import Case, Heartbeat, Outbox


@dataclass
class Stack:
    """Everything that runs, over one database."""

    service: live.LiveService
    broker: Broker
    folder: Path
    everyone: Cast

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def kill(self, name: str) -> None:
        pid = int((self.folder / f"{name}.pid").read_text(encoding="ascii"))
        os.killpg(pid, signal.SIGKILL)

    def ready(self) -> tuple[int, set[str]]:
        """The code of /readyz, and the parts that it says are not well."""
        try:
            with urllib.request.urlopen(f"{self.service.url}/readyz", timeout=10) as answer:
                code, body = answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            code, body = refused.code, refused.read()
        parts = json.loads(body)["parts"]
        return code, {one for one, part in parts.items() if not part["well"]}


@pytest.fixture
def stack(
    committing_db: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stack]:
    everyone = country(cast())
    broker = Broker(tmp_path)
    broker.start()
    (tmp_path / "live").mkdir()
    env = environment(
        committing_db, tmp_path, REDIS_URL=broker.url, ALARM_EMAIL="on.call@operator.example"
    )
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--pool", "solo"]
    schedule = ["--schedule", str(tmp_path / "schedule"), "--pidfile="]
    lines = {
        "worker": ["celery", "-A", "config", "worker", "--loglevel", "INFO", *quiet],
        "beat": ["celery", "-A", "config", "beat", *schedule],
        "watchdog": ["manage", "watchdog"],
    }
    env["C_FORCE_ROOT"] = "1"
    with ExitStack() as all_of_it:
        all_of_it.callback(broker.kill)
        for name, line in lines.items():
            all_of_it.enter_context(running(name, *line, env=env, folder=tmp_path))
        service = all_of_it.enter_context(
            live.running(committing_db, tmp_path / "live", django_db_blocker, REDIS_URL=broker.url)
        )
        yield Stack(service, broker, tmp_path, everyone)


def filled_in(everyone: Cast, service: live.LiveService) -> Case:
    """A notification that only has to be sent, known of since yesterday."""
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    with service.data():
        sign_in(everyone.ada).post("/notifications/new/start/", PAGES["basis"])
        changes = {
            "awareness": {**PAGES["awareness"], **when("aware_on", yesterday)},
            "when": {**PAGES["when"], **when("began_on", yesterday)},
            "informed-when": {**PAGES["informed-when"], **when("police_on", yesterday)},
        }
        return written(Case.objects.get(), everyone.ada, changes)


def told_of_the_broker(stack: Stack) -> None:
    """Monitors, whoever is on call and the administrator all know, and none has to do a thing."""
    until(lambda: "broker" in stack.ready()[1], 10, "not told that the broker is gone")
    assert stack.ready()[0] == 503
    administrator = Visitor(stack.service.url)
    administrator.sign_in(stack.everyone.sam.email, PASSWORD)
    page = administrator.get("/status/")
    assert "The broker (Redis) does not answer" in page
    assert "Nothing is lost and nothing needs doing here." in page
    until(lambda: "ALARM: The broker" in stack.said("watchdog"), 30, stack.said("watchdog"))
    until(
        lambda: "The broker (Redis) does not answer" in administrator.get("/home/"),
        60,
        "no banner within a minute",
    )


def told_of_the_dead_beat(stack: Stack) -> None:
    """Whoever is on call has it in the log and by mail, within two minutes of the last sweep."""
    last = Heartbeat.objects.get(name=Heartbeat.SWEEP).at
    until(
        lambda: "ALARM: The scheduler has not run" in stack.said("watchdog"),
        125,
        stack.said("watchdog"),
    )
    assert (clock.now() - last).total_seconds() < 120
    until(
        lambda: any("ALARM: The scheduler has not run" in one for one in mails(stack.folder)),
        5,
        "no mail",
    )


def test_filing_goes_on_without_the_broker_and_nothing_needs_a_person_when_it_returns(
    stack: Stack,
) -> None:
    until(lambda: "ready." in stack.said("worker"), 60, stack.said("worker"))
    draft = filled_in(stack.everyone, stack.service)
    stack.broker.kill()

    visitor = Visitor(stack.service.url)
    visitor.sign_in(stack.everyone.ada.email, PASSWORD)
    send = f"/cases/{draft.address}/notification/send/"
    where, _ = visitor.post(send, {"then": "send"})
    assert where == f"/cases/{draft.address}/notification/sent/"
    waiting = Outbox.objects.filter(sent_at=None).count()
    # Ada's browser is new to the service, of which she is told besides.
    told = Outbox.objects.filter(sent_at=None, case__isnull=False).count()
    assert told > 0
    told_of_the_broker(stack)
    assert Outbox.objects.filter(sent_at=None).count() == waiting

    stack.broker.start()
    until(lambda: not Outbox.objects.filter(sent_at=None).exists(), 150, stack.said("worker"))
    assert len([one for one in mails(stack.folder) if "Notification received" in one]) == told
    until(lambda: Heartbeat.objects.filter(name=Heartbeat.SWEEP).exists(), 90, stack.said("beat"))
    until(lambda: stack.ready() == (200, set()), 30, "not ready again")

    stack.kill("beat")
    told_of_the_dead_beat(stack)
