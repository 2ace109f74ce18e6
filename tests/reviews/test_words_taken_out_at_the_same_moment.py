"""While words are taken out somebody else confirms, holds the record or signs: each after another.

Two connections. What is done second begins while the first has done all of its act but commit.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from reviews.services import signing
from reviews.services.drafts import draft_of
from reviews.services.signing import CHANGED
from tests import sight
from tests.notifications.redacted import MARK, NAME, REASONS, again, answered, held, names, proposed
from tests.reviews.api.test_at_the_same_moment import Meanwhile
from tests.reviews.telling import Told, given
from tests.story import a_case, cast, day, moment, person
from workflow.machine.refusals import CannotAdvance
from workflow.machine.signatures import REWRITTEN, signs_for
from workflow.models import Answers, Event, LegalHold, Outbox, Redaction
from workflow.retention import proposals, redacting

# Proposed on Friday the 20th, the words can go on this day.
ON = "2026-11-24"


@pytest.fixture
def told(committing_db: str) -> Iterator[Told]:
    """The partners' reasons name somebody; Bea proposed to take that out."""
    everyone = cast()
    everyone.people["bryn"] = person("Bryn", everyone.northmoor, "la_approver")
    story = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    story.notified("2026-11-03")
    names(story, "2026-11-10")
    with time_machine.travel(moment("2026-11-20"), tick=False) as now:
        proposed(story.case, everyone, "bea", REASONS)
        now.move_to(moment(ON))
        yield story


def one_after_another(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What comes of the second, which has begun before the first is committed."""

    def tried() -> Any:
        try:
            return second()
        except CannotAdvance as refusal:
            return refusal

    other = Meanwhile(tried)
    with transaction.atomic():
        first()
        other.begins()
    return other.ended()


def confirms(told: Told, by: str) -> Callable[[], Any]:
    return lambda: answered(told.case, Redaction.objects.get(), told.cast, by)


def signs(told: Told, draft: str) -> Callable[[], Any]:
    """The ICB agrees to the draft that its page was opened for."""

    def sign() -> Any:
        ira, on = told.cast.ira, day(ON)
        (body,) = signs_for(ira, again(told.case), on=on)
        how: Any = {"by": ira, "on": on, "at": moment(ON), "draft": draft}
        with sight.of(ira, on=on):
            return signing.sign(told.rapid_review, body, given("agree", ON), **how)

    return sign


def said(told: Told) -> list[str]:
    row = Answers.objects.select_related("case").get(case=told.case, section="lcspr")
    return [f"{row.version}", *row.answers["rationale"]]


GONE, STANDS = ["2", f"Seen by {MARK} at home."], ["1", f"Seen by {NAME} at home."]


def test_of_two_approvers_who_confirm_one_does_and_the_other_is_told(told: Told) -> None:
    refused = one_after_another(confirms(told, "ben"), confirms(told, "bryn"))
    assert isinstance(refused, CannotAdvance)
    assert refused.reasons == [proposals.ANSWERED]
    assert said(told) == GONE
    assert Redaction.objects.get().answered_by == told.cast.ben
    assert Event.objects.filter(act=redacting.TAKEN).count() == 1


def test_a_hold_that_is_being_placed_is_waited_for_and_keeps_the_words(told: Told) -> None:
    refused = one_after_another(lambda: held(told.case, told.cast, "petra"), confirms(told, "ben"))
    assert isinstance(refused, CannotAdvance)
    assert [why for why in refused.reasons if "Panel chair" in why] == refused.reasons != []
    assert said(told) == STANDS
    assert Redaction.objects.get().state == Redaction.State.PROPOSED


def test_a_hold_waits_for_words_that_are_being_taken_out(told: Told) -> None:
    placed = one_after_another(confirms(told, "ben"), lambda: held(told.case, told.cast, "petra"))
    assert placed == LegalHold.objects.get()
    assert said(told) == GONE
    acts = Event.objects.filter(act__in=[redacting.TAKEN, "hold_record"]).order_by("sequence")
    assert [event.act for event in acts] == [redacting.TAKEN, "hold_record"]


def test_a_view_that_is_being_given_is_waited_for_and_its_partner_has_time(told: Told) -> None:
    review = told.rapid_review
    refused = one_after_another(signs(told, draft_of(review)), confirms(told, "ben"))
    assert isinstance(refused, CannotAdvance)
    assert refused.reasons == [redacting.UNTOLD]
    assert said(told) == STANDS
    acts = Event.objects.filter(act__in=["sign_off", REWRITTEN]).order_by("sequence")
    assert [event.act for event in acts] == ["sign_off"]
    assert not Outbox.objects.filter(kind="sign_again").exists()


def test_a_view_of_words_that_are_being_taken_out_is_not_taken(told: Told) -> None:
    draft = draft_of(told.rapid_review)
    refused = one_after_another(confirms(told, "ben"), signs(told, draft))
    assert isinstance(refused, CannotAdvance)
    assert refused.reasons == [CHANGED]
    assert said(told) == GONE
    assert not Event.objects.filter(act="sign_off").exists()
