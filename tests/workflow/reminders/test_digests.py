"""Each person has one digest a day, whatever the sweep had to make up for."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from tests import databases
from tests.story import Story, moment
from tests.workflow.reminders.telling import delivered, messages, reminders, swept
from workflow.models import Heartbeat, Outbox, PlannedRung, Reminder
from workflow.reminders.sweeping import make_digests


def digests() -> Counter[int | None]:
    """How many each person has."""
    return Counter(row.person_id for row in messages("digest"))


def waiting() -> int:
    return Reminder.objects.filter(quiet=True, withheld="", message=None).count()


def test_after_weeks_without_a_sweep_each_person_has_one_digest_of_all_that_was_owed(
    as_worker: Story,
) -> None:
    # Of what comes weekly the first one is planned, and the others when that is recorded.
    swept("2026-11-20", "12:00")
    swept("2026-12-21", "11:00")
    weeks = {rung for rung, _, why in reminders() if rung.startswith("overdue-weeks") and not why}
    assert weeks == {"overdue-weeks:1", "overdue-weeks:3"}
    assert set(digests().values()) == {1}
    assert waiting() == 0
    first = messages("digest")[0]
    assert first.dedupe == f"digest:2026-12-21:p{first.person_id}"


def test_what_comes_after_the_digest_of_the_day_waits_for_the_next_working_day(
    as_worker: Story,
) -> None:
    swept("2026-11-27")
    swept("2026-12-04")
    delivered("2026-12-04")
    made = digests()
    PlannedRung.objects.filter(rung="overdue-weeks:2").update(
        planned_at=moment("2026-12-04", "10:00")
    )
    assert swept("2026-12-04", "10:01").whole
    assert waiting() > 0
    swept("2026-12-05", "08:00")
    assert digests() == made
    assert Heartbeat.objects.get(name="sweep").at == moment("2026-12-05", "08:00")
    swept("2026-12-07")
    assert waiting() == 0
    assert digests() - made == Counter(dict.fromkeys(made, 1))


def test_the_database_refuses_a_second_one(as_worker: Story) -> None:
    swept("2026-11-23")
    one = messages("digest")[0]
    with pytest.raises(IntegrityError, match="outbox_once"):
        Outbox.objects.create(
            dedupe=f"digest:2026-11-23:p{one.person_id}",
            kind="digest",
            person_id=one.person_id,
            created_at=one.created_at,
            next_attempt_at=one.created_at,
        )


def test_no_digest_is_made_while_another_sweeper_still_records(
    as_worker: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept("2026-11-20", "12:00")
    monkeypatch.setattr("workflow.reminders.sweeping.record", lambda *_: 0)
    Reminder.objects.create(
        deadline=PlannedRung.objects.all()[0].deadline,
        authority=as_worker.cast.northmoor,
        revision=1,
        rung="day-0",
        person=as_worker.cast.ada,
        quiet=True,
        planned_at=moment("2026-11-23", "08:00"),
        recorded_at=moment("2026-11-23", "08:00"),
    )
    assert swept("2026-11-23").digests == 0
    monkeypatch.undo()
    assert swept("2026-11-23").digests == 2


def test_what_another_sweeper_holds_is_waited_for_and_in_the_digest_of_the_day(
    as_worker: Story, committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.reminders.sweeping.make_digests", lambda *_: 0)
    swept("2026-11-23")
    monkeypatch.undo()
    assert waiting() >= 2

    def digesting() -> int:
        try:
            return make_digests(moment("2026-11-23", "08:01"))
        finally:
            connection.close()

    held = """
    SELECT FROM workflow_reminder WHERE quiet AND withheld = '' ORDER BY id DESC LIMIT 1 FOR UPDATE
    """
    with ThreadPoolExecutor(1) as beside, databases.as_owner(committing_db) as other:
        with other.transaction():
            other.execute(held)
            made = beside.submit(digesting)
            time.sleep(0.3)
            assert not made.done()
        assert made.result(timeout=10) > 0
    assert waiting() == 0
