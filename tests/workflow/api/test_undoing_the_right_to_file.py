"""Undoing the migration by which systems file leaves nothing that an older release can't read."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from tests.story import Cast, a_case, moment
from tests.workflow.api.conftest import TODAY, let_in
from workflow.api.models import ApiClient
from workflow.models import Look, Membership

FILES = import_module("workflow.migrations.0038_let_systems_file")


@pytest.fixture
def filing(everyone: Cast) -> ApiClient:
    return let_in(
        everyone, "northmoor", "cases.read", "notifications.write", "rapid_reviews.write"
    ).client


def test_each_system_that_files_is_shut_out_and_its_role_is_one_that_was_known(
    filing: ApiClient,
) -> None:
    assert Membership.objects.filter(role=FILES.FILES).exists()
    FILES.let_none_file(apps, None)
    filing.refresh_from_db()
    assert filing.may == ["cases.read"]
    assert filing.revoked_at is not None
    assert not Membership.objects.filter(role=FILES.FILES).exists()
    assert filing.account.memberships.get().role == "la_system"


def test_nothing_is_undone_where_one_has_looked_already(filing: ApiClient, everyone: Cast) -> None:
    Look.objects.create(
        case=a_case(everyone, aware="2026-12-01").case,
        authority=everyone.northmoor,
        person=filing.account,
        role=FILES.FILES,
        fields=Look.Fields.LISTED,
        way=Look.Way.API,
        at=moment(TODAY),
    )
    with pytest.raises(RuntimeError, match="Put back a backup"), transaction.atomic():
        FILES.let_none_file(apps, None)
    filing.refresh_from_db()
    assert filing.revoked_at is None
    assert Membership.objects.filter(role=FILES.FILES).exists()
