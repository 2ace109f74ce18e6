"""`manage.py reconcile`: the second opinion agrees with the sweep, and finds what it left out."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InternalError

from tests import databases
from tests.story import Cast, Story, a_case, day, moment, person
from tests.workflow.health.processes import done, environment
from workflow import clock
from workflow.health.missing import Missing, missing
from workflow.health.owed import Clock, owed_by
from workflow.law import duties, ladders
from workflow.law.calendar import COMMITTED, Calendar
from workflow.law.ladders import LADDERS, ladder
from workflow.management.commands import reconcile
from workflow.models import Membership, Reminder, ReminderChoice
from workflow.reminders import recipients, sweeping
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
    assert (one.reference, one.duty) == (story.case.label, "notify-the-panel")
    assert (one.rung, one.people) == ("overdue", (story.cast.ada.pk,))


def test_what_was_due_a_moment_ago_is_not_missing_yet(story: Story) -> None:
    assert not [one for one in found("2026-10-12", "08:04") if one.rung == "due-today"]
    assert [one for one in found("2026-10-12", "08:05") if one.rung == "due-today"]


def test_nobody_is_expected_who_was_not_there_then(story: Story, committing_db: str) -> None:
    everyone = story.cast
    swept_daily(committing_db, "2026-10-13")
    Membership.objects.create(
        person=everyone.bea, organisation=everyone.northmoor, role="la_notifier",
        since=day("2026-10-01"),
    )  # fmt: skip
    assert found("2026-10-13") == []


def asked(person: Any, wants: str, on: str) -> None:
    """Somebody chose which reminders they want."""
    ReminderChoice.objects.create(person=person, wants=wants, chosen_at=moment(on))


def forgotten(name: str, *people: Any) -> None:
    """What was recorded for these people is not there."""
    with databases.as_owner(name) as server:
        keys = [one.pk for one in people]
        server.execute("DELETE FROM workflow_reminder WHERE person_id = ANY(%s)", [keys])


def listed(on: str, person: Any) -> set[str]:
    """The steps of the Panel's date that are missing for somebody."""
    mine = [one for one in found(on) if one.duty == "notify-the-panel" and person.pk in one.people]
    return {one.rung for one in mine}


LOUD = {"due-today", "overdue"}
QUIET = {"day-1", "day-3", "day-4"}


@pytest.fixture
def third(everyone: Cast, committing_db: str) -> Any:
    """Theo notifies for Northmoor too: with Ada spared, two others are told."""
    with clock.told(moment("2026-01-05")):
        made = person("Theo", everyone.northmoor, "la_notifier")
    # The history is written by the database's clock.
    with databases.as_owner(committing_db) as server:
        server.execute("UPDATE workflow_membershipevent SET pgh_created_at = '2018-07-01'")
    return made


def test_whoever_asked_to_be_spared_is_expected_where_that_spares_nobody(
    third: Any, story: Story, committing_db: str
) -> None:
    ada = story.cast.ada
    for on in ("2026-10-06", "2026-10-08", "2026-10-09", "2026-10-12", "2026-10-13"):
        swept_daily(committing_db, on)
    forgotten(committing_db, ada)
    assert listed("2026-10-13", ada) == LOUD | QUIET
    asked(ada, "urgent", "2026-10-01")
    assert listed("2026-10-13", ada) == LOUD
    asked(ada, "none", "2026-10-02")
    assert listed("2026-10-13", ada) == set()
    # From the moment on which she changed back she is expected again.
    asked(ada, "all", "2026-10-11")
    assert listed("2026-10-13", ada) == LOUD
    forgotten(committing_db, third)
    # Nor can anybody be spared while fewer than two others are told.
    assert listed("2026-10-13", ada) == LOUD | QUIET


def test_a_duty_that_was_met_late_without_its_reminders_is_listed(
    story: Story, committing_db: str
) -> None:
    """Due on Monday 12 October, sent on Thursday at ten; swept on the second day alone."""
    swept_daily(committing_db, "2026-10-06")
    story.notified("2026-10-15", late_reason="other")
    assert listed("2026-11-01", story.cast.ada) == {"day-3", "day-4", *LOUD}


def test_a_duty_that_ended_without_its_reminders_is_listed(
    story: Story, committing_db: str
) -> None:
    swept_daily(committing_db, "2026-10-06")
    process = story.case.notification
    story.act(process, "decide_not_to_notify", "ben", "2026-10-14", reason="No serious harm.")
    assert listed("2026-11-01", story.cast.ada) == {"day-3", "day-4", "due-today"}


def test_a_duty_that_was_met_with_its_reminders_is_not_listed(
    story: Story, committing_db: str
) -> None:
    for on in ("2026-10-06", "2026-10-08", "2026-10-09", "2026-10-12", "2026-10-13"):
        swept_daily(committing_db, on)
    story.notified("2026-10-15", late_reason="other")
    assert not [one for one in found("2026-10-15", "13:00") if one.duty == "notify-the-panel"]


def test_what_was_over_before_anybody_swept_here_could_remind_nobody(
    story: Story, committing_db: str
) -> None:
    story.notified("2026-10-15", late_reason="other")
    swept_daily(committing_db, "2026-10-30")
    assert Reminder.objects.exists()
    assert not [one for one in found("2026-11-01") if one.duty == "notify-the-panel"]


def test_a_named_senior_is_expected_once_they_were_told_as_one(
    everyone: Cast, committing_db: str
) -> None:
    with clock.told(moment("2026-01-05")):
        diana = person("Diana", everyone.northmoor, "la_administrator")
        stories = [a_case(everyone, aware=on) for on in (BEGAN, "2026-10-19")]
    with databases.as_owner(committing_db) as server:
        server.execute(
            "UPDATE workflow_organisation SET senior_id = %s WHERE id = %s",
            [diana.pk, everyone.northmoor.pk],
        )
        server.execute("UPDATE workflow_membershipevent SET pgh_created_at = '2018-07-01'")
    swept_daily(committing_db, "2026-10-15", "2026-10-29")
    assert listed("2026-10-29", diana) == set()
    with databases.as_owner(committing_db) as server:
        gone = "DELETE FROM workflow_reminder r USING workflow_deadline d WHERE d.id = deadline_id"
        whose = [diana.pk, stories[1].case.pk]
        server.execute(f"{gone} AND person_id = %s AND case_id = %s", whose)
    assert listed("2026-10-29", diana) == {"escalated"}
    role = Membership.objects.filter(person=diana)
    role.update(until=day("2026-10-28"))
    assert listed("2026-10-29", diana) == set(), "nothing passes to whoever left"
    role.update(until=None)
    forgotten(committing_db, diana)
    # Nothing tells that she was the senior by then.
    assert listed("2026-10-29", diana) == set()


def test_the_command_lists_and_fails_and_changes_nothing(
    story: Story, committing_db: str, tmp_path: Path
) -> None:
    env = environment(committing_db, tmp_path)
    run = done("reconcile", "--json", env=env)
    assert run.returncode == 1, run.stderr
    assert run.stdout, run.stderr
    listed = json.loads(run.stdout)["missing"]
    assert {"reference", "duty", "cycle", "rung", "due_at", "people"} == set(listed[0])
    assert done("reconcile", env=env).stdout.endswith(f"{len(listed)} missing.\n")
    assert not Reminder.objects.exists()
    assert "Ada" not in run.stdout


def test_the_command_could_not_write_if_it_wanted_to(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(story.cast.ada, "all", "2026-10-01")

    def writes(**more: Any) -> Iterator[Missing]:
        asked(story.cast.ada, "none", "2026-10-02")
        yield from missing(**more)

    monkeypatch.setattr(reconcile, "missing", writes)
    with pytest.raises(InternalError, match="read-only transaction"):
        call_command("reconcile")
    assert ReminderChoice.objects.count() == 1


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


def functions_of(module: ModuleType) -> Iterator[tuple[Any, str]]:
    """Every function and method that a module holds of its own, with what holds it."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", "") != module.__name__:
            continue
        if isinstance(thing, FunctionType):
            yield module, name
        elif isinstance(thing, type):
            yield from (
                (thing, own) for own, one in vars(thing).items() if isinstance(one, FunctionType)
            )


def test_it_works_with_the_code_of_the_sweep_taken_away(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of the ladders and the days of the calendar are shared: they are data.

    No function is: neither one that plans, records or finds who is told, nor one that counts days.
    """
    with_it = found("2026-10-22")

    def gone(*args: Any, **more: Any) -> Any:
        raise AssertionError("the second opinion asks the first")

    modules = (ladders, recipients, sweeping)
    every = [one for module in modules for one in functions_of(module)]
    taken = [(holder, name) for holder, name in every if not name.startswith("__")]
    taken += [(Calendar, name) for name in ("add", "between", "receipt", "month_receipt")]
    for holder, name in taken:
        monkeypatch.setattr(holder, name, gone)
    assert len(taken) >= 40
    with pytest.raises(AssertionError):
        sweeping.sweep(at=moment("2026-10-22"))
    assert found("2026-10-22") == with_it != []
