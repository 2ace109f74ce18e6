"""A legal hold of an authority is for the next one to lift, once the case has passed on."""

import pytest
from django.db import transaction

from tests.notifications.answers import written
from tests.notifications.test_transferring import ON, accepted, propose
from tests.story import Cast, day, moment
from workflow.machine.refusals import NotFound
from workflow.models import Case
from workflow.retention import holding


def test_a_legal_hold_of_the_authority_passes_on_with_the_case(draft: Case, everyone: Cast) -> None:
    full = written(draft, everyone.ada)
    hold = holding.hold(full, by=everyone.ben, on=day(ON), at=moment(ON), reason="A claim.")
    propose(full, everyone)
    case = accepted(full, everyone)
    with pytest.raises(NotFound), transaction.atomic():
        holding.lift(case, hold.pk, by=everyone.ben, on=day(ON), at=moment(ON), reason="Over.")
    over = holding.lift(case, hold.pk, by=everyone.cara, on=day(ON), at=moment(ON), reason="Over.")
    assert over.organisation == everyone.southfen
