"""A draft from before a clock ran again by itself has it again with the next act on it.

Until then what a changed fact had ended stayed ended, though the fact was put back: nothing was
late, and no list showed it.
"""

from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications import services
from notifications.services import LateReasonMissing, Sending
from tests.notifications.answers import PAGES, at, errors, fill, sent, sign_in, written
from tests.sight import of
from tests.story import Cast, day, moment
from workflow.models import Case, Deadline, Event

LATE = "2026-12-07"
DUTIES = ["notify-the-panel", "tell-the-partners"]


@pytest.fixture
def ended(draft: Case, everyone: Cast, today: time_machine.Traveller) -> Case:
    """Complete, but its clocks ended with a fact that is long as it was before."""
    written(draft, everyone.ada)
    rows = Deadline.objects.filter(case=draft, cycle=1)
    rows.update(cancelled_on=day("2026-11-20"), cancelled_why="facts_changed")
    Case.objects.filter(pk=draft.pk).update(next_due="", next_due_on=day("2026-11-23"))
    today.move_to(f"{LATE}T10:00:00+00:00")
    return draft


def running(case: Case) -> list[str]:
    return sorted(row.duty for row in Deadline.objects.open().filter(case=case))


def test_whatever_page_is_saved_the_clocks_run_again_from_their_day(
    ended: Case, everyone: Cast
) -> None:
    ada = sign_in(everyone.ada)
    assert running(ended) == []
    fill(ada, at("page", ended, page="response"), PAGES["response"])
    assert running(ended) == DUTIES
    ended.refresh_from_db()
    assert (ended.next_due, ended.next_due_on) == ("notify-the-panel", day("2026-11-26"))
    (event,) = Event.objects.filter(case=ended, act="clocks_run_again")
    assert (event.capacity, {one["duty"] for one in event.payload["clocks"]}) == (
        "system",
        set(DUTIES),
    )
    fill(ada, at("page", ended, page="response"), PAGES["response"])
    assert Event.objects.filter(case=ended, act="clocks_run_again").count() == 1


def test_the_check_leads_to_the_pause_since_it_is_late(ended: Case, everyone: Cast) -> None:
    ada = sign_in(everyone.ada)
    assert ada.post(at("check", ended))["Location"] == at("pause", ended)
    assert running(ended) == DUTIES


def test_it_is_not_sent_without_them_and_the_page_asks_why_it_is_late(
    ended: Case, everyone: Cast
) -> None:
    how: Any = {"by": everyone.ada, "today": day(LATE)}
    with of(everyone.ada, on=day(LATE)), pytest.raises(LateReasonMissing):
        services.send(ended.token, how=Sending(day(LATE), moment(LATE)), **how)
    ada: Client = sign_in(everyone.ada)
    answer = ada.post(at("send", ended), {"then": "send"})
    assert answer["Location"] == at("page", ended, page="late"), errors(answer)
    fill(ada, at("page", ended, page="late"), {"code": "administrative", "words": "Lost."})
    assert ada.post(at("send", ended), {"then": "send"})["Location"] == at("sent", ended)
    for slug in DUTIES:
        row = Deadline.objects.get(case=ended, duty=slug)
        assert (row.met_on, row.due_on, row.late_reason) == (
            day(LATE),
            day("2026-11-26"),
            "administrative",
        )


def test_asking_the_partners_from_the_task_list_brings_them_back(
    ended: Case, everyone: Cast
) -> None:
    sign_in(everyone.ada).post(at("tasks", ended), {"then": "ask-partners"})
    assert running(ended) == DUTIES


def test_what_ended_since_no_duty_arises_stays_ended(ended: Case, everyone: Cast) -> None:
    Case.objects.filter(pk=ended.pk).update(abuse="neither")
    fill(sign_in(everyone.ada), at("page", ended, page="response"), PAGES["response"])
    # The answers give the fact as it was, which is a change of a fact.
    assert running(ended) == DUTIES
    assert not Event.objects.filter(case=ended, act="clocks_run_again").exists()


def test_nothing_runs_again_of_what_was_sent(
    draft: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    notified = sent(draft, everyone.ada)
    rows = Deadline.objects.filter(case=notified, cycle=1, duty__in=DUTIES)
    rows.update(
        met_on=None, met_at=None, cancelled_on=day("2026-11-20"), cancelled_why="facts_changed"
    )
    open_before = running(notified)
    today.move_to(f"{LATE}T10:00:00+00:00")
    href = at("amend-page", notified, page="response")
    said = {**PAGES["response"], "press": "yes", "reason": "It was left out."}
    answer = fill(sign_in(everyone.ada), href, said)
    assert answer.status_code == 302, errors(answer)
    assert running(notified) == open_before
