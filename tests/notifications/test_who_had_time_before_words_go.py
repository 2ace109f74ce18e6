"""Words go once everybody who reads them had time to have the record held."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from reviews.models import SignOff
from tests import sight
from tests.notifications.redacted import again, answered, proposed
from tests.notifications.test_taking_words_out_of_what_was_written import SAID, place, told
from tests.reviews.telling import Told
from tests.story import Cast, a_case, moment
from workflow import clock, services
from workflow.machine.refusals import CannotAdvance
from workflow.models import Outbox, Redaction
from workflow.retention import disposing, redacting
from workflow.retention.standing import NOBODY_HOLDS, standing_of

__all__ = ["told"]


def test_who_reads_it_since_it_was_proposed_has_time_first(everyone: Cast) -> None:
    told = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    told.notified("2026-11-03")
    told.filled("2026-11-09")
    told.signed("polly", "dissent", "2026-11-10", comment=SAID)
    where = place(told, "sign-off", "comment")
    found = proposed(told.case, everyone, "polly", where)
    told.sent(found.on.isoformat())
    with pytest.raises(CannotAdvance) as why, transaction.atomic():
        answered(told.case, found, everyone)
    assert why.value.reasons == [redacting.UNTOLD]
    answered(told.case, found, everyone, act=redacting.decline)
    answered(told.case, proposed(told.case, everyone, "polly", where), everyone)
    assert SAID not in {row.comment for row in SignOff.objects.select_related("case")}


def test_who_was_not_told_after_all_has_time_first(told: Told) -> None:
    """As when the case was restricted in between, so that their message was set aside."""
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    waits = Outbox.objects.filter(kind="words_wait", organisation=told.cast.panel)
    assert waits.update(cancelled_at=clock.now()) == 1
    with pytest.raises(CannotAdvance) as why, transaction.atomic():
        answered(told.case, found, told.cast)
    assert why.value.reasons == [redacting.UNTOLD]


def restriction(told: Told, act: str, *names: str, on: date) -> None:
    """Ben restricts it to these, names these, or lifts the restriction."""
    how: dict[str, Any] = {"by": told.cast.ben, "on": on, "at": moment(on), "reason": "Staff."}
    if names:
        how["people"] = [told.cast.people[name].pk for name in names]
    with sight.of(told.cast.ben, on=on):
        getattr(services, act)(again(told.case), **how)


def kept_by(told: Told, found: Redaction) -> list[str]:
    """Why the words don't go on the first day on which they could."""
    with pytest.raises(CannotAdvance) as why, transaction.atomic():
        answered(told.case, found, told.cast)
    return why.value.reasons


def test_of_a_restricted_case_words_stay_while_nobody_named_at_the_panel_may_place_a_hold(
    told: Told,
) -> None:
    named = ("ada", "ben", "polly", "sol")
    restriction(told, "restrict", *named, on=clock.today())
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    assert kept_by(told, found) == [NOBODY_HOLDS]
    # Who may is named, but on the day on which the words would go.
    restriction(told, "name_people", *named, "petra", on=found.not_before)
    assert kept_by(told, found) == [redacting.UNTOLD]
    restriction(told, "lift", on=found.not_before)
    answered(told.case, found, told.cast)
    assert SAID not in {row.comment for row in SignOff.objects.select_related("case")}


def test_of_a_restricted_case_words_stay_once_the_panels_chair_has_left(told: Told) -> None:
    restriction(told, "restrict", "ada", "ben", "polly", "petra", on=clock.today())
    found = proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    chair = told.cast.petra.memberships
    chair.update(until=clock.today())
    assert kept_by(told, found) == [NOBODY_HOLDS]
    chair.update(until=None)
    answered(told.case, found, told.cast)
    assert SAID not in {row.comment for row in SignOff.objects.select_related("case")}


def test_what_the_panel_proposed_of_its_own_keeps_no_record_from_ending(told: Told) -> None:
    proposed(told.case, told.cast, "priya", place(told, "panel-findings", "notes"))

    def keeps() -> bool:
        case, on = again(told.case), clock.today()
        return disposing.WORDS_WAIT in disposing.against(case, standing_of(case), on=on)

    assert not keeps()
    proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    assert keeps()
