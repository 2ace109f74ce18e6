"""Where the reason of an act stands once more, words that are taken out of it go as well."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from reviews.services import considering
from tests import sight
from tests.notifications.answers import at, fill, sent
from tests.notifications.redacted import MARK, NAME, again, answered, proposed, run
from tests.notifications.searching import places_with
from tests.notifications.test_taking_words_out_of_reasons import gone, text, texts
from tests.reviews.telling import Told
from tests.story import Cast, a_case, day, moment
from workflow import clock, services
from workflow.board.acknowledging import acknowledge
from workflow.deadlines.models import Deadline
from workflow.machine.refusals import CannotAdvance
from workflow.models import Case, Event

BY_NAME = f"{NAME} works here."


def test_why_a_correction_was_made_goes_from_the_correction_too(
    everyone: Cast, draft: Case, ada: Any
) -> None:
    case = sent(draft, everyone.ada)
    words = {"description": "Something else.", "finished": "yes", "reason": BY_NAME}
    fill(ada, at("amend-page", case, page="description"), words)
    assert places_with(NAME) == {"workflow_event.reason", "notifications_amendment.reason"}
    (found,) = (one for one in texts(case, "act") if NAME in one.text)
    for table in ("workflow_event", "notifications_amendment"):
        with pytest.raises(DatabaseError, match="append-only"):
            run(everyone, "ben", f"UPDATE {table} SET reason = reason")
    gone(case, everyone, "ada", found)
    assert places_with(NAME) == set()
    with pytest.raises(DatabaseError, match="append-only"):
        run(everyone, "ben", "UPDATE notifications_amendment SET before = after")


def test_entries_of_one_act_that_say_the_same_are_one_text_and_each_says_what_is_left(
    everyone: Cast, draft: Case
) -> None:
    how: dict[str, Any] = {"by": everyone.ada, "on": clock.today(), "at": clock.now()}
    for act, reason in (("facts", BY_NAME), ("correction", BY_NAME), ("else", f"Not {NAME}.")):
        services.record_act(again(draft), act, allowed=("la_notifier",), reason=reason, **how)
    found = text(draft, "act", "facts")
    assert [one.row.act for one in texts(draft, "act") if NAME in one.text] == ["facts", "else"]
    gone(draft, everyone, "ada", found)
    rows = Event.objects.filter(act__in=["facts", "correction", "else"]).select_related("case")
    said = {row.act: row.reason for row in rows}
    assert said == {
        "facts": f"{MARK} works here.",
        "correction": f"{MARK} works here.",
        "else": f"Not {NAME}.",
    }
    left = Event.objects.get(act="take_words_out").payload["left"]
    assert left.keys() == {str(row.pk) for row in rows if row.act != "else"}


def test_why_a_case_was_restricted_goes_from_the_restriction_too(
    everyone: Cast, draft: Case
) -> None:
    people = [everyone.people[name].pk for name in ("ada", "ben")]
    how: dict[str, Any] = {"on": clock.today(), "at": clock.now(), "reason": BY_NAME}
    with sight.of(everyone.ben, on=clock.today()):
        services.restrict(again(draft), people, by=everyone.ben, **how)
    assert places_with(NAME) == {"workflow_event.reason", "workflow_caserestriction.reason"}
    gone(draft, everyone, "ada", text(draft, "act", "restrict"))
    assert places_with(NAME) == set()


def test_of_a_transfer_what_was_proposed_and_answered_goes_from_every_version(
    everyone: Cast, draft: Case
) -> None:
    how: dict[str, Any] = {"by": everyone.ada, "on": clock.today(), "at": clock.now()}
    services.propose_transfer(again(draft), everyone.southfen, reason=f"{NAME} moved.", **how)
    services.take_back_transfer(again(draft), reason=f"{NAME} is back.", **how)
    table = "workflow_casetransfer"
    columns = {f"{table}{kind}.{one}" for kind in ("", "event") for one in ("reason", "answer")}
    assert places_with(NAME) == columns | {"workflow_event.reason"}
    gone(draft, everyone, "ada", text(draft, "act", "propose_transfer"))
    assert places_with(f"{NAME} moved") == set()
    assert places_with(NAME) == {one for one in columns if "answer" in one} | {
        "workflow_event.reason"
    }
    gone(draft, everyone, "ada", text(draft, "act", "take_back_transfer"))
    assert places_with(NAME) == set()


def test_the_partners_reasons_for_a_later_decision_go_from_the_decision(
    everyone: Cast,
) -> None:
    told = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    told.notified("2026-11-03")
    told.filled("2026-11-10", "yes")
    told.sent("2026-11-11")
    told.decided("2026-11-12", "yes")
    both = {"workflow_event.reason", "reviews_partnersdecision.reason"}
    assert places_with("words about confirming") == both
    found = text(told.case, "act", "confirm_decision")
    how: Any = {"words": ["Invented words about confirming"]}
    done = proposed(told.case, everyone, "bea", found.place, **how)
    answered(told.case, done, everyone)
    assert places_with("words about confirming") == set()
    assert places_with("words about the decision") >= {"reviews_partnersdecision.reason"}


def test_what_a_partner_gave_as_a_reason_goes_by_that_partner_and_an_approver(
    everyone: Cast,
) -> None:
    case = a_case(everyone, aware="2026-11-02").notified("2026-11-03").case
    how: Any = {"by": everyone.ira, "on": clock.today(), "at": clock.now()}
    allowed = ("safeguarding_partner",)
    # No act of a partner's asks why yet: one that will is reached.
    with sight.of(everyone.ira, on=clock.today()):
        services.record_act(again(case), "said_why", allowed=allowed, reason=BY_NAME, **how)
    found = text(case, "partner-act", "said_why")
    for stranger in ("polly", "ada", "bea", "sol"):
        with pytest.raises(CannotAdvance), transaction.atomic():
            proposed(case, everyone, stranger, found.place)
    gone(case, everyone, "ira", found)
    assert places_with(NAME) == set()


def test_why_the_panel_took_a_case_over_goes_from_its_response(everyone: Cast) -> None:
    told = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    told.notified("2026-11-03")
    how: Any = {"by": everyone.petra, "on": day("2026-11-13"), "at": moment("2026-11-13")}
    considering.take_into_national_review(told.rapid_review, text=f"{NAME} is known.", **how)
    there = {"reviews_panelresponse.text", "workflow_event.reason"}
    assert places_with(f"{NAME} is known") == there
    gone(told.case, everyone, "sol", text(told.case, "panel-act", "supersede"), "petra")
    assert places_with(NAME) == set()


def test_what_was_said_of_a_missed_date_goes_by_two_people_of_whoever_said_it(
    everyone: Cast,
) -> None:
    case = a_case(everyone, aware="2026-11-02").case
    row = Deadline.objects.select_related("case").late(on=clock.today())[0]
    for name in ("ben", "bea"):
        who = everyone.people[name]
        how: Any = {"by": who, "on": clock.today(), "at": clock.now()}
        with sight.of(who, on=clock.today()):
            acknowledge(row, reason=f"{NAME} is away, says {name}.", **how)
    first, second = texts(case, "missed-date")
    gone(case, everyone, "ada", first)
    assert [MARK in one.text for one in texts(case, "missed-date")] == [True, False]
    own = "UPDATE workflow_breachacknowledgement SET reason = reason WHERE id = %s"
    with pytest.raises(DatabaseError, match="append-only"):
        run(everyone, "ben", own, second.row.pk)
