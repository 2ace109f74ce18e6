"""What is owed by now is recorded once for each person, whoever sweeps and however often."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import ProgrammingError, connection

from tests import databases
from tests.story import Story, a_case, cast, day, moment
from tests.workflow.reminders.telling import messages, reminders, swept, told
from workflow import clock
from workflow.models import (
    Deadline,
    Heartbeat,
    Membership,
    Organisation,
    PlannedRung,
    Reminder,
)
from workflow.reminders.sweeping import Audience, Rung, record, sweep


@pytest.fixture
def story(committing_db: str) -> Iterator[Story]:
    """A draft whose five days began on Friday 20 November 2026."""
    with clock.told(moment("2026-11-20")):
        yield a_case(cast(), aware="2026-11-20")


@pytest.fixture
def as_worker(story: Story, committing_db: str) -> Iterator[Story]:
    with databases.as_worker(committing_db):
        yield story


def test_nothing_is_recorded_before_its_hour(as_worker: Story) -> None:
    swept("2026-11-20", "12:00")
    swept("2026-11-23", "07:59")
    assert reminders() == []
    assert PlannedRung.objects.filter(deadline__duty="notify-the-panel").count() == 7


def test_a_quiet_rung_is_recorded_for_everybody_who_notifies_and_waits_in_a_digest(
    as_worker: Story,
) -> None:
    swept("2026-11-23")
    mine = [row for row in reminders() if row[2] == ""]
    assert mine == [("day-1", "Ada", ""), ("day-1", "Ben", "")]
    assert len(messages("digest")) == 2
    assert messages("reminder") == []


def test_sweeping_again_records_nothing_more(as_worker: Story) -> None:
    swept("2026-11-23")
    before = reminders()
    for hour in ("08:00", "08:01", "09:00", "23:59"):
        assert swept("2026-11-23", hour).recorded == 0
    assert reminders() == before
    assert len(messages("digest")) == 2


def test_on_the_day_each_is_told_in_a_message_of_their_own(as_worker: Story) -> None:
    for on in ("2026-11-23", "2026-11-25", "2026-11-26", "2026-11-27"):
        swept(on)
    assert told("due-today") == {"Ada", "Ben"}
    assert len(messages("reminder")) == 2


def test_what_the_partners_and_the_department_are_owed_rides_with_the_panels(
    as_worker: Story,
) -> None:
    swept("2026-11-27")
    withheld = Reminder.objects.filter(rung="due-today").exclude(deadline__duty="notify-the-panel")
    assert withheld.exists()
    assert set(withheld.values_list("withheld", flat=True)) == {"told_with_panel"}


def test_the_first_day_late_is_told_on_a_saturday_and_escalation_reaches_the_seniors(
    story: Story, committing_db: str
) -> None:
    Organisation.objects.filter(pk=story.cast.northmoor.pk).update(senior=story.cast.adam)
    with databases.as_worker(committing_db):
        swept("2026-11-28")
        assert told("overdue") == {"Ada", "Ben"}
        swept("2026-12-02")
        # Whoever can't see the case yet is not told of it: the Panel has no sight of a draft.
        assert told("escalated") == {"Ada", "Ben", "Adam"}


def test_the_secretariat_is_told_of_what_it_can_see(story: Story, committing_db: str) -> None:
    story.notified("2026-11-23")
    with databases.as_worker(committing_db):
        swept("2026-12-30")
        assert "Sol" in told("escalated") or "Sol" in told("overdue-weeks:1")


def test_late_rungs_give_way_to_the_last_one_but_an_escalation_to_no_digest(
    as_worker: Story,
) -> None:
    swept("2026-12-04")
    rows = dict.fromkeys((rung, why) for rung, person, why in reminders() if person == "Ada")
    panel = [row for row in rows if row[1] != "told_with_panel"]
    assert panel == [
        ("day-1", "overtaken"),
        ("day-3", "overtaken"),
        ("day-4", "overtaken"),
        ("due-today", "overtaken"),
        ("overdue", "overtaken"),
        ("escalated", ""),
        ("overdue-weeks:1", ""),
    ]


def test_weeks_go_on(as_worker: Story) -> None:
    for on in ("2026-12-04", "2026-12-11", "2026-12-18", "2026-12-29"):
        swept(on, "10:00")
    weeks = {rung for rung, _, _ in reminders() if rung.startswith("overdue-weeks")}
    assert {"overdue-weeks:1", "overdue-weeks:2", "overdue-weeks:3"} <= weeks


def test_whoever_began_to_sweep_before_a_week_came_round_leaves_none_out(as_worker: Story) -> None:
    swept("2026-12-04", "10:00")
    # Two sweep at eight: one looked at the time just before, and plans once the other recorded.
    assert record(moment("2026-12-11", "08:00"))
    sweep(at=moment("2026-12-11", "07:59"))
    swept("2026-12-18", "10:00")
    weeks = {rung for rung, _, _ in reminders() if rung.startswith("overdue-weeks")}
    assert {"overdue-weeks:2", "overdue-weeks:3"} <= weeks


def test_a_duty_that_is_discharged_is_owed_to_nobody(story: Story, committing_db: str) -> None:
    story.notified("2026-11-23", clock="07:30")
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert not Reminder.objects.filter(deadline__duty="notify-the-panel").exists()


def test_a_date_that_moves_has_rungs_of_its_own_and_the_old_ones_are_owed_to_nobody(
    story: Story, committing_db: str
) -> None:
    with databases.as_worker(committing_db):
        swept("2026-11-23")
    with clock.told(moment("2026-11-23")):
        story.facts("2026-11-23", aware_on=day("2026-11-23"))
    with databases.as_worker(committing_db):
        swept("2026-11-24")
        rows = Reminder.objects.filter(deadline__duty="notify-the-panel")
        assert {(row.revision, row.rung, row.planned_at) for row in rows} == {
            (1, "day-1", moment("2026-11-23", "08:00")),
            (2, "day-1", moment("2026-11-24", "08:00")),
        }


def test_a_rung_with_nobody_to_tell_is_marked_for_the_operator(
    story: Story, committing_db: str
) -> None:
    Membership.objects.update(until=day("2026-11-20"))
    with databases.as_worker(committing_db):
        swept("2026-11-23")
        assert PlannedRung.objects.filter(nobody=True).count() > 0
        assert reminders() == []


def test_many_sweepers_at_once_record_each_reminder_once(as_worker: Story) -> None:
    barrier = threading.Barrier(6)

    def sweeper() -> None:
        barrier.wait()
        try:
            swept("2026-12-04")
        finally:
            connection.close()

    threads = [threading.Thread(target=sweeper) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    swept("2026-12-04")
    rows = reminders()
    keys = list(Reminder.objects.values_list("deadline", "revision", "rung", "person"))
    assert len(keys) == len(set(keys)) == len(rows) > 10
    carried = Reminder.objects.filter(withheld="")
    assert carried.filter(message__isnull=True).count() == 0
    people = [row.person_id for row in messages("digest")]
    assert len(people) == len(set(people)) > 0


def test_a_rung_that_becomes_due_meanwhile_is_left_to_whoever_knows_its_people(
    story: Story, committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.told(moment("2026-11-20")):
        a_case(story.cast, aware="2026-11-20", by="cara")
    southfens = PlannedRung.objects.filter(authority=story.cast.southfen, rung="day-1")
    asked = Audience.of

    def slow(self: Audience, due: Sequence[tuple[int, Rung]]) -> Any:
        found = asked(self, due)
        southfens.update(planned_at=moment("2026-11-23", "08:00"))
        return found

    with databases.as_worker(committing_db):
        swept("2026-11-20", "12:00")
        southfens.update(planned_at=moment("2027-11-23", "08:00"))
        monkeypatch.setattr(Audience, "of", slow)
        record(moment("2026-11-23", "08:00"))
        monkeypatch.undo()
        swept("2026-11-23", "08:01")
        assert not PlannedRung.objects.filter(nobody=True).exists()
        assert "Cara" in told("day-1")


def test_the_sweep_says_that_it_lives(as_worker: Story) -> None:
    swept("2026-11-23")
    swept("2026-11-20")
    assert Heartbeat.objects.get(name="sweep").at == moment("2026-11-23", "08:00")


def test_the_worker_changes_one_mark_of_a_clock_and_nothing_else(as_worker: Story) -> None:
    assert Deadline.objects.update(planned_revision=0) > 0
    with pytest.raises(ProgrammingError, match="permission denied"):
        Deadline.objects.update(due_on=day("2027-01-01"))


def test_the_application_cannot_write_a_reminder(story: Story) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        swept("2026-11-23")
