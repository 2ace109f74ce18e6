"""What a duty is called in the address of a page, which access logs keep."""

import re

import pytest

from workflow.law import duties

TELLS = re.compile("harm|death|child|leaver|looked-after|abuse|neglect")


@pytest.mark.parametrize("duty", duties.ALL, ids=lambda duty: duty.code)
def test_a_duty_is_found_by_its_neutral_name(duty: duties.Duty) -> None:
    assert duties.by_address(duty.address) is duty
    assert re.fullmatch("[a-z0-9-]+", duty.address)
    assert not TELLS.search(duty.address)


def test_no_two_duties_have_one_name() -> None:
    assert len({duty.address for duty in duties.ALL}) == len(duties.ALL)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        duties.by_address("looked-after-child-death")
