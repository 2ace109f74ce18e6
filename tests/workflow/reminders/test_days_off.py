"""At a weekend and on a bank holiday only what is due that day, or newly overdue, is sent."""

import pytest

from tests.story import Story, moment
from tests.workflow.reminders.telling import delivered, messages, reminders, swept
from workflow.health import sending, signs
from workflow.law.calendar import COMMITTED
from workflow.law.ladders import leaves_at
from workflow.models import Heartbeat, Outbox

SATURDAY, SUNDAY, MONDAY = "2026-12-05", "2026-12-06", "2026-12-07"
EIGHT = moment(MONDAY, "08:00")


def well(on: str, hour: str) -> bool:
    """Whether the sign of the outbox is well, and the sweep's heart has beaten for this moment."""
    at = moment(on, hour)
    return sending.outbox(at).well and signs.scheduler(at).well


def left(kind: str) -> int:
    return Outbox.objects.filter(kind=kind, sent_at__isnull=False).count()


@pytest.mark.parametrize(
    ("at", "hour", "then"),
    [
        ("2026-12-04", "08:00", ("2026-12-04", "08:00")),
        ("2026-12-04", "23:59", ("2026-12-04", "23:59")),
        ("2026-12-05", "00:00", ("2026-12-07", "08:00")),
        ("2026-12-07", "07:59", ("2026-12-07", "08:00")),
        ("2026-12-24", "18:00", ("2026-12-24", "18:00")),
        ("2026-12-25", "00:00", ("2026-12-29", "08:00")),
        ("2027-03-28", "08:00", ("2027-03-30", "08:00")),
    ],
)
def test_what_is_for_working_days_leaves_from_eight_on_the_next_one(
    at: str, hour: str, then: tuple[str, str]
) -> None:
    assert leaves_at(moment(at, hour), COMMITTED) == moment(*then)


def test_where_nobody_knows_the_next_working_day_it_leaves_at_once() -> None:
    at = moment("2090-01-01")
    assert leaves_at(at, COMMITTED) == at


def test_after_an_outage_what_is_quiet_or_escalated_waits_for_monday_at_eight(
    as_worker: Story,
) -> None:
    swept(SATURDAY, "11:00")
    assert {rung for rung, _, why in reminders() if not why} == {"escalated", "overdue-weeks:1"}
    assert {row.next_attempt_at for row in messages("reminder")} == {EIGHT}
    assert delivered(SATURDAY, "11:01") == delivered(SUNDAY, "09:00") == 0
    assert messages("digest") == []
    swept(MONDAY, "07:59")
    assert messages("digest") == []
    swept(MONDAY)
    assert delivered(MONDAY, "08:00") == len(messages("reminder")) + len(messages("digest"))
    assert left("digest") > 0
    assert left("reminder") > 0


def test_what_waits_for_monday_is_no_sign_of_sickness(as_worker: Story) -> None:
    for on, hour in ((SATURDAY, "11:00"), (SUNDAY, "11:00"), (MONDAY, "07:59"), (MONDAY, "08:00")):
        swept(on, hour)
        assert well(on, hour), (on, hour)
    assert well(MONDAY, "08:01")
    # It does wait from then on.
    assert not sending.outbox(moment(MONDAY, "08:11")).well


def test_a_digest_that_is_owed_and_not_made_holds_the_heart_still(
    as_worker: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(SATURDAY, "11:00")
    monkeypatch.setattr("workflow.reminders.sweeping.make_digests", lambda *_: 0)
    swept(MONDAY)
    assert Heartbeat.objects.get(name="sweep").at == moment(SATURDAY, "11:00")


def test_a_bank_holiday_is_a_day_off_too(as_worker: Story) -> None:
    swept("2026-12-25", "08:00")
    assert {row.next_attempt_at for row in messages("reminder")} == {moment("2026-12-29", "08:00")}
    assert messages("digest") == []
    assert well("2026-12-25", "08:00")


def test_what_is_due_today_or_newly_overdue_leaves_on_any_day(as_worker: Story) -> None:
    swept("2026-11-28")
    assert delivered("2026-11-28") == len(messages("reminder")) == 2


def test_what_could_not_leave_on_friday_waits_over_the_weekend(as_worker: Story) -> None:
    swept("2026-12-04")
    waiting = messages("reminder") + messages("digest")
    # Nobody delivered on Friday; on Saturday there is a sender again.
    assert delivered(SATURDAY, "09:00") == delivered(SUNDAY, "09:00") == 0
    assert {row.next_attempt_at for row in Outbox.objects.all()} == {EIGHT}
    for on, hour in ((SATURDAY, "09:01"), (SUNDAY, "23:00"), (MONDAY, "08:05")):
        assert sending.outbox(moment(on, hour)).well, (on, hour)
    assert delivered(MONDAY, "08:00") == len(waiting)
