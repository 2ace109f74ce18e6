"""A partner says no to what the authority takes out of its view, as it wrote it down."""

import pytest
from django.db import transaction

from reviews.models import SignOff
from tests.notifications.redacted import answered, proposed
from tests.notifications.test_taking_words_out_of_what_was_written import (
    POSITION,
    kinds,
    place,
    told,
    written_down,
)
from tests.reviews.telling import Told
from tests.story import person
from workflow.machine.refusals import CannotAdvance
from workflow.models import Event, Redaction
from workflow.retention import redacting

__all__ = ["told"]


def test_the_partner_says_no_to_what_is_taken_out_of_its_view_that_was_written_down(
    told: Told,
) -> None:
    where = written_down(told)
    found = proposed(told.case, told.cast, "bea", where)
    for other in ("polly", "ada", "lena", "sol", "dele"):
        with pytest.raises(CannotAdvance), transaction.atomic():
            answered(told.case, found, told.cast, other, act=redacting.decline)
    with pytest.raises(CannotAdvance), transaction.atomic():
        answered(told.case, found, told.cast, "ira")
    answered(told.case, found, told.cast, "ira", act=redacting.decline)
    found = Redaction.objects.select_related("case").get()
    assert (found.state, found.words, found.answered_by) == ("declined", None, told.cast.ira)
    assert found.answered_organisation == told.cast.ira.memberships.get().organisation
    assert Event.objects.get(act="decline_redaction").actor == told.cast.ira
    # Everybody is told as of an approver's no.
    assert kinds("decline_redaction") == ["Bea"]
    assert kinds("words_stay") == kinds("words_wait") != []
    assert SignOff.objects.select_related("case").get(pk=where.item).position == POSITION


def test_of_a_view_that_was_given_here_the_partner_alone_proposes_and_only_takes_back(
    told: Told,
) -> None:
    pat = person("Pat", told.cast.polly.memberships.get().organisation, "safeguarding_partner")
    told.cast.people["pat"] = pat
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    with pytest.raises(CannotAdvance), transaction.atomic():
        answered(told.case, found, told.cast, "pat", act=redacting.decline)
    answered(told.case, found, told.cast, "polly", act=redacting.decline)
