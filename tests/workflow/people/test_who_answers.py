"""Who answers for a role: its holders or, the same day, a named senior."""

from datetime import date

import pytest

from tests.workflow.people.cast import (
    an_authority,
    an_organisation,
    membership_of,
    someone,
)
from workflow.people import roles
from workflow.people.membership import join, leave
from workflow.people.responsible import Fallback, responsible_people, senior_who_left

pytestmark = pytest.mark.django_db
SUMMER = date(2026, 7, 1)
NEXT_DAY = date(2026, 7, 2)


def test_the_holders_of_a_role_answer_for_it_and_nothing_is_marked() -> None:
    northmoor = an_authority()
    ada, ben = (someone(name, "la_notifier", northmoor) for name in ("Ada", "Ben"))
    found = responsible_people(northmoor, "la_notifier", SUMMER)
    assert found == [ada, ben]
    assert not isinstance(found, Fallback)


def test_what_a_leaver_held_passes_to_the_named_senior_the_day_after() -> None:
    northmoor = an_authority()
    ada = someone("Ada", "la_notifier", northmoor)
    northmoor.senior = dee = someone("Dee", "business_unit", northmoor)
    leave(membership_of(ada), on=SUMMER)
    assert responsible_people(northmoor, "la_notifier", SUMMER) == [ada]
    found = responsible_people(northmoor, "la_notifier", NEXT_DAY)
    assert found == [dee]
    assert isinstance(found, Fallback)
    assert found.because == (
        "Nobody holds the role Notifier at Northmoor: it passes to the named senior."
    )


def test_what_someone_signed_out_held_passes_on_at_once() -> None:
    northmoor = an_authority()
    otto, ben = someone("Otto", "la_notifier", northmoor), someone("Ben", "la_approver", northmoor)
    otto.is_active = False
    otto.save()
    found = responsible_people(northmoor, "la_notifier", SUMMER)
    assert found == [ben]
    assert isinstance(found, Fallback)


def test_a_senior_who_may_not_sign_in_is_passed_over() -> None:
    northmoor = an_authority()
    northmoor.senior = someone("Dee", "business_unit", northmoor)
    northmoor.senior.is_active = False
    northmoor.senior.save()
    sam = someone("Sam", "la_administrator", northmoor)
    assert responsible_people(northmoor, "la_notifier", SUMMER) == [sam]


def test_a_senior_who_lost_every_role_there_is_passed_over_from_the_day_after() -> None:
    northmoor, southfen = an_authority(), an_authority("Southfen")
    northmoor.senior = dee = someone("Dee", "business_unit", northmoor)
    sam = someone("Sam", "la_administrator", northmoor)
    join(dee, southfen, "la_notifier", on=SUMMER)
    leave(northmoor.memberships.get(person=dee), on=SUMMER)
    assert responsible_people(northmoor, "la_notifier", SUMMER) == [dee]
    assert senior_who_left(northmoor, SUMMER) is None
    assert dee.is_active
    assert responsible_people(northmoor, "la_notifier", NEXT_DAY) == [sam]
    assert senior_who_left(northmoor, NEXT_DAY) == dee


def test_no_account_of_a_system_receives_what_passes_to_a_senior() -> None:
    northmoor = an_authority()
    northmoor.senior = someone("System", "la_filing_system", northmoor)
    sam = someone("Sam", "la_administrator", northmoor)
    assert responsible_people(northmoor, "la_notifier", SUMMER) == [sam]


def test_the_secretariats_part_passes_to_the_chair() -> None:
    panel = an_organisation(roles.PANEL)
    petra = someone("Petra", "panel_chair", panel)
    assert responsible_people(panel, "panel_secretariat", SUMMER) == [petra]


def test_where_nobody_stands_in_anyone_there_is_asked_once() -> None:
    board = an_organisation(roles.ICB)
    ann = someone("Ann", "agency_contributor", board)
    join(ann, board, "safeguarding_partner", on=date(2027, 1, 1))
    found = responsible_people(board, "safeguarding_partner", SUMMER)
    assert found == [ann]
    assert isinstance(found, Fallback)


def test_an_empty_organisations_part_passes_to_the_deadline_administrator() -> None:
    sam = someone("Sam", "deadline_administrator", an_organisation(roles.OPERATOR))
    found = responsible_people(an_organisation(roles.POLICE), "safeguarding_partner", SUMMER)
    assert found == [sam]
    assert isinstance(found, Fallback)


def test_where_there_is_nobody_at_all_it_is_said() -> None:
    found = responsible_people(an_authority(), "la_approver", SUMMER)
    assert not found
    assert isinstance(found, Fallback)
    assert found.because.endswith("there is nobody to pass it to.")
