"""What the database lets a grant be."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests.workflow.people.cast import MORNING, SPRING, a_case, a_person, an_authority
from workflow.models import Capacity, Grant

pytestmark = pytest.mark.django_db


def refused(**values: Any) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Grant.objects.create(**values)
    return str(refusal.value)


def base(**more: Any) -> dict[str, Any]:
    return {"case": a_case(), "capacity": Capacity.PANEL, "since": SPRING, **more}


def test_a_grant_without_a_holder_is_refused() -> None:
    assert "grant_to_one_holder" in refused(**base())


def test_a_grant_to_a_person_and_an_organisation_at_once_is_refused() -> None:
    both = base(person=a_person("Ada"), organisation=an_authority())
    assert "grant_to_one_holder" in refused(**both)


def test_a_grant_in_a_capacity_that_does_not_exist_is_refused() -> None:
    assert "grant_capacity_known" in refused(**base(organisation=an_authority(), capacity="king"))


def test_a_grant_that_ends_before_it_begins_is_refused() -> None:
    backwards = base(organisation=an_authority(), until=date(2026, 3, 31))
    assert "grant_ends_after_it_begins" in refused(**backwards)


@pytest.mark.parametrize("holder", ["person", "organisation"])
def test_the_same_grant_twice_on_one_day_is_refused(holder: str) -> None:
    who = a_person("Ada") if holder == "person" else an_authority()
    first = base(**{holder: who}, until=date(2026, 4, 30))
    Grant.objects.create(**first)
    assert f"grant_once_a_day_{holder}" in refused(**{**first, "since": date(2026, 4, 30)})
    Grant.objects.create(**{**first, "since": date(2026, 5, 1), "until": None})
    Grant.objects.create(**{**first, "capacity": Capacity.OTHER_AREA})


def test_a_withdrawn_grant_can_be_given_again_the_same_day() -> None:
    first = base(organisation=an_authority())
    Grant.objects.create(**first, withdrawn_at=MORNING)
    Grant.objects.create(**first)
    assert Grant.objects.active(SPRING).count() == 1


def test_a_grant_keeps_its_authority_and_its_history() -> None:
    values = base(organisation=an_authority())
    given = Grant.objects.create(**values)
    given.until = date(2026, 6, 1)
    given.save()
    past = apps.get_model("workflow", "GrantEvent").objects.order_by("pgh_id")
    assert given.authority == values["case"].authority
    assert [row.until for row in past] == [None, date(2026, 6, 1)]
