"""A duty that the facts no longer gave rise to is owed again as soon as they do."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.notifications.answers import sign_in
from tests.story import Cast, a_case, day, moment
from tests.workflow.machine.reading import deadlines, running_in_vain, without_a_clock
from workflow import services
from workflow.feeds.entries import entry
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db

TO_NOTIFY = ["notify-the-panel", "tell-the-partners"]
LOOKED_AFTER = {"outcome": "died", "abuse": "neither", "looked_after": True}
CARE_LEAVER = {
    "outcome": "died",
    "abuse": "neither",
    "care_leaver": True,
    "under_18": False,
    "under_25": True,
}
NEW = "2027-01-11"
THERE_AND_BACK: list[tuple[dict[str, Any], list[str], dict[str, Any]]] = [
    ({}, TO_NOTIFY, {"abuse": "neither"}),
    ({}, TO_NOTIFY, {"abuse": ""}),
    ({}, TO_NOTIFY, {"outcome": "other"}),
    ({}, TO_NOTIFY, {"outcome": ""}),
    ({}, TO_NOTIFY, {"place": "elsewhere_in_england"}),
    ({}, TO_NOTIFY, {"place": ""}),
    ({}, TO_NOTIFY, {"under_18": False}),
    # Before the Act's duty was in force.
    ({}, TO_NOTIFY, {"aware_on": day("2018-06-01")}),
    (LOOKED_AFTER, ["looked-after-child-death"], {"looked_after": False}),
    (LOOKED_AFTER, ["looked-after-child-death"], {"looked_after": None}),
    (LOOKED_AFTER, ["looked-after-child-death"], {"looked_after_by_another": True}),
    (LOOKED_AFTER, ["looked-after-child-death"], {"outcome": "seriously_harmed"}),
    (LOOKED_AFTER, ["looked-after-child-death"], {"under_18": False}),
    (CARE_LEAVER, ["care-leaver-death"], {"care_leaver": False}),
    (CARE_LEAVER, ["care-leaver-death"], {"care_leaver": None}),
    (CARE_LEAVER, ["care-leaver-death"], {"under_25": False}),
    (CARE_LEAVER, ["care-leaver-death"], {"outcome": "other"}),
    (CARE_LEAVER, ["care-leaver-death"], {"looked_after": True}),
]


@pytest.mark.parametrize(("facts", "duties", "away"), THERE_AND_BACK)
def test_there_and_back_the_clock_runs_from_the_day_it_always_ran_from(
    everyone: Cast, facts: dict[str, Any], duties: list[str], away: dict[str, Any]
) -> None:
    story = a_case(everyone, aware="2026-11-19", **facts)
    before = {slug: deadlines(story, slug)[0].due_on for slug in duties}
    back = {name: getattr(story.again(), name) for name in away}
    story.facts("2026-11-20", **away)
    for slug in duties:
        assert [row.cancelled_why for row in deadlines(story, slug)] == ["facts_changed"]
    story.facts("2026-12-07", **back)
    for slug in duties:
        (row,) = deadlines(story, slug)
        assert (row.is_open, row.cancelled_why, row.due_on) == (True, "", before[slug])
        assert (row.revision, row.revised_at) == (2, moment("2026-12-07"))
    assert without_a_clock(story) == running_in_vain(story) == []
    assert story.case.next_due_on == before[duties[0]]


def test_it_is_then_late_as_if_nothing_had_changed_and_asks_for_a_reason(everyone: Cast) -> None:
    story = a_case(everyone, aware="2026-06-22")
    story.facts("2026-06-23", abuse="neither").facts("2026-12-01", abuse="suspected")
    (row,) = deadlines(story, "notify-the-panel")
    assert row in Deadline.objects.late(on=day("2026-12-01"))
    story.notified("2026-12-01", late_reason="other")
    (met,) = deadlines(story, "notify-the-panel")
    assert (met.met_on, met.late_reason) == (day("2026-12-01"), "other")
    assert met in Deadline.objects.late(on=day("2026-12-01"))


def test_where_suspicion_came_later_it_runs_from_that_day_with_a_receipt_of_its_own(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19").facts("2026-11-20", abuse="neither")
    story.facts("2026-12-07", abuse="suspected", suspected_on=day("2026-12-07"))
    (row,) = deadlines(story, "notify-the-panel")
    assert (row.is_open, row.start_on, row.due_on) == (True, day("2026-12-07"), day("2026-12-14"))
    assert (row.worked_out.start, row.worked_out.due) == (row.start_on, row.due_on)


def test_the_trail_and_the_page_of_the_date_tell_that_it_ended_and_runs_again(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19").facts("2026-11-20", abuse="neither")
    story.facts("2026-12-07", abuse="suspected", suspected_on=day("2026-12-07"))
    acts = Event.objects.filter(case=story.case, act="record_facts").order_by("sequence")
    told_of = [
        (one["due"], one["cancelled"])
        for act in acts
        for one in act.payload["clocks"]
        if one["duty"] == "notify-the-panel"
    ]
    assert told_of == [
        ("2026-11-26", None),
        ("2026-11-26", "facts_changed"),
        ("2026-12-14", None),
    ]
    address = reverse("date-explained", args=[story.case.token, "notify-the-panel", 1])
    page = sign_in(everyone.ada).get(address).content.decode()
    assert "What this date was before" in page
    assert "Cancelled" not in page
    (row,) = deadlines(story, "notify-the-panel")
    assert entry(row)["status"] == "CONFIRMED"
    # Later than the entry that was cancelled, and so a calendar takes it.
    assert entry(row)["sequence"] == 2


def test_what_runs_again_after_a_transfer_is_owed_by_the_authority_that_has_the_case(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19")
    story.case.partnership = None
    story.case.save()
    story.notified("2026-11-20").facts("2026-11-23", abuse="neither")
    when: dict[str, Any] = {"on": day("2026-11-24"), "at": moment("2026-11-24")}
    services.propose_transfer(
        story.again(), everyone.southfen, by=everyone.ada, reason="Another area.", **when
    )
    services.answer_for_the_secretariat(story.again(), agrees=True, by=everyone.dele, **when)
    services.accept_transfer(
        story.again(), aware_on=None, giver_reads_until=None, by=everyone.cara, **when
    )
    story.facts("2026-11-25", by="cara", abuse="suspected")
    (row,) = deadlines(story, "tell-the-partners")
    assert (row.is_open, row.owed_by, row.authority) == (
        True,
        everyone.southfen,
        everyone.southfen,
    )


@pytest.mark.parametrize("end", ["not_notified", "met"])
def test_what_was_met_or_ended_by_a_decision_is_kept_as_it_was(everyone: Cast, end: str) -> None:
    story = a_case(everyone, aware="2026-11-19")
    if end == "met":
        story.notified("2026-11-20")
    else:
        how = {"reason": "No harm."}
        story.act(story.case.notification, "decide_not_to_notify", "ben", "2026-11-20", **how)
    kept = deadlines(story, "notify-the-panel")
    story.facts("2026-11-23", abuse="neither").facts("2026-11-24", abuse="suspected")
    (row,) = deadlines(story, "notify-the-panel")
    assert [(row.met_on, row.cancelled_why, row.revision)] == [
        (one.met_on, one.cancelled_why, one.revision) for one in kept
    ]


def test_a_notification_decided_against_meanwhile_has_clocks_of_its_next_cycle_alone(
    everyone: Cast,
) -> None:
    story = a_case(everyone, aware="2026-11-19").facts("2026-11-20", abuse="neither")
    why = {"reason": "No abuse."}
    story.act(story.case.notification, "decide_not_to_notify", "ben", "2026-11-23", **why)
    again: dict[str, Any] = {
        "reason": "New evidence.",
        "facts": {"abuse": "suspected", "aware_on": day(NEW)},
    }
    story.act(story.case.notification, "abuse_now_suspected", "ada", NEW, **again)
    rows = deadlines(story, "notify-the-panel")
    assert [(row.cycle, row.is_open, row.cancelled_why) for row in rows] == [
        (1, False, "facts_changed"),
        (2, True, ""),
    ]
    assert rows[1].due_on > rows[0].due_on + timedelta(days=30)
