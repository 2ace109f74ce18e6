"""A bank holiday is proclaimed: open dates move with a trail, met ones stay."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from tests import databases
from tests.law.limits import with_limit
from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.reminders.telling import swept
from workflow import clock, services
from workflow.deadlines import proclaiming
from workflow.deadlines.calendar import calendar
from workflow.deadlines.proclaiming import CannotProclaim, addition, withdrawal
from workflow.deadlines.shifts import shifts
from workflow.health.missing import behind_now
from workflow.health.reading import kept
from workflow.health.words import said
from workflow.law import duties
from workflow.machine import moving_dates
from workflow.machine.moving_dates import Moved, change_calendar, work_out_again
from workflow.machine.refusals import CannotAdvance
from workflow.models import (
    Case,
    DatesMoved,
    Deadline,
    Event,
    Outbox,
    PlannedRung,
    ProclaimedHoliday,
)

JUBILEE = day("2027-06-07")
TITLE = "Bank holiday for an invented jubilee"
SAID: dict[str, Any] = {"on": day("2027-06-02"), "at": moment("2027-06-02", "12:00")}


def proclaim(who: Cast) -> Moved:
    return change_calendar(addition(JUBILEE, TITLE, by=who.sam, **SAID), by=who.sam, **SAID)


def withdraw(who: Cast) -> Moved:
    return change_calendar(withdrawal(JUBILEE, by=who.sam, **SAID), by=who.sam, **SAID)


def due(story: Story, duty: str) -> date:
    return Deadline.objects.get(case=story.case, duty=duty).due_on


def test_an_open_date_moves_by_the_day_that_is_not_counted_any_more(
    everyone: Cast, draft: Story
) -> None:
    assert due(draft, "notify-the-panel") == day("2027-06-08")
    moved = proclaim(everyone)
    row = Deadline.objects.get(case=draft.case, duty="notify-the-panel")
    assert row.due_on == row.worked_out.due == day("2027-06-09")
    assert row.worked_out.skipped[-1].reason == f"{TITLE} (proclaimed 2 June 2027)"
    assert row.calendar_edition == calendar().edition != "england-and-wales"
    assert draft.again().next_due_on == day("2027-06-09")
    assert (moved.cases, moved.clocks) == (1, 2)


def test_a_date_that_was_met_stays(everyone: Cast, draft: Story, sent: Story) -> None:
    draft.notified("2027-06-02")
    before = Deadline.objects.filter(met_on__isnull=False).order_by("pk")
    as_it_was = list(before.values())
    assert as_it_was
    proclaim(everyone)
    assert list(before.values()) == as_it_was


def test_the_trail_says_who_moved_which_date_from_when_and_why(everyone: Cast, sent: Story) -> None:
    assert due(sent, "rapid-review") == day("2027-06-15")
    proclaim(everyone)
    event = Event.objects.get(case=sent.case, act="dates_moved")
    assert event.actor == everyone.sam
    assert event.capacity == "deadline_administrator"
    assert event.payload["because"] == "proclaimed"
    assert event.payload["holiday"] == ProclaimedHoliday.objects.get().pk
    assert event.payload["edition"] == calendar().edition
    (moved,) = event.payload["moved"]
    assert (moved["duty"], moved["from"], moved["to"]) == (
        "rapid-review", "2027-06-15", "2027-06-16",
    )  # fmt: skip
    kept: Any = Deadline
    rows = kept.row_history.rel.related_model.objects
    history = rows.filter(case=sent.case, duty="rapid-review")
    assert {row.due_on for row in history} == {day("2027-06-15"), day("2027-06-16")}


def test_an_agreed_later_date_stays_beside_the_one_that_moves(everyone: Cast, sent: Story) -> None:
    services.agree_later_date(
        sent.again(), "rapid-review", 1, day("2027-06-30"), by=everyone.sol, reason="Police", **SAID
    )
    proclaim(everyone)
    row = Deadline.objects.get(case=sent.case, duty="rapid-review")
    assert (row.due_on, row.agreed_on) == (day("2027-06-16"), day("2027-06-30"))


def test_its_reminders_are_planned_anew(everyone: Cast, sent: Story, committing_db: str) -> None:
    with databases.as_worker(committing_db):
        swept("2027-06-02")
    with databases.pointed_at(committing_db):
        proclaim(everyone)
    with databases.as_worker(committing_db):
        swept("2027-06-02", "13:00")
    rungs = PlannedRung.objects.filter(deadline__duty="rapid-review", rung="due-today")
    assert dict(rungs.values_list("revision", "planned_at")) == {
        1: moment("2027-06-15", "08:00"),
        2: moment("2027-06-16", "08:00"),
    }


def test_each_organisation_is_told_once_however_many_dates_moved(
    everyone: Cast, draft: Story, sent: Story
) -> None:
    proclaim(everyone)
    told = Outbox.objects.filter(kind="dates_moved")
    assert list(told.filter(case=draft.case).values_list("organisation__name", flat=True)) == [
        "Northmoor"
    ]
    names = set(told.filter(case=sent.case).values_list("organisation__name", flat=True))
    assert names == {"Northmoor", "Northmoor Integrated Care Board", "Northmoor Police"}


def test_withdrawing_it_moves_the_dates_back(everyone: Cast, draft: Story) -> None:
    proclaim(everyone)
    moved = withdraw(everyone)
    assert moved.clocks == 2
    assert due(draft, "notify-the-panel") == day("2027-06-08")
    row = Deadline.objects.get(case=draft.case, duty="notify-the-panel")
    assert row.revision == 3
    assert calendar().is_working_day(JUBILEE)
    last = Event.objects.filter(case=draft.case).latest("sequence")
    assert last.payload["because"] == "withdrawn"


def test_a_withdrawn_day_can_be_proclaimed_again(everyone: Cast, draft: Story) -> None:
    proclaim(everyone)
    withdraw(everyone)
    proclaim(everyone)
    assert due(draft, "notify-the-panel") == day("2027-06-09")


def test_doing_it_again_moves_nothing_more(everyone: Cast, draft: Story) -> None:
    proclaim(everyone)
    events = Event.objects.count()
    moved = work_out_again(by=everyone.sam, **SAID)
    assert (moved.cases, moved.clocks) == (0, 0)
    assert Event.objects.count() == events


def test_what_an_interruption_left_is_done_by_the_next_run(
    everyone: Cast, draft: Story, sent: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_dates, "BATCH", 1)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change_calendar(
            addition(JUBILEE, TITLE, by=everyone.sam, **SAID),
            by=everyone.sam,
            progress=stop,
            **SAID,
        )
    assert len({one.case for one in shifts(calendar())}) == 1
    assert not DatesMoved.objects.exists()
    assert (
        left_behind() == "1 open date is not what the calendar and the time limits in force give."
    )
    assert work_out_again(by=everyone.sam, **SAID).cases == 1
    assert not list(shifts(calendar()))
    assert not left_behind()


def left_behind() -> str:
    """What the administrators' page of status says is wrong with the open dates."""
    behind_now.forget()
    kept.forget()
    reading = kept.newest()
    return said(reading["dates"], at=reading.at).wrong


def test_a_new_limit_moves_open_dates_too(
    everyone: Cast, draft: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = duties.NOTIFY_THE_PANEL
    limit = rule.limit(day("2027-06-01"))
    longer = type(limit)(since=day("2027-01-01"), citation=limit.citation, working_days=6)
    monkeypatch.setitem(duties._BY_SLUG, rule.slug, with_limit(rule, longer))
    assert work_out_again(by=everyone.sam, **SAID).clocks == 1
    assert due(draft, "notify-the-panel") == day("2027-06-09")
    row = Deadline.objects.get(case=draft.case, duty="notify-the-panel")
    assert row.limit_since == day("2027-01-01")


def test_only_a_deadline_administrator_moves_dates(everyone: Cast, draft: Story) -> None:
    for name in ("ada", "sol", "adam"):
        who = everyone.people[name]
        with pytest.raises(CannotAdvance):
            change_calendar(addition(JUBILEE, TITLE, by=who, **SAID), by=who, **SAID)
    assert not ProclaimedHoliday.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("2027-06-01", "is in the past"),
        ("2027-06-05", "is at a weekend"),
        ("2027-08-30", "is a bank holiday already"),
        ("2041-06-07", "is outside the calendar"),
    ],
)
def test_a_day_that_changes_nothing_is_refused(everyone: Cast, wrong: str, why: str) -> None:
    with pytest.raises(CannotProclaim, match=why):
        addition(day(wrong), TITLE, by=everyone.sam, **SAID)


def test_two_who_move_dates_at_once_are_told_apart(everyone: Cast, committing_db: str) -> None:
    met = threading.Barrier(2)
    refused: list[str] = []

    def other() -> None:
        try:
            with proclaiming.one_at_a_time():
                met.wait()
                met.wait()
        finally:
            connection.close()

    first = threading.Thread(target=other)
    first.start()
    met.wait()
    try:
        proclaim(everyone)
    except CannotProclaim as refusal:
        refused.append(str(refusal))
    met.wait()
    first.join()
    assert refused == ["Dates are being moved right now. Try again in a few minutes."]
    assert proclaim(everyone).cases == 0


def test_an_act_under_way_is_waited_for_and_its_clock_moves_too(everyone: Cast) -> None:
    """No clock that runs passes the day; the one that sending is just starting does."""
    draft = a_case(everyone, aware="2027-05-25")
    assert not list(shifts(calendar(), day=JUBILEE))
    locked, go_on = threading.Event(), threading.Event()

    def send() -> None:
        try:
            with clock.told(moment("2027-06-02", "12:00")), transaction.atomic():
                case = services.lock_case(draft.case.token, by=everyone.ada, on=SAID["on"])
                services.advance(case.notification, "submit", by=everyone.ada, **SAID)
                locked.set()
                go_on.wait(20)
        finally:
            connection.close()

    sending = threading.Thread(target=send)
    sending.start()
    assert locked.wait(20)
    threading.Timer(0.5, go_on.set).start()
    proclaim(everyone)
    sending.join()
    assert Case.objects.get(pk=draft.case.pk).notified_on == day("2027-06-02")
    assert due(draft, "rapid-review") == day("2027-06-24")
    assert not list(shifts(calendar()))
