"""`manage.py reconcile`: the second opinion agrees with the sweep, and finds what it left out."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import InternalError, connection, transaction

from tests import databases
from tests.architecture import tree
from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.health.processes import done, environment
from workflow import clock
from workflow.health.missing import Missing, missing
from workflow.health.owed import Clock, owed_by
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.law.ladders import LADDERS, ladder
from workflow.models import Membership, Reminder, ReminderChoice
from workflow.reminders.sweeping import sweep

BEGAN = "2026-10-05"


@pytest.fixture
def story(everyone: Cast) -> Iterator[Story]:
    with clock.told(moment(BEGAN)):
        yield a_case(everyone, aware=BEGAN)


def found(on: str, hour: str = "12:00") -> list[Missing]:
    return list(missing(at=moment(on, hour)))


def swept_daily(name: str, *days: str) -> None:
    with databases.as_worker(name):
        for on in days:
            sweep(at=moment(on, "08:00"))


def test_nothing_is_missing_where_the_sweep_ran(story: Story, committing_db: str) -> None:
    days = ["2026-10-06", "2026-10-08", "2026-10-12", "2026-10-13", "2026-10-15", "2026-10-22"]
    for on in days:
        swept_daily(committing_db, on)
        assert found(on) == []
    assert Reminder.objects.exists()


def test_what_the_sweep_never_recorded_is_listed(story: Story) -> None:
    listed = found("2026-10-13")
    assert {(one.reference, one.duty) for one in listed} >= {
        (story.case.label, duties.NOTIFY_THE_PANEL.slug)
    }
    assert {"day-1", "due-today", "overdue"} <= {one.rung for one in listed}
    overdue = [one for one in listed if one.rung == "overdue"]
    everyone = story.cast
    assert set(overdue[0].people) == {everyone.ada.pk, everyone.ben.pk}


def test_one_person_left_out_of_one_step_is_listed(story: Story, committing_db: str) -> None:
    swept_daily(committing_db, "2026-10-13")
    with databases.as_owner(committing_db) as server:
        server.execute(
            "DELETE FROM workflow_reminder WHERE rung = 'overdue' AND person_id = %s "
            "AND deadline_id IN (SELECT id FROM workflow_deadline WHERE duty = 'notify-the-panel')",
            [story.cast.ada.pk],
        )
    (one,) = found("2026-10-13")
    assert (one.reference, one.duty, one.rung, one.people) == (
        story.case.label, "notify-the-panel", "overdue", (story.cast.ada.pk,),
    )  # fmt: skip


def test_what_was_due_a_moment_ago_is_not_missing_yet(story: Story) -> None:
    assert not [one for one in found("2026-10-12", "08:04") if one.rung == "due-today"]
    assert [one for one in found("2026-10-12", "08:05") if one.rung == "due-today"]


def test_nobody_is_expected_who_was_not_there_then_or_asked_to_be_spared(
    story: Story, committing_db: str
) -> None:
    everyone = story.cast
    swept_daily(committing_db, "2026-10-13")
    Membership.objects.create(
        person=everyone.bea, organisation=everyone.northmoor, role="la_notifier",
        since=day("2026-10-01"),
    )  # fmt: skip
    assert found("2026-10-13") == []
    ReminderChoice.objects.create(person=everyone.ada, wants="none", chosen_at=moment("2026-10-01"))
    with databases.as_owner(committing_db) as server:
        server.execute("DELETE FROM workflow_reminder WHERE person_id = %s", [everyone.ada.pk])
    assert found("2026-10-13") == []


def test_the_command_lists_and_fails_and_changes_nothing(
    story: Story, committing_db: str, tmp_path: Path
) -> None:
    env = environment(committing_db, tmp_path)
    run = done("reconcile", "--json", env=env)
    listed = json.loads(run.stdout)["missing"]
    assert run.returncode == 1, run.stderr
    assert {"reference", "duty", "cycle", "rung", "due_at", "people"} == set(listed[0])
    assert done("reconcile", env=env).stdout.endswith(f"{len(listed)} missing.\n")
    assert not Reminder.objects.exists()
    assert "Ada" not in run.stdout


@pytest.mark.django_db
def test_it_could_not_write_if_it_wanted_to() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(InternalError, match="read-only"):
            cursor.execute("DELETE FROM workflow_savedfilter")
        cursor.execute("ROLLBACK TO before")


def test_both_ways_of_counting_agree_on_a_thousand_clocks() -> None:
    chance = random.Random(20261122)
    slugs = sorted(slug for slug, rungs in LADDERS.items() if rungs)
    compared = 0
    for _ in range(1000):
        slug = chance.choice(slugs)
        start = day("2024-01-01") + timedelta(days=chance.randrange(1200))
        due = start + timedelta(days=chance.choice([0, 1, 7, 8, 21, 22, 184]))
        set_at = moment(start, "09:30") + timedelta(days=chance.randrange(0, 9))
        until = set_at + timedelta(days=chance.randrange(1, 300))
        first = ladder(
            duties.by_slug(slug), start_on=start, due_on=due, set_at=set_at,
            calendar=COMMITTED, until=until,
        )  # fmt: skip
        told = {one.key: one.at for one in first if one.at <= until}
        second = owed_by(Clock(1, slug, start, due, set_at), COMMITTED, until=until)
        late = {one.key for one in second if one.key not in told}
        assert not late, (slug, start, due, set_at, until)
        # What is told at once is expected a morning later, so it may still be ahead here.
        recent = {key for key, at in told.items() if at > until - timedelta(days=7)}
        assert set(told) - {one.key for one in second} <= recent
        compared += len(second)
    assert compared > 3000


def test_it_shares_no_code_with_the_sweep() -> None:
    for name in ("missing", "owed"):
        words = (tree.PROJECT / f"workflow/health/{name}.py").read_text(encoding="utf-8")
        for foreign in ("sweeping", "statements", "recipients", "ladder(", "import ladder"):
            assert foreign not in words, (name, foreign)
