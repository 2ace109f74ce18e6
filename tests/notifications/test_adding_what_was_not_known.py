"""What decides the duties, and was not known at sending, is added later: its clocks and readers."""

import time_machine

from notifications.models import Amendment, Notification
from tests.notifications.answers import BASIS, PAGES, at, errors, fill, sent, sign_in, when
from tests.story import Cast, day
from workflow import clock, services
from workflow.models import (
    Answers,
    Case,
    Deadline,
    Event,
    Grant,
    NotificationProcess,
    Outbox,
    RapidReview,
)

WHY = {"reason": "Children’s services found the file."}
DIED = {
    "basis": {"happened": "died"},
    "status": {"status": "not-known"},
    "cause": {"cause": "maltreatment"},
    "part": {"role": "subject", "fate": "died", **when("died_on", "2026-11-18")},
}
LOOKED_AFTER = {**DIED, "status": {"status": "here"}}
D1, D2, D3 = "notify-the-panel", "tell-the-partners", "looked-after-child-death"


def clocks(case: Case) -> dict[str, Deadline]:
    """The clocks of a case, by duty."""
    return {row.duty: row for row in Deadline.objects.filter(case=case)}


def told(case: Case, kind: str) -> set[str]:
    """The kinds of bodies that have a message of a kind."""
    rows = Outbox.objects.filter(case=case, kind=kind, organisation__isnull=False)
    return set(rows.values_list("organisation__kind", flat=True))


def seen_as(case: Case) -> set[str]:
    """As what the case is seen."""
    return set(Grant.objects.filter(case=case).values_list("capacity", flat=True))


def test_a_child_found_to_have_been_looked_after_is_notified_as_one(
    draft: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    case = sent(draft, everyone.ada, DIED)
    assert D3 not in clocks(case)
    today.move_to("2026-12-01T10:00:00+00:00")
    ada = sign_in(everyone.ada)
    assert at("amend-page", case, page="status") in ada.get(at("amend", case)).content.decode()
    done = fill(ada, at("amend-page", case, page="status"), {"status": "here", **WHY})
    assert done.status_code == 302, errors(done)
    case.refresh_from_db()
    assert case.looked_after is True
    row = clocks(case)[D3]
    assert (row.start_on, row.due_on, row.met_on) == (
        day("2026-11-19"),
        day("2026-11-26"),
        day("2026-12-01"),
    )
    assert clocks(case)[D1].met_on == day("2026-11-20"), "what was met stays"
    assert told(case, "sent_on") == {"dfe", "ofsted"}
    assert Event.objects.get(case=case, act="sent_on").actor is None
    basis = Notification.objects.get(case=case).basis
    assert basis == ["s16c_death", "looked_after_death"]
    html = ada.get(at("sent", case)).content.decode()
    assert "Notify a looked-after child’s death" in html
    assert "Met late by 3 working days" in html
    # It is known now, and known answers change by an act of their own.
    assert ada.get(at("amend-page", case, page="status")).status_code == 404


def test_a_place_that_makes_it_one_for_the_panel_sends_it_there(
    draft: Case, everyone: Cast
) -> None:
    changes = {**LOOKED_AFTER, "basis": {"happened": "died", "place": "not-known"}}
    case = sent(draft, everyone.ada, changes)
    assert set(clocks(case)) == {D3}
    assert "panel" not in seen_as(case)
    client = sign_in(everyone.ada)
    typed = {**BASIS, "happened": "died", "place": "in_area", **WHY}
    done = fill(client, at("amend-page", case, page="basis"), typed)
    assert done.status_code == 302, errors(done)
    found = clocks(case)
    assert found[D1].start_on == day("2026-11-19")
    assert found[D1].met_on == found[D2].met_on == day("2026-11-20")
    assert found["rapid-review"].start_on == day("2026-11-20")
    assert RapidReview.objects.filter(case=case).count() == 1
    assert seen_as(case) >= {"panel", "dfe", "ofsted", "partner"}
    assert "panel" in told(case, "sent_on")
    assert "dfe" not in told(case, "sent_on"), "it had this already"
    assert sign_in(everyone.sol).get(at("read", case)).status_code == 200
    assert "panel" in Notification.objects.get(case=case).recipients


def test_an_answer_that_changes_nobodys_duty_sends_it_to_nobody_else(
    draft: Case, everyone: Cast
) -> None:
    case = sent(draft, everyone.ada, DIED)
    ada = sign_in(everyone.ada)
    done = fill(ada, at("amend-page", case, page="status"), {"status": "neither", **WHY})
    assert done.status_code == 302, errors(done)
    assert D3 not in clocks(case)
    assert not Event.objects.filter(case=case, act="sent_on").exists()
    case.refresh_from_db()
    assert case.looked_after is False


def test_what_was_known_is_not_changed_beside_what_was_not(draft: Case, everyone: Cast) -> None:
    changes = {**LOOKED_AFTER, "basis": {"happened": "died", "place": "not-known"}}
    case = sent(draft, everyone.ada, changes)
    ada = sign_in(everyone.ada)
    typed = {**BASIS, "happened": "died", "age": "18_to_24", "place": "in_area", **WHY}
    refused = fill(ada, at("amend-page", case, page="basis"), typed)
    assert errors(refused) == [
        "“Age” was answered when this was sent. To change it, use “Say that something has changed”."
    ]
    assert WHY["reason"] in refused.content.decode()
    assert not Amendment.objects.exists()


def test_abuse_suspected_now_is_said_with_the_day_from_which(draft: Case, everyone: Cast) -> None:
    changes = {**LOOKED_AFTER, "basis": {"happened": "died", "abuse": "not-known"}}
    case = sent(draft, everyone.ada, changes)
    ada = sign_in(everyone.ada)
    typed = {**BASIS, "happened": "died", **WHY}
    (said,) = errors(fill(ada, at("amend-page", case, page="basis"), typed))
    assert "Use “Say that something has changed”: it asks from which day" in said
    assert ada.get(at("continue", case)).status_code == 200
    typed["abuse"] = "neither"
    assert fill(ada, at("amend-page", case, page="basis"), typed).status_code == 302
    assert set(clocks(case)) == {D3}


def test_where_all_was_known_there_is_nothing_to_add(draft: Case, everyone: Cast) -> None:
    case = sent(draft, everyone.ada, LOOKED_AFTER)
    ada = sign_in(everyone.ada)
    for page in ("basis", "status"):
        assert ada.get(at("amend-page", case, page=page)).status_code == 404
        assert at("amend-page", case, page=page) not in ada.get(at("amend", case)).content.decode()


def test_the_page_on_care_is_asked_once_the_child_is_known_to_have_died(
    draft: Case, everyone: Cast
) -> None:
    changes = {
        "basis": {"happened": "not-known"},
        "part": DIED["part"],
    }
    case = sent(draft, everyone.ada, changes)
    ada = sign_in(everyone.ada)
    assert ada.get(at("amend-page", case, page="status")).status_code == 404
    done = fill(ada, at("amend-page", case, page="basis"), {**BASIS, "happened": "died", **WHY})
    assert done.status_code == 302, errors(done)
    assert clocks(case)[D1].met_on == day("2026-11-20")
    done = fill(ada, at("amend-page", case, page="status"), {"status": "here", **WHY})
    assert done.status_code == 302, errors(done)
    assert clocks(case)[D3].met_on == day("2026-11-20")
    assert Answers.objects.filter(case=case, section="status").exists()


def test_of_a_case_that_was_closed_it_is_added_once_it_goes_on(draft: Case, everyone: Cast) -> None:
    changes = {
        **LOOKED_AFTER,
        "basis": {"happened": "died", "abuse": "neither", "age": "not-known"},
    }
    case = sent(draft, everyone.ada, changes)
    process = NotificationProcess.objects.select_related("case").get(case=case)
    now = clock.now()
    on = clock.london_date(now)
    services.advance(process, "close_without_review", by=everyone.dele, on=on, at=now)
    ada = sign_in(everyone.ada)
    assert ada.get(at("amend-page", case, page="basis")).status_code == 404
    assert ada.get(at("amend-page", case, page="harm")).status_code == 200
    assert PAGES["basis"]["age"] == "under_18"


def test_what_would_end_the_panels_matter_is_proposed_and_not_added(
    draft: Case, everyone: Cast, today: time_machine.Traveller
) -> None:
    unknown = {"basis": {"age": "not-known"}, "birth": {"basis": "not-known", "born_on": ""}}
    case = sent(draft, everyone.ada, unknown)
    today.move_to("2026-12-01T10:00:00+00:00")
    href = at("amend-page", case, page="basis")
    (said,) = errors(fill(sign_in(everyone.ada), href, {**BASIS, "age": "18_to_24", **WHY}))
    assert "Propose that the criteria are not met" in said
    assert not Amendment.objects.exists()
    case.refresh_from_db()
    assert case.route.rapid_review
    assert clocks(case)["rapid-review"].is_open
