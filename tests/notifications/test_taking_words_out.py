"""Words are taken out of every version of an answer by two people, and the trail says so."""

from typing import Any

import pytest
from django.db import transaction

from notifications.models import Amendment
from tests.notifications.answers import sent
from tests.notifications.redacted import (
    COPIES_OF_A_NOTIFICATION,
    COPIES_OF_REASONS,
    MARK,
    NAME,
    REASONS,
    SAFETY,
    WHY,
    again,
    answered,
    free,
    held,
    named_in_error,
    names,
    proposed,
    reviewed,
    run,
)
from tests.notifications.searching import places_with
from tests.story import Cast
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import Answers, Case, Event, KeptPage, Redaction
from workflow.retention import redacting
from workflow.retention.copies import Place
from workflow.retention.passages import Passages
from workflow.sealed import keys


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return named_in_error(draft, everyone)


def refused(case: Case, everyone: Cast, by: str = "ada", **more: Any) -> list[str]:
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        proposed(case, everyone, by, **more)
    return refusal.value.reasons


def test_the_words_stand_nowhere_and_the_mark_stands_in_their_place(
    named: Case, everyone: Cast
) -> None:
    assert places_with(NAME) == COPIES_OF_A_NOTIFICATION
    versions = Answers.objects.get(case=named, document="notification", section="description")
    found = proposed(named, everyone)
    assert places_with(NAME) == COPIES_OF_A_NOTIFICATION | {"workflow_redaction.words"}
    answered(named, found, everyone)
    assert places_with(NAME) == set()
    # What is no part of the words is still there, and the version is a new one.
    assert "workflow_answers.answers" in places_with("of 4 Zqname Street called.")
    now = Answers.objects.select_related("case").get(pk=versions.pk)
    assert now.version == versions.version + 1
    assert now.edited_by == everyone.ben
    assert now.answers["description"] == [
        f"Child A was found with bruises.\r\n{MARK} of 4 Zqname Street called. {MARK}\r\nsaw it."
    ]
    assert now.answers["finished"] == ["yes"]
    later = Answers.objects.select_related("case").get(
        case=named, document="notification-2", section="description"
    )
    assert later.answers == now.answers
    corrected = Amendment.objects.select_related("case").get(case=named)
    assert MARK in corrected.before["description"][0]
    assert MARK in corrected.after["description"][0]
    # What two people typed and left is still theirs, but for the words.
    assert {row.person for row in KeptPage.objects.all()} == {everyone.ada, everyone.ben}
    for row in KeptPage.objects.select_related("case"):
        assert MARK in row.kept["typed"]["description"][0]
        assert row.kept["person"] == row.person_id


def test_of_a_rapid_review_they_go_from_what_was_sent_and_from_the_decision(
    everyone: Cast,
) -> None:
    told = reviewed(everyone)
    assert places_with(NAME) == COPIES_OF_REASONS
    found = proposed(told.case, everyone, "bea", REASONS)
    answered(told.case, found, everyone)
    assert places_with(NAME) == set()
    assert places_with(f"Seen by {MARK} at home.") == COPIES_OF_REASONS
    # A later version is sent without them, and what is written anew stands as written.
    names(told, "2026-11-12")
    assert places_with(NAME) == {"workflow_answers.answers", "workflow_answersevent.answers"}


def test_another_answer_keeps_what_stands_in_it(named: Case, everyone: Cast) -> None:
    safety = free(named, SAFETY)
    rows = Answers.objects.filter(section="safety").order_by("pk")
    before = [row.answers for row in rows.select_related("case")]
    found = proposed(named, everyone, words=["Child A", NAME])
    answered(named, found, everyone)
    assert [row.answers for row in rows.select_related("case")] == before
    assert free(again(named), SAFETY).text == safety.text


def test_another_question_of_the_same_page_keeps_what_stands_in_it(
    draft: Case, everyone: Cast
) -> None:
    said = {"contact": {"name": NAME, "job": f"Deputy of {NAME}"}}
    case = sent(draft, everyone.ada, said)
    place = Place("notification", "contact", "contact", "", "job")
    answered(case, proposed(case, everyone, place=place), everyone)
    row = Answers.objects.select_related("case").get(section="contact")
    assert (row.answers["job"], row.answers["name"]) == ([f"Deputy of {MARK}"], [NAME])
    assert places_with(f"Deputy of {NAME}") == set()


def test_the_trail_says_where_when_by_whom_and_why_and_holds_no_word_of_it(
    named: Case, everyone: Cast
) -> None:
    answered(named, proposed(named, everyone), everyone)
    done = Event.objects.select_related("case").get(act="take_words_out")
    assert done.payload == {
        "document": "notification",
        "page": "description",
        "item": "",
        "field": "description",
        "copies": Redaction.objects.get().copies,
    }
    assert (done.actor, done.reason_code, done.reason) == (everyone.ben, "named_in_error", WHY)
    asked = Event.objects.get(act="propose_redaction")
    assert asked.actor == everyone.ada
    row = Redaction.objects.select_related("case").get()
    assert (row.by, row.answered_by, row.event, row.words) == (
        everyone.ada, everyone.ben, done, None,
    )  # fmt: skip
    assert row.copies >= 5


def test_one_person_alone_takes_nothing_out(named: Case, everyone: Cast) -> None:
    found = proposed(named, everyone, "ben")
    with pytest.raises(CannotAdvance, match="Somebody else has to confirm"):
        answered(named, found, everyone, "ben")
    with pytest.raises(CannotAdvance, match="Only Approver"):
        answered(named, found, everyone, "ada")
    assert redacting.PROPOSED in refused(named, everyone)
    assert places_with(NAME) >= COPIES_OF_A_NOTIFICATION


def test_a_proposal_is_declined_or_taken_back_and_then_holds_no_words(
    named: Case, everyone: Cast
) -> None:
    for by in ("ben", "ada"):
        found = proposed(named, everyone)
        answered(named, found, everyone, by, redacting.decline)
        assert places_with(NAME) == COPIES_OF_A_NOTIFICATION
    with pytest.raises(CannotAdvance, match="was answered already"):
        answered(named, found, everyone)
    assert Redaction.objects.filter(words__isnull=False).count() == 0


@pytest.mark.parametrize("by", ["sol", "petra", "priya", "adam", "ira", "dele", "sam"])
def test_nobody_else_may(named: Case, everyone: Cast, by: str) -> None:
    assert refused(named, everyone, by)
    found = proposed(named, everyone)
    with pytest.raises(CannotAdvance), transaction.atomic():
        answered(named, found, everyone, by)
    with pytest.raises(CannotAdvance), transaction.atomic():
        answered(named, found, everyone, by, redacting.decline)


def test_another_authority_learns_of_no_case(named: Case, everyone: Cast) -> None:
    with pytest.raises(NotFound), transaction.atomic():
        proposed(named, everyone, "cara")
    found = proposed(named, everyone)
    with pytest.raises(NotFound), transaction.atomic():
        answered(named, found, everyone, "cara")
    assert run(everyone, "cara", "UPDATE workflow_redaction SET state = 'declined'") == 0


def test_under_a_hold_nothing_is_taken_out_and_it_says_who_can_lift_it(
    named: Case, everyone: Cast
) -> None:
    found = proposed(named, everyone)
    held(named, everyone, "petra")
    words = "The Panel chair of Child Safeguarding Practice Review Panel can lift it"
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        answered(named, found, everyone)
    assert words in refusal.value.reasons[0]
    answered(named, found, everyone, act=redacting.decline)
    assert any(words in one for one in refused(named, everyone))
    assert places_with(NAME) == COPIES_OF_A_NOTIFICATION


def test_a_hold_that_only_the_key_store_knows_holds_too(named: Case, everyone: Cast) -> None:
    keys.store().hold(named.key_id, "5f8e4c9e-0000-4000-8000-000000000001")
    assert refused(named, everyone) == [redacting.HELD]


def test_words_are_refused_that_are_not_there_or_that_the_reason_repeats(
    named: Case, everyone: Cast
) -> None:
    assert "does not stand in this answer" in refused(named, everyone, words=["Robin"])[0]
    assert "with its capitals" in refused(named, everyone, words=[NAME.upper()])[0]
    assert refused(named, everyone, words=[]) == [redacting.NO_WORDS]
    assert refused(named, everyone, words=["J"]) == ["“J” is too short."]
    assert refused(named, everyone, reason=" ") == [redacting.NO_REASON]
    assert refused(named, everyone, reason=f"{NAME.lower()} asked.") == [redacting.SAYS_THEM]
    assert refused(named, everyone, reason="Zqname lives next door.") == [redacting.SAYS_THEM]
    assert "no part of a longer word" in refused(named, everyone, words=["Jord"])[0]
    assert refused(named, everyone, words=["taken out"]) == [redacting.MARKED]
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("words", "text", "left"),
    [
        (["Jo Bell", "Jo"], "Jo Bell, Jo\nBell, Jo", "[], [], []"),
        (["Zoë"], "Zoe\N{COMBINING DIAERESIS} and Zoë", "[] and []"),
        (["a.b"], "axb a.b", "axb []"),
        (["Will"], "Will will", "[] will"),
        (["Sam"], "Sam, Samantha, McSam and Sam’s", "[], Samantha, McSam and []’s"),
    ],
)
def test_passages_are_found_as_they_were_typed(words: list[str], text: str, left: str) -> None:
    assert Passages(words, "[]").taken_out_of(text) == left
    assert Passages(["Will"]).in_other_capitals("Will will WILL") == 2
