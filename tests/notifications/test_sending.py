"""Sending a notification."""

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import IncidentChild, Notification
from tests.notifications.answers import at, errors, fill, fill_all, sent, sign_in, when, written
from tests.story import Cast
from workflow.models import Case, Deadline, Event, RapidReview

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
ABOUT_THE_READER = ('"django_session"', 'FROM "workflow_person"', 'FROM "workflow_membership"')


def counted(queries: list[dict[str, Any]]) -> list[str]:
    """The statements that count: not transactions, session, user, membership and context."""
    # The context of a change travels in front of the statement that makes it.
    asked = [re.sub(r"^SELECT set_config\(.*?\); ", "", q["sql"].strip()) for q in queries]
    asked = [sql for sql in asked if not sql.startswith("SELECT set_config(")]
    return [
        sql
        for sql in asked
        if not sql.startswith(TRANSACTION) and not any(word in sql for word in ABOUT_THE_READER)
    ]


def test_a_whole_notification_is_sent_through_its_pages(draft: Case, ada: Client) -> None:
    fill_all(ada, draft)
    checked = ada.post(at("check", draft))
    assert checked["Location"] == at("send", draft), errors(checked)
    page = ada.get(at("send", draft)).content.decode()
    names = "the Panel, the Department for Education, Ofsted and the safeguarding partners"
    assert f"Send to {names}" in page
    answer = ada.post(at("send", draft), {"then": "send"})
    assert answer["Location"] == at("sent", draft), errors(answer)
    draft.refresh_from_db()
    html = ada.get(at("sent", draft)).content.decode()
    assert str(draft.reference) in html
    assert "Met, day 1 of 5" in html
    assert "Friday 11 December 2026" in html, "the rapid review's due date"


def test_what_is_counted_stands_in_codes(draft: Case, everyone: Cast) -> None:
    sent(draft, everyone.ada)
    row = Notification.objects.get(case=draft)
    assert (row.nature, row.children, row.basis) == ("serious_harm", 1, ["s16c_serious_harm"])
    assert (row.harm_setting, row.neglect_before) == ("inside_home", "not-known")
    assert row.gaps == 3
    child = IncidentChild.objects.get(notification=row)
    assert (child.age, child.age_band, child.sex, child.harmed) == (5, "1_to_5", "F", True)
    assert (child.protection_plan, child.looked_after) == ("before", "never")


def test_sending_takes_at_most_twelve_statements_however_many_children(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    written(draft, everyone.ada, children=5)
    with CaptureQueriesContext(connection) as asked:
        answer = ada.post(at("send", draft), {"then": "send"})
    assert answer["Location"] == at("sent", draft), errors(answer)
    statements = counted(list(asked.captured_queries))
    told = "\n".join(sql[:120] for sql in statements)
    assert len(statements) <= 12, told
    assert told.count("INSERT INTO") >= 6, "the writes are among those counted"


def test_an_incomplete_notification_says_everything_that_is_missing_at_once(
    aware: Case, ada: Client
) -> None:
    answer = ada.post(at("check", aware))
    found = errors(answer)
    assert answer.status_code == 200
    assert "Add at least 1 child" in found
    assert "Enter what happened" in found
    assert "Enter your job title" in found
    assert len(found) > 15
    assert ada.post(at("send", aware), {"then": "send"})["Location"] == at("check", aware)
    assert not Notification.objects.exists()


def test_sent_after_the_date_due_it_asks_for_the_reason_and_is_late(
    draft: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    written(draft, everyone.ada)
    today.move_to("2026-11-27T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    assert ada.post(at("check", draft))["Location"] == at("pause", draft)
    pause = ada.get(at("pause", draft)).content.decode()
    assert "You are about to send this after its date due" in pause
    assert at("page", draft, page="late") in pause
    blocked = ada.post(at("send", draft), {"then": "send"})
    assert blocked["Location"] == at("page", draft, page="late")
    why = {"code": "administrative", "words": "Lost."}
    late = fill(ada, at("page", draft, page="late"), why)
    assert late["Location"] == at("send", draft)
    answer = ada.post(at("send", draft), {"then": "send"})
    assert answer["Location"] == at("sent", draft), errors(answer)
    deadline = Deadline.objects.get(case=draft, duty="notify-the-panel")
    assert deadline.late_reason == "administrative"
    assert Notification.objects.get(case=draft).late_reason == "administrative"
    assert "Met late by 1 working day" in ada.get(at("sent", draft)).content.decode()


def test_the_reason_is_asked_only_when_it_is_late(aware: Case, ada: Client) -> None:
    assert "Give the reason it is late" not in ada.get(at("tasks", aware)).content.decode()


LOOKED_AFTER_DEATH = {
    "basis": {"happened": "died", "abuse": "neither"},
    "status": {"status": "here"},
    "cause": {"cause": "medical"},
    "part": {"fate": "died", **when("died_on", "2026-11-18")},
    "social-care": {"looked_after": "now"},
    "care": {"legal": "C2", "placement": "U4", "responsible": "Northmoor", "out_of_area": "no"},
}


def test_nothing_suspected_interrupts_and_goes_past_the_panel(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    written(draft, everyone.ada, LOOKED_AFTER_DEATH)
    checked = ada.post(at("check", draft))
    assert checked["Location"] == at("pause", draft), errors(checked)
    assert "The Panel does not receive this" in ada.get(at("pause", draft)).content.decode()
    answer = ada.post(at("send", draft), {"then": "send"})
    assert answer["Location"] == at("sent", draft), errors(answer)
    assert not RapidReview.objects.filter(case=draft).exists()
    html = ada.get(at("sent", draft)).content.decode()
    assert "No rapid review follows" in html
    assert "Child Safeguarding Practice Review Panel" not in html.split("Who was told")[1]


def test_sending_twice_says_who_was_first(draft: Case, everyone: Cast) -> None:
    sent(draft, everyone.ada)
    again = sign_in(everyone.ben).post(at("send", draft), {"then": "send"})
    assert again.status_code == 409
    assert errors(again) == [
        "Notification sent, by Ada on 20 November 2026 at 10:00am. It now stands at: Sent."
    ]
    assert Event.objects.filter(case=draft, act="submit").count() == 1


def test_another_authority_cannot_send_it(draft: Case, everyone: Cast) -> None:
    written(draft, everyone.ada)
    assert sign_in(everyone.cara).post(at("send", draft), {"then": "send"}).status_code == 404


@pytest.mark.parametrize("page", ["check", "send", "pause", "duplicate", "sent", "print", "read"])
def test_every_step_of_sending_is_a_404_for_another_authority(
    page: str, aware: Case, everyone: Cast
) -> None:
    assert sign_in(everyone.cara).get(at(page, aware)).status_code == 404


def test_the_partners_are_named_and_unknown_ones_are_never_said_to_be_told(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    fill_all(ada, draft)
    assert "Northmoor Police, safeguarding partner" in ada.get(at("send", draft)).content.decode()
    everyone.partnership.members.update(until="2020-01-01")
    assert "Tell them yourself" in ada.get(at("send", draft)).content.decode()
    ada.post(at("send", draft), {"then": "send"})
    assert at("partners-told", draft) in ada.get(at("sent", draft)).content.decode()
    told = Deadline.objects.get(case=draft, duty="tell-the-partners")
    assert told.is_open
    page = ada.post(at("partners-told", draft), {})
    assert "Enter the date the partners were told" in page.content.decode()
    day = told.start_on
    typed = {"told_on-day": day.day, "told_on-month": day.month, "told_on-year": day.year}
    assert ada.post(at("partners-told", draft), typed).status_code == 302
    told.refresh_from_db()
    assert told.met_on == day
