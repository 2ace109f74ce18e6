"""Of which answers words are taken: also of one that is empty now, and of no other than that."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.notifications.answers import at, fill, sent, sign_in
from tests.notifications.redacted import (
    DESCRIPTION,
    MARK,
    NAME,
    REASONS,
    SAYS,
    SUMMARY,
    again,
    answered,
    free,
    left,
    names,
    proposed,
    reviewed,
)
from tests.notifications.searching import places_with
from tests.story import Cast
from workflow import clock
from workflow.machine.refusals import CannotAdvance
from workflow.models import Answers, Case, KeptPage, Redaction
from workflow.retention import redacting
from workflow.retention.copies import Place, free_texts
from workflow.retention.passages import Passages
from workflow.retention.surveying import survey
from workflow.sealed import answers


@pytest.fixture
def named(draft: Case, everyone: Cast) -> Case:
    return sent(draft, everyone.ada, {"description": {"description": SAYS}})


def refused(case: Case, everyone: Cast, by: str = "ada", **more: Any) -> list[str]:
    with pytest.raises(CannotAdvance) as refusal, transaction.atomic():
        proposed(case, everyone, by, **more)
    return refusal.value.reasons


def test_what_a_correction_has_emptied_is_chosen_and_taken_out_of_what_it_was(
    everyone: Cast, draft: Case
) -> None:
    told = reviewed(everyone)
    said = {"text": [f"{NAME} was seen."], "finished": ["yes"]}
    told.typed("summary", said, on="2026-11-12")
    told.typed("summary", {"text": [""], "text-not-known": ["not-known"]}, on="2026-11-12")
    found = free(again(told.case), SUMMARY)
    assert (found.text, found.label != "") == ("", True)
    answered(told.case, proposed(told.case, everyone, place=SUMMARY), everyone)
    assert places_with(f"{NAME} was seen.") == set()
    assert places_with(f"{MARK} was seen.") == {"workflow_answersevent.answers"}


def test_what_is_not_asked_any_more_is_chosen_too(everyone: Cast, named: Case) -> None:
    row = Answers.objects.select_related("case").get(case=named, section="informed-when")
    typed = {**row.answers, "hospital_reference": [f"{NAME}/7"]}
    answers.save(
        again(named), row.document, row.section, row.item, typed=typed,
        seen_version=row.version, by=everyone.ada, at=clock.now(),
    )  # fmt: skip
    place = Place("notification", "informed-when", "informed-when", "", "hospital_reference")
    assert "asked no more" in free(again(named), place).label
    answered(named, proposed(named, everyone, place=place), everyone)
    assert places_with(f"{NAME}/7") == set()
    # A choice and a date are nobody's words.
    fields = {one.place.field for one in free_texts(again(named), on=clock.today())}
    assert not {"police_on-day", "happened", "finished", "types"} & fields


def test_in_what_was_sent_no_other_answer_of_the_chapter_is_touched(everyone: Cast) -> None:
    told = reviewed(everyone)
    (sent_,) = told.rapid_review.sent.all()
    sent_.case = told.case
    rows = [row for one in sent_.content for page in one["pages"] for row in page["rows"]]
    chosen = next(row["text"] for row in rows if row["label"] == "LCSPR")
    # The words of the decision itself stand in another answer of that page.
    why = refused(told.case, everyone, place=REASONS, words=[chosen])
    assert "does not stand in this answer" in why[0]
    names(told, "2026-11-12")
    told.typed("lcspr", {"decision": ["no_sufficient_learning"], "rationale": [f"{chosen} {NAME}"]},
               on="2026-11-12")  # fmt: skip
    answered(
        told.case, proposed(told.case, everyone, place=REASONS, words=[chosen, NAME]), everyone
    )
    sent_.refresh_from_db()
    sent_.case = told.case
    after = [row for one in sent_.content for page in one["pages"] for row in page["rows"]]
    assert [row["text"] for row in after if row["label"] == "LCSPR"] == [chosen]
    assert places_with(NAME) == set()


def test_what_others_typed_elsewhere_and_left_is_theirs(named: Case, everyone: Cast) -> None:
    left(named, everyone.ben, at("page", named, page="harm"))
    left(named, everyone.priya, f"/cases/{named.address}/rapid-review/description/")
    left(named, everyone.ben, at("page", named, page="description"))
    answered(named, proposed(named, everyone), everyone)
    rows = KeptPage.objects.select_related("case").order_by("pk")
    assert [MARK in row.kept["typed"]["description"][0] for row in rows] == [False, False, True]


def test_who_removed_an_item_stays_and_its_words_go(everyone: Cast) -> None:
    told = reviewed(everyone)
    document = "rapid-review-1"
    said = {"agency": ["police"], "contributed": ["no"], "reason": [f"{NAME} was away."]}
    row = answers.add_item(
        told.case, document, "agencies", typed=said, by=everyone.bea, at=clock.now()
    )
    how: dict[str, Any] = {"seen_version": 1, "by": everyone.bea, "at": clock.now()}
    gone = answers.remove_item(told.case, document, "agencies", row.item, **how)
    place = next(
        one.place for one in free_texts(again(told.case), on=clock.today()) if NAME in one.text
        and one.row.pk == gone.pk
    )  # fmt: skip
    answered(told.case, proposed(told.case, everyone, place=place), everyone)
    after = Answers.objects.select_related("case").get(pk=gone.pk)
    assert places_with(f"{NAME} was away.") == set()
    assert (after.version, after.edited_by) == (gone.version, everyone.bea)
    assert after.removed_at is not None


def test_what_others_received_goes_only_once_they_had_time_to_have_it_held(
    named: Case, everyone: Cast
) -> None:
    found = proposed(named, everyone)
    # From Friday: Monday and Tuesday.
    assert found.not_before.isoformat() == "2026-11-24"
    for days in (0, 3):
        on = clock.today() + timedelta(days=days)
        how: dict[str, Any] = {"by": everyone.ben, "on": on, "at": clock.now()}
        with pytest.raises(CannotAdvance, match="the words can go from Tuesday 24 November 2026"):
            redacting.confirm(again(named), found.pk, **how)
    answered(named, found, everyone)
    assert Redaction.objects.get().answered_on == found.not_before


def test_what_was_proposed_of_a_draft_is_proposed_anew_once_it_was_sent(
    draft: Case, everyone: Cast
) -> None:
    from tests.notifications.answers import written  # noqa: PLC0415

    case = written(draft, everyone.ada, {"description": {"description": SAYS}})
    found = proposed(case, everyone)
    assert found.not_before == clock.today()
    sent(draft, everyone.ada)
    with pytest.raises(CannotAdvance, match="before the case was notified"):
        answered(again(case), found, everyone)
    answered(again(case), found, everyone, act=redacting.decline)


def test_what_somebody_changed_meanwhile_is_not_rewritten_unread(
    named: Case, everyone: Cast
) -> None:
    found = proposed(named, everyone)
    seen = survey(again(named), DESCRIPTION, Passages([NAME])).seen
    words = {"description": f"{NAME} and others.", "finished": "yes", "reason": "More is known."}
    fill(sign_in(everyone.ada), at("amend-page", named, page="description"), words)

    def as_seen(*args: Any, **how: Any) -> Redaction:
        return redacting.confirm(*args, **how, seen=seen)

    with pytest.raises(CannotAdvance, match="Somebody changed this answer"), transaction.atomic():
        answered(named, found, everyone, act=as_seen)
    assert NAME in free(again(named), DESCRIPTION).text


def test_each_place_is_shown_as_it_will_be_left(named: Case, everyone: Cast) -> None:
    words = {"description": "Nobody is named.", "finished": "yes", "reason": "More is known."}
    fill(sign_in(everyone.ada), at("amend-page", named, page="description"), words)
    shown = survey(again(named), DESCRIPTION, Passages([NAME], MARK)).around
    assert shown == (f"Child A was found with bruises. {MARK} of 4 Zqname Street called.",)
