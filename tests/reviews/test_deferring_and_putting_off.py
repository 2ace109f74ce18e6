"""The Panel's page that defers, and the partners' page that says anew by when they decide."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from reviews.models import PartnersDecision, SentReview
from tests.reviews.telling import Told, a_rapid_review
from tests.story import Cast, moment

WHY = "The post-mortem is awaited, zebra-beryl."
MEETING = {"meet_on-day": "14", "meet_on-month": "1", "meet_on-year": "2027"}
LATER = {"decide_by-day": "29", "decide_by-month": "1", "decide_by-year": "2027"}
SignIn = Callable[[Cast, str], Client]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-12-14"), tick=False):
        yield


@pytest.fixture
def story(db: None) -> Told:
    """Sent undecided on 10 December, and taken in by the secretariat."""
    told = a_rapid_review().filled("2026-12-10", "undecided", decide_by="2026-12-18")
    told.sent("2026-12-10")
    told.act(told.rapid_review, "triage", "sol", "2026-12-11")
    return told


def at(story: Told, name: str, **more: str) -> str:
    return reverse(f"reviews:{name}", kwargs={"token": story.case.token, **more})


@pytest.mark.parametrize("who", ["priya", "sol", "petra"])
def test_the_panel_defers_with_a_day_and_a_reason(story: Told, as_: SignIn, who: str) -> None:
    page, client = at(story, "triage-act", act="defer"), as_(story.cast, who)
    assert "Defer it to a later meeting" in client.get(at(story, "triage")).content.decode()
    html = client.post(page, {"reason": WHY}).content.decode()
    assert "Enter the day of the meeting" in html
    assert WHY in html
    assert client.post(page, {**MEETING, "reason": WHY}).status_code == 302
    for name in ("triage", "consider"):
        html = as_(story.cast, "priya").get(at(story, name)).content.decode()
        assert "Deferred to the Panel’s meeting on Thursday 14 January 2027." in html
        assert WHY in html
    case = as_(story.cast, "ada").get(reverse("case", args=[story.case.token])).content.decode()
    assert "Rapid review: deferred to a meeting" in case
    assert "Thursday 14 January 2027" in case


def test_once_considered_it_is_deferred_no_more(story: Told, as_: SignIn) -> None:
    client = as_(story.cast, "priya")
    client.post(at(story, "triage-act", act="defer"), {**MEETING, "reason": WHY})
    story.again()
    story.considered("2026-12-14")
    assert "Deferred to" not in client.get(at(story, "triage")).content.decode()


@pytest.mark.parametrize("who", ["ada", "bea", "cara", "ira", "sam"])
def test_nobody_else_defers(story: Told, as_: SignIn, who: str) -> None:
    page = at(story, "triage-act", act="defer")
    assert as_(story.cast, who).get(page).status_code == 404


def test_the_partners_say_anew_by_when_they_decide(story: Told, as_: SignIn) -> None:
    client = as_(story.cast, "bea")
    typed = {"decision": "undecided", "reason": WHY}
    html = client.post(at(story, "confirm"), typed).content.decode()
    assert "Enter the day by which the partners will decide" in html
    assert WHY in html
    assert client.post(at(story, "confirm"), {**typed, **LATER}).status_code == 302
    last = PartnersDecision.objects.latest("number")
    assert (last.number, str(last.decision), str(last.decide_by)) == (2, "undecided", "2027-01-29")
    assert SentReview.objects.count() == 1, "the rapid review is not sent again"
    assert str(story.practice_review.expected_on) == "2027-01-29"
    html = client.get(at(story, "decision")).content.decode()
    assert "29 January 2027" in html
    story.decided("2026-12-14", "yes")
    assert story.practice_review.state == "decision_yes"


def test_a_decision_asks_for_its_own_day(story: Told, as_: SignIn) -> None:
    client = as_(story.cast, "bea")
    html = client.post(at(story, "confirm"), {"decision": "yes", "reason": WHY}).content.decode()
    assert "Enter the day the partners decided" in html


def test_what_was_decided_is_not_opened_again(story: Told, as_: SignIn) -> None:
    story.decided("2026-12-14", "yes")
    client = as_(story.cast, "bea")
    html = client.get(at(story, "confirm")).content.decode()
    assert "decide_by" not in html
    answer = client.post(at(story, "confirm"), {"decision": "undecided", "reason": WHY, **LATER})
    assert answer.status_code == 200
    assert PartnersDecision.objects.count() == 2
