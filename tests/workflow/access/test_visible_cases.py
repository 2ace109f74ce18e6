"""Who sees a case: a dated grant, held by a person or reached through a membership."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import sight
from tests.workflow.people.cast import (
    MORNING,
    SPRING,
    a_case,
    a_person,
    an_authority,
    an_organisation,
    membership_of,
    someone,
)
from workflow.models import Answers, Capacity, Case, Grant, Organisation, Person
from workflow.people import roles
from workflow.people.membership import join, leave

pytestmark = pytest.mark.django_db
SUMMER = date(2026, 7, 1)


def grant(
    case: Case,
    holder: Organisation | Person,
    capacity: str = Capacity.NOTIFYING_AUTHORITY,
    *,
    since: date = SPRING,
    until: date | None = None,
) -> Grant:
    name = "organisation" if isinstance(holder, Organisation) else "person"
    return Grant.objects.create(
        case=case, capacity=capacity, since=since, until=until, **{name: holder}
    )


def sees(person: Person, case: Case, on: date = SUMMER) -> bool:
    """Whether a person sees a case: the program and the database must say the same."""
    person.forget_memberships()
    found = case in Case.objects.visible_to(person, on)
    with sight.of(person, on=on):
        assert Case.objects.filter(pk=case.pk).exists() is found, "the two locks differ"
    return found


def test_a_notifier_sees_the_cases_of_her_authority_and_cara_never_sees_northmoor() -> None:
    northmoor, southfen = an_authority("Northmoor"), an_authority("Southfen")
    ada = someone("Ada", "la_notifier", northmoor)
    cara = someone("Cara", "la_notifier", southfen)
    mine, hers = a_case(northmoor), a_case(southfen)
    grant(mine, northmoor)
    grant(hers, southfen)
    assert list(Case.objects.visible_to(ada, SUMMER)) == [mine]
    assert list(Case.objects.visible_to(cara, SUMMER)) == [hers]


def test_without_a_grant_not_even_the_own_authority_sees_a_case() -> None:
    northmoor = an_authority()
    assert not sees(someone("Ada", "la_notifier", northmoor), a_case(northmoor))


def test_a_grant_holds_on_its_first_and_last_day_and_not_beside_them() -> None:
    northmoor = an_authority()
    ada, case = someone("Ada", "la_notifier", northmoor, since=date(2020, 1, 1)), a_case()
    grant(case, northmoor, since=SPRING, until=SUMMER)
    day = timedelta(days=1)
    assert [sees(ada, case, on) for on in (SPRING - day, SPRING, SUMMER, SUMMER + day)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_membership_ends_with_its_last_day() -> None:
    northmoor, case = an_authority(), a_case()
    ada = someone("Ada", "la_notifier", northmoor)
    grant(case, northmoor)
    leave(membership_of(ada), on=SUMMER)
    assert sees(ada, case, SUMMER)
    assert not sees(ada, case, SUMMER + timedelta(days=1))


def test_a_withdrawn_grant_shows_nothing_from_that_moment() -> None:
    northmoor, case = an_authority(), a_case()
    ada, given = someone("Ada", "la_notifier", northmoor), grant(case, northmoor)
    assert sees(ada, case)
    given.withdrawn_at = MORNING
    given.save()
    assert not sees(ada, case)


def test_someone_who_may_no_longer_sign_in_sees_nothing() -> None:
    northmoor, case = an_authority(), a_case()
    otto = someone("Otto", "la_notifier", northmoor)
    grant(case, northmoor)
    grant(case, otto, Capacity.REVIEWER)
    otto.is_active = False
    otto.save()
    assert not sees(otto, case)


def test_a_case_given_to_a_person_by_name_is_seen_by_that_person_alone() -> None:
    northmoor, case = an_authority(), a_case()
    rhea = someone("Rhea", "reviewer", northmoor)
    other = someone("Rolf", "reviewer", northmoor)
    grant(case, rhea, Capacity.REVIEWER)
    assert sees(rhea, case)
    assert not sees(other, case)


@pytest.mark.parametrize("role", ["reviewer", "agency_contributor"])
def test_belonging_to_the_authority_opens_nothing_to_those_who_are_given_cases_by_name(
    role: str,
) -> None:
    northmoor, case = an_authority(), a_case()
    grant(case, northmoor)
    assert not sees(someone("Rhea", role, northmoor), case)


def test_in_a_partnership_of_two_authorities_the_others_notifier_sees_nothing() -> None:
    southfen, case = an_authority("Southfen"), a_case()
    grant(case, southfen, Capacity.PARTNER)
    assert not sees(someone("Cara", "la_notifier", southfen), case)
    assert not sees(someone("Carl", "la_approver", southfen), case)
    assert sees(someone("Bea", "business_unit", southfen), case)
    assert sees(someone("Paul", "safeguarding_partner", southfen), case)


@pytest.mark.parametrize(
    ("kind", "role", "capacity"),
    [
        (roles.ICB, "safeguarding_partner", Capacity.PARTNER),
        (roles.POLICE, "safeguarding_partner", Capacity.PARTNER),
        (roles.PANEL, "panel_secretariat", Capacity.PANEL),
        (roles.PANEL, "panel_member", Capacity.PANEL),
        (roles.DFE, "dfe_receiver", Capacity.DFE),
        (roles.OFSTED, "ofsted_observer", Capacity.OFSTED),
        (roles.OPERATOR, "deadline_administrator", Capacity.OPERATOR),
    ],
)
def test_each_body_sees_what_it_was_granted_and_nothing_else(
    kind: str, role: str, capacity: str
) -> None:
    body, case, other = an_organisation(kind), a_case(), a_case()
    person = someone("Priya", role, body)
    grant(case, body, capacity)
    assert list(Case.objects.visible_to(person, SUMMER)) == [case]
    assert not sees(person, other)


def test_someone_in_two_places_sees_both_and_each_case_once() -> None:
    northmoor, southfen, case = an_authority(), an_authority("Southfen"), a_case()
    ada = someone("Ada", "la_notifier", northmoor)
    join(ada, northmoor, "la_approver", on=SPRING)
    join(ada, southfen, "la_notifier", on=SPRING)
    hers = a_case()
    for place in (northmoor, southfen):
        grant(case, place)
    grant(hers, southfen)
    assert list(Case.objects.visible_to(ada, SUMMER).order_by("pk")) == [case, hers]


def test_someone_who_belongs_nowhere_sees_nothing() -> None:
    grant(a_case(), an_authority())
    assert not Case.objects.visible_to(a_person("Otto"), SUMMER).exists()


def test_the_rows_of_a_case_follow_the_case() -> None:
    northmoor, mine, other = an_authority(), a_case(), a_case()
    ada = someone("Ada", "la_notifier", northmoor)
    grant(mine, northmoor)
    for case in (mine, other):
        Answers.objects.create(case=case, document="d", section="s", answers={}, edited_at=MORNING)
    assert [row.case for row in Answers.objects.visible_to(ada, SUMMER)] == [mine]


def test_a_list_is_one_query_once_the_memberships_are_known() -> None:
    northmoor, case = an_authority(), a_case()
    ada = someone("Ada", "la_notifier", northmoor)
    grant(case, northmoor)
    with CaptureQueriesContext(connection) as first:
        list(Case.objects.visible_to(ada, SUMMER))
    with CaptureQueriesContext(connection) as second:
        list(Case.objects.visible_to(ada, SUMMER))
    assert (len(first), len(second)) == (2, 1)
