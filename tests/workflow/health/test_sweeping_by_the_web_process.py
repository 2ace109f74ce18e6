"""Nobody sweeps: the web process starts a sweep, and no page waits for it."""

import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests import databases, live
from tests.workflow.health.processes import a_case_newly_late, mails, worker_of
from workflow import clock
from workflow.health import lookout
from workflow.models import Heartbeat, Outbox, Reminder


def until(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it came to hold within so many seconds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_with_no_beat_at_all_the_first_request_leads_to_a_sweep(
    committing_db: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    a_case_newly_late()
    worker = {"DATABASE_WORKER_URL": worker_of(committing_db)}
    (tmp_path / "live").mkdir()
    with live.running(committing_db, tmp_path / "live", django_db_blocker, **worker) as service:
        began = time.monotonic()
        urllib.request.urlopen(f"{service.url}/", timeout=10).read()
        assert time.monotonic() - began < 2
        assert until(lambda: Heartbeat.objects.filter(name=Heartbeat.SWEEP).exists())
        assert until(lambda: not Outbox.objects.filter(sent_at=None).exists())
        assert "nobody has swept" in service.log.read_text(encoding="utf-8")
    assert Reminder.objects.exists()
    assert len(mails(tmp_path / "live")) == Outbox.objects.count() > 0


class Started(lookout.Starter):
    """Counts the sweeps that it is asked for."""

    def __init__(self) -> None:
        super().__init__(lookout.CHORES["scheduler"])
        self.asked = 0

    def start(self) -> bool:
        """Counted, and nothing is started."""
        self.asked += 1
        return True


@pytest.mark.parametrize(("seconds", "asked"), [(0, 0), (120, 0), (121, 1), (None, 1)])
def test_a_sweep_is_asked_for_only_when_two_minutes_have_passed_without(
    seconds: int | None, asked: int, committing_db: str
) -> None:
    if seconds is not None:
        with databases.as_worker(committing_db):
            at = clock.now() - timedelta(seconds=seconds)
            Heartbeat.objects.create(name=Heartbeat.SWEEP, at=at)
    watch = lookout.Lookout()
    started = Started()
    watch._starters = {"scheduler": started}
    watch.look()
    assert started.asked == asked


@pytest.fixture
def knows_the_worker(committing_db: str, tmp_path: Path) -> Iterator[None]:
    """Only until the test's database is dropped, which asks for the worker's own address."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_WORKER_URL", worker_of(committing_db))
        patched.setenv("EMAIL_URL", f"filemail:///{tmp_path / 'mail'}")
        yield


def test_one_process_starts_one_sweep_in_two_minutes(
    knows_the_worker: None,
) -> None:
    sweeper = lookout.Starter(lookout.CHORES["scheduler"])
    assert sweeper.start()
    assert not sweeper.start()
    assert until(lambda: not sweeper.tidy())
    assert Heartbeat.objects.filter(name=Heartbeat.SWEEP).exists()
    assert not sweeper.start()


def test_a_sweep_that_hangs_is_ended(
    knows_the_worker: None, caplog: pytest.LogCaptureFixture
) -> None:
    sweeper = lookout.Starter(replace(lookout.CHORES["scheduler"], longest_seconds=0))
    assert sweeper.start()
    assert until(lambda: not sweeper.tidy(), 10)
    assert "sweep ran for more than 0 s and was ended" in caplog.text


def test_a_process_that_knows_no_worker_starts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_WORKER_URL")
    assert not lookout.Starter(lookout.CHORES["scheduler"]).start()


def test_looking_leaves_no_connection_open(committing_db: str) -> None:
    watch = lookout.Lookout()
    watch._starters = {"scheduler": Started()}
    watch.look()
    assert connection.connection is None
