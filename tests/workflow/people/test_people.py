"""People and the roles they hold, with dates."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.workflow.people.cast import (
    MORNING,
    SPRING,
    a_person,
    an_authority,
    an_organisation,
    membership_of,
    someone,
)
from workflow.models import Membership, Organisation, Person
from workflow.people import roles
from workflow.people.membership import join, leave

pytestmark = pytest.mark.django_db
SUMMER = date(2026, 7, 1)


def test_an_address_is_the_same_whatever_its_capitals() -> None:
    Person.objects.create_person(email=" Ada@Northmoor.Example ", name="Ada", joined_at=MORNING)
    assert Person.objects.get().email == "ada@northmoor.example"
    assert Person.objects.get_by_natural_key("ADA@northmoor.example").name == "Ada"
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_person(email="ADA@northmoor.example", name="Eve", joined_at=MORNING)


def test_the_database_refuses_an_address_in_capitals() -> None:
    person = a_person("Ada")
    with pytest.raises(IntegrityError, match="person_email_lower_case"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(email="ADA@northmoor.example")


def test_someone_without_a_password_cannot_sign_in() -> None:
    person = a_person("Ada")
    assert not person.has_usable_password()
    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    assert authenticate(request, email=person.email, password="") is None


def test_memberships_are_read_once_and_again_after_a_change() -> None:
    northmoor = an_authority()
    ada = someone("Ada", "la_notifier", northmoor)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            assert ada.organisation_ids(SUMMER) == [northmoor.pk]
    assert len(asked) == 1
    join(ada, northmoor, "la_approver", on=SPRING)
    assert ada.roles_on(SUMMER) == {"la_notifier", "la_approver"}


def test_a_membership_holds_on_its_first_and_last_day_and_not_beside_them() -> None:
    ada = someone("Ada", "la_notifier", an_authority())
    leave(membership_of(ada), on=SUMMER)
    ada.forget_memberships()
    days = (date(2026, 3, 31), SPRING, SUMMER, date(2026, 7, 2))
    assert [bool(ada.memberships_on(day)) for day in days] == [False, True, True, False]


def test_someone_who_may_not_sign_in_holds_no_membership() -> None:
    otto = someone("Otto", "la_notifier", an_authority())
    otto.is_active = False
    assert otto.memberships_on(SUMMER) == []


def test_the_same_role_twice_on_one_day_is_refused_in_words() -> None:
    northmoor = an_authority()
    ada = someone("Ada", "la_notifier", northmoor, until=SUMMER)
    with pytest.raises(ValidationError, match="already holds this role there"):
        join(ada, northmoor, "la_notifier", on=SUMMER)
    join(ada, northmoor, "la_notifier", on=date(2026, 7, 2))
    with pytest.raises(IntegrityError, match="membership_once_a_day"), transaction.atomic():
        Membership.objects.create(
            person=ada, organisation=northmoor, role="la_notifier", since=SUMMER
        )


def test_a_membership_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="same as or after the first day"):
        someone("Ada", "la_notifier", an_authority(), until=date(2026, 3, 31))


@pytest.mark.parametrize("role", roles.ALL, ids=lambda role: role.slug)
def test_a_role_stands_only_where_it_may_be_held(role: roles.Role) -> None:
    for kind, _ in roles.KINDS:
        place = an_authority() if kind == roles.AUTHORITY else an_organisation(kind)
        if kind in role.kinds:
            someone("Ada", role.slug, place)
            continue
        with pytest.raises(ValidationError, match="can't be held"):
            someone("Ada", role.slug, place)
        values: dict[str, Any] = {"organisation": place, "role": role.slug, "since": SPRING}
        with pytest.raises(DatabaseError, match="can't be held"), transaction.atomic():
            Membership.objects.create(person=a_person("Eve"), **values)


def test_the_database_refuses_a_role_moved_to_where_it_may_not_be_held() -> None:
    ada = someone("Ada", "la_notifier", an_authority())
    with pytest.raises(DatabaseError, match="can't be held"), transaction.atomic():
        ada.memberships.update(organisation=an_organisation(roles.PANEL))


def test_a_changed_membership_leaves_what_it_was() -> None:
    leave(membership_of(someone("Ada", "la_notifier", an_authority())), on=SUMMER)
    past = apps.get_model("workflow", "MembershipEvent").objects.order_by("pgh_id")
    assert [row.until for row in past] == [None, SUMMER]


def test_only_an_authority_has_a_dfe_code_and_each_has_one() -> None:
    for values in ({"kind": roles.AUTHORITY}, {"kind": roles.PANEL, "dfe_code": "T0"}):
        with pytest.raises(IntegrityError, match="has_dfe_code"), transaction.atomic():
            Organisation.objects.create(name="Northmoor", **values)


def test_every_stand_in_is_a_role_of_the_same_kind_of_organisation() -> None:
    for role in roles.ALL:
        for slug in role.stand_ins:
            assert role.kinds & roles.by_slug(slug).kinds, f"{slug} cannot stand in for {role}"
