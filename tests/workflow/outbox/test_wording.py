"""Each message says what was done: no act that tells an organisation goes without its own words."""

import pytest

from workflow.machine.diagram import MACHINES
from workflow.machine.move import acts_of
from workflow.outbox.wording import ANY_OTHER, WORDINGS, wording

TRANSITIONS = sorted({name for machine in MACHINES for name in acts_of(machine)})
# Acts that move no state and tell somebody.
BESIDE = (
    "added_or_corrected",
    "agree_later_date",
    "dates_moved",
    "decline_proposal",
    "emergency",
    "emergency_overdue",
    "facts_corrected",
    "plan_publication",
    "propose_criteria_not_met",
    "propose_withdrawal",
    "sign_off",
    "sign_off_received",
)


@pytest.mark.parametrize("act", [*TRANSITIONS, *BESIDE])
def test_every_act_that_tells_an_organisation_has_words_of_its_own(act: str) -> None:
    words = wording(act)
    assert words != ANY_OTHER
    assert "{label}" in words.subject
    assert "_" not in words.subject + words.happened + words.act


def test_no_words_are_kept_for_an_act_that_is_gone() -> None:
    known = {*TRANSITIONS, *BESIDE}
    assert [kind for kind in WORDINGS if kind not in known and "transfer" not in kind] == []
