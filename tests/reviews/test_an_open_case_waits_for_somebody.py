"""While anything is asked of anybody, header, case page and work lists name who, and by when."""

from collections.abc import Callable

import pytest

from tests.reviews.telling import Told, a_rapid_review
from tests.story import day
from tests.watch import NOBODY, asked_of_somebody, holes_in
from workflow import services
from workflow.machine.notification_states import Proposal
from workflow.models import Event, Outbox
from workflow.views.frame import OVERVIEW, case_frame

pytestmark = pytest.mark.django_db

ASKS = ("reconsider", "advise_lcspr", "more_information")
TELLS = ("agree_no_lcspr", "criteria_not_met_agreed")


def answered(outcome: str, lcspr: str = "no_sufficient_learning") -> Told:
    told = a_rapid_review()
    told.filled("2026-12-01", lcspr).sent("2026-12-01")
    told.considered("2026-12-10")
    told.responded("2026-12-14", outcome, reply_by="2027-01-15")
    return told


def header(told: Told, on: str) -> dict[str, object]:
    return case_frame(told.again(), told.cast.ada, on=day(on), active=OVERVIEW).header


@pytest.mark.parametrize("lcspr", ["no_sufficient_learning", "yes", "undecided"])
@pytest.mark.parametrize("outcome", ASKS)
def test_a_response_that_asks_for_a_reply_waits_for_the_partners_by_the_date_it_names(
    outcome: str, lcspr: str
) -> None:
    told = answered(outcome, lcspr)
    assert told.rapid_review.state == "reply_awaited"
    assert "Approver" in str(header(told, "2026-12-15")["waiting_for"])
    assert told.rapid_review.expected_on == day("2027-01-15")
    assert asked_of_somebody(told.case)
    assert holes_in(told.case, on=day("2026-12-15")) == []


@pytest.mark.parametrize("outcome", ASKS)
def test_without_a_legal_clock_the_case_is_due_on_the_day_the_panel_named(outcome: str) -> None:
    told = answered(outcome)
    case = told.again()
    assert (case.next_due_on, case.next_due) == (day("2027-01-15"), "")
    assert header(told, "2026-12-15")["next_due"]


@pytest.mark.parametrize("outcome", TELLS)
def test_a_response_that_asks_nothing_leaves_the_case_ended(outcome: str) -> None:
    told = answered(outcome)
    assert told.rapid_review.state == "response_issued"
    assert header(told, "2026-12-15")["waiting_for"] == NOBODY
    assert holes_in(told.case, on=day("2026-12-15")) == []


@pytest.mark.parametrize("code", ["no_sufficient_learning", "yes"])
def test_confirming_and_changing_are_both_the_reply(code: str) -> None:
    told = answered("reconsider")
    told.decided("2027-01-11", code, by="ben")
    assert told.rapid_review.state == "replied"
    assert holes_in(told.again(), on=day("2027-01-12")) == []


def test_the_panel_is_told_of_a_reply_that_only_confirms() -> None:
    told = answered("reconsider")
    told.decided("2027-01-11", "no_sufficient_learning", by="ben")
    messages = Outbox.objects.filter(kind="take_reply")
    told_to = set(messages.values_list("organisation__kind", flat=True))
    assert "panel" in told_to
    acts = Event.objects.filter(case=told.case).order_by("-sequence").values_list("act", flat=True)
    assert list(acts[:2]) == ["take_reply", "confirm_decision"]


def test_a_decision_taken_without_being_asked_replies_to_nothing() -> None:
    told = answered("agree_no_lcspr")
    told.decided("2027-01-11", "no_sufficient_learning", by="ben")
    assert told.rapid_review.state == "response_issued"


def test_a_proposal_waits_for_the_secretariat_also_when_nothing_else_does() -> None:
    told = answered("agree_no_lcspr")
    services.propose(
        told.again(),
        Proposal.CRITERIA_NOT_MET,
        by=told.cast.ada,
        on=day("2026-12-15"),
        at=told.case.opened_at,
        reason="Invented",
    )
    case = told.again()
    assert header(told, "2026-12-15")["waiting_for"] == "Secretariat"
    assert case.next_due_on == day("2026-12-22")
    assert holes_in(case, on=day("2026-12-15")) == []
    at = told.case.opened_at
    services.decline_proposal(
        case, by=told.cast.sol, on=day("2026-12-16"), at=at, reason="Invented"
    )
    assert header(told, "2026-12-16")["waiting_for"] == NOBODY
    assert holes_in(told.again(), on=day("2026-12-16")) == []


def opened() -> Told:
    return a_rapid_review()


def signing() -> Told:
    told = a_rapid_review()
    told.act(told.rapid_review, "seek_signatures", "bea", "2026-12-01")
    return told


def returned() -> Told:
    told = a_rapid_review()
    told.filled("2026-12-01").sent("2026-12-01")
    facts = {"reply_on": day("2027-01-15")}
    told.act(
        told.rapid_review, "return_for_information", "sol", "2026-12-15", reason="x", facts=facts
    )
    return told


def in_a_national_review() -> Told:
    told = a_rapid_review()
    told.filled("2026-12-01").sent("2026-12-01")
    told.act(told.rapid_review, "supersede", "petra", "2026-12-15", reason="Invented")
    return told


@pytest.mark.parametrize("tell", [opened, signing, returned, in_a_national_review])
def test_the_stages_of_a_rapid_review_each_wait_for_somebody(tell: Callable[[], Told]) -> None:
    told = tell()
    assert holes_in(told.again(), on=day("2026-12-16")) == []
    assert header(told, "2026-12-16")["waiting_for"] != NOBODY
