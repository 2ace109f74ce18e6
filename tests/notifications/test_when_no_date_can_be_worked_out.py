"""Past the published bank holidays nothing is guessed: what to do is said, and nothing is lost."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.notifications.answers import PAGES, at, errors, fill, sign_in, when, written
from tests.story import Cast, day, moment
from workflow import services
from workflow.deadlines.clocks import Clocks
from workflow.law import duties
from workflow.law.calendar import COMMITTED
from workflow.models import Case, Deadline

ASK = "ask whoever runs the service to add the bank holidays published since"


@pytest.fixture
def draft_of_2028(everyone: Cast, draft: Case, today: time_machine.Traveller) -> Case:
    """Ada's draft, two working days before the last bank holidays that are published."""
    today.move_to("2028-12-28T10:00:00+00:00")
    return draft


def test_a_day_of_awareness_past_the_horizon_is_told_on_its_page_and_kept(
    everyone: Cast, draft_of_2028: Case
) -> None:
    ada, href = sign_in(everyone.ada), at("page", draft_of_2028, page="awareness")
    answer = fill(ada, href, {**PAGES["awareness"], **when("aware_on", "2028-12-27")})
    assert answer.status_code == 200
    (said,) = errors(answer)
    assert "the date on which the authority became aware" in said
    assert "from 27 December 2028 no due date can be worked out" in said
    assert "known from 1 January 2012 to 31 December 2028" in said
    assert ASK in said
    html = ada.get(href).content.decode()
    assert "The hospital rang." in html
    assert 'value="27"' in html
    assert not Deadline.objects.filter(due_on__isnull=False).exists()


def test_every_date_that_gives_none_is_named_at_once(everyone: Cast, draft_of_2028: Case) -> None:
    facts = {
        "outcome": "died",
        "abuse": "suspected",
        "place": "in_area",
        "care_leaver": True,
        "under_18": True,
        "under_25": True,
        "aware_on": day("2028-12-26"),
        "suspected_on": day("2028-12-27"),
    }
    now = moment("2028-12-28", "10:00")
    with pytest.raises(services.NoDate) as refusal:
        services.record_facts(draft_of_2028, facts, by=everyone.ada, on=day("2028-12-28"), at=now)
    by_suspicion, by_awareness = refusal.value.reasons
    assert "abuse or neglect was first suspected: from 27 December 2028 no due" in by_suspicion
    assert "the authority became aware" in by_awareness
    assert "from 26 December 2028 no due date" in by_awareness
    assert not Deadline.objects.exists()


def test_a_limit_that_did_not_apply_yet_is_told(draft: Case) -> None:
    clocks = Clocks(draft, calendar=COMMITTED)
    owed: Any = {"owed_by_id": draft.authority_id, "at": moment("2026-11-20", "10:00")}
    with pytest.raises(services.NoDate) as refusal:
        clocks.start_next(duties.LOCAL_REVIEW.slug, start_on=day("2018-06-28"), **owed)
    (said,) = refusal.value.reasons
    assert "the partners decided to have a local review: from 28 June 2018 no due date" in said
    assert "no time limit applied before 29 June 2018" in said
    assert ASK not in said, "more bank holidays would not help"


def test_what_opens_a_case_past_the_horizon_says_so_and_keeps_the_answers(
    everyone: Cast, today: time_machine.Traveller
) -> None:
    today.move_to("2028-12-29T10:00:00+00:00")
    refused = sign_in(everyone.ada).post("/notifications/new/start/", PAGES["basis"])
    assert refused.status_code == 200
    assert [ASK in said for said in errors(refused)] == [True]
    assert "Start the notification" in refused.content.decode()

    sender = "Ada, head of safeguarding"
    typed = {
        "authority": "9901",
        "way": "telephone",
        **when("received_on", "2028-12-28"),
        "received_time": "9:15am",
        "sender": sender,
        "partners": "no",
    }
    refused = sign_in(everyone.sol).post("/notifications/enter/", typed)
    assert [ASK in said for said in errors(refused)] == [True]
    assert sender in refused.content.decode()
    assert not Case.objects.exists()


def test_sending_past_the_horizon_says_so_and_sends_nothing(
    everyone: Cast, draft: Case, ada: Client, today: time_machine.Traveller
) -> None:

    written(draft, everyone.ada)
    today.move_to("2028-12-28T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    fill(ada, at("page", draft, page="late"), {"code": "other", "words": "Nobody was there."})
    refused = ada.post(at("send", draft), {})
    assert refused.status_code == 200
    assert any(ASK in said for said in errors(refused)), errors(refused)
    draft.refresh_from_db()
    assert draft.notified_on is None
