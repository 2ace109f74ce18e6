"""`manage.py sweep`: cron's way to record and send what is owed, harmless beside every other."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.story import Story
from tests.workflow.health.processes import a_case_newly_late, done, environment, mails, started
from workflow import clock
from workflow.models import Heartbeat, Outbox, PlannedRung, Reminder


@pytest.fixture
def story(committing_db: str) -> Story:
    """A case whose date has just passed, and nobody has swept since it began."""
    return a_case_newly_late()


@pytest.fixture
def env(committing_db: str, tmp_path: Path) -> dict[str, str]:
    return environment(committing_db, tmp_path)


def test_what_is_owed_is_recorded_and_sent_by_the_worker(
    story: Story, env: dict[str, str], tmp_path: Path
) -> None:
    run = done("sweep", "--json", env=env)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert (said["planned"], said["waiting"], said["dry_run"]) == (2, 0, False)
    assert said["recorded"] > 0
    assert said["sent"] == len(mails(tmp_path)) > 0
    assert Heartbeat.objects.get(name=Heartbeat.SWEEP).at > clock.now() - timedelta(seconds=60)


def test_two_at_once_record_and_send_everything_once(
    story: Story, env: dict[str, str], tmp_path: Path
) -> None:
    runs = [started("sweep", "--json", env=env) for _ in range(3)]
    said = [(run.communicate(timeout=120), run.returncode) for run in runs]
    assert [code for _, code in said] == [0, 0, 0], said
    counts = [json.loads(out) for (out, _), _ in said]
    assert sum(one["planned"] for one in counts) == 2
    assert (
        sum(one["recorded"] for one in counts) == PlannedRung.objects.exclude(swept_at=None).count()
    )
    keys = list(Reminder.objects.values_list("deadline", "revision", "rung", "person"))
    assert len(keys) == len(set(keys)) > 0
    assert Outbox.objects.filter(sent_at=None).count() == 0
    assert sum(one["sent"] for one in counts) == len(mails(tmp_path)) == Outbox.objects.count()


def test_a_trial_counts_what_would_be_recorded_and_records_nothing(
    story: Story, env: dict[str, str]
) -> None:
    trial = json.loads(done("sweep", "--dry-run", "--json", env=env).stdout)
    assert trial["dry_run"] is True
    assert not PlannedRung.objects.exists()
    assert not Reminder.objects.exists()
    assert not Heartbeat.objects.exists()
    real = json.loads(done("sweep", "--no-deliver", "--json", env=env).stdout)
    names = ("planned", "recorded", "digests")
    assert [trial[name] for name in names] == [real[name] for name in names]
    assert trial["recorded"] > 0


def test_messages_wait_when_sending_was_not_asked_for(
    story: Story, env: dict[str, str], tmp_path: Path
) -> None:
    run = done("sweep", "--no-deliver", env=env)
    assert Outbox.objects.count() == 2
    assert "0 messages sent, 2 waiting" in run.stdout
    assert mails(tmp_path) == []


def test_without_a_database_it_says_so_and_fails(tmp_path: Path) -> None:
    env = environment("no_such_database", tmp_path)
    run = done("sweep", env=env)
    assert run.returncode == 1
    assert "The database does not answer" in run.stderr
    assert "Traceback" not in run.stderr


def test_its_help_needs_no_settings() -> None:
    run = done("sweep", "--help", env={"PATH": ""})
    assert run.returncode == 0
    for option in ("--no-deliver", "--dry-run", "--json", "Exit code 0"):
        assert option in run.stdout
