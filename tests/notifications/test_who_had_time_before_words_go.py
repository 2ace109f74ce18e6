"""Words go once everybody who reads them had time to have the record held."""

import pytest
from django.db import transaction

from reviews.models import SignOff
from tests.notifications.redacted import again, answered, proposed
from tests.notifications.test_taking_words_out_of_what_was_written import SAID, place, told
from tests.reviews.telling import Told
from tests.story import Cast, a_case
from workflow import clock
from workflow.machine.refusals import CannotAdvance
from workflow.models import Outbox
from workflow.retention import disposing, redacting
from workflow.retention.standing import standing_of

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


def test_what_the_panel_proposed_of_its_own_keeps_no_record_from_ending(told: Told) -> None:
    proposed(told.case, told.cast, "priya", place(told, "panel-findings", "notes"))

    def keeps() -> bool:
        case, on = again(told.case), clock.today()
        return disposing.WORDS_WAIT in disposing.against(case, standing_of(case), on=on)

    assert not keeps()
    proposed(told.case, told.cast, "polly", place(told, "sign-off", "comment"))
    assert keeps()
