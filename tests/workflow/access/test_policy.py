"""Who may do what, from one table."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.workflow.access.test_visible_cases import SUMMER, grant
from tests.workflow.people.cast import (
    a_case,
    a_person,
    an_authority,
    an_organisation,
    membership_of,
    someone,
)
from workflow import clock
from workflow.access.gate import only_for
from workflow.access.policy import ACTS, Rights, may
from workflow.access.policy import roles_for as roles_that_may
from workflow.machine.move import acts_of, roles_for
from workflow.machine.practice_review_states import LOCAL, NATIONAL, ReviewKind
from workflow.models import Capacity, Case, Grant, Person, PracticeReview
from workflow.people import roles
from workflow.people.membership import leave

SHOWS_CONTENT = ("view.content", "view.children", "view.names", "view.documents")
ON_A_CASE = [act for act, permission in ACTS.items() if permission.capacities]
NEXT_DAY = date(2026, 7, 2)

CLOCKS_ONLY = {
    "la_administrator",
    "dfe_analyst",
    "ofsted_observer",
    "deadline_administrator",
    "auditor",
    "la_system",
}


def granted(role: str, kind: str, capacity: str) -> tuple[Person, Case]:
    place = an_authority() if kind == roles.AUTHORITY else an_organisation(kind)
    case = a_case(place if kind == roles.AUTHORITY else None)
    grant(case, place, capacity)
    return someone("Sam", role, place), case


def test_the_roles_that_read_only_clocks_are_these_and_no_others() -> None:
    found = {role.slug for role in roles.ALL if role.reads_cases and not role.reads_content}
    assert found == CLOCKS_ONLY


def test_no_role_that_reads_only_clocks_stands_beside_an_act_that_shows_or_writes_content() -> None:
    acts = {*SHOWS_CONTENT, *(act for act in ACTS if act.startswith(("write.", "panel.")))}
    acts |= {"sign_off", "receive"}
    assert not {act for act in acts if roles_that_may(act) & CLOCKS_ONLY}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(CLOCKS_ONLY))
def test_whoever_reads_only_clocks_gets_no_content_whatever_they_were_granted(role: str) -> None:
    (kind,) = roles.by_slug(role).kinds
    for capacity in Capacity.values:
        if capacity == Capacity.PARTNER:
            continue
        if capacity == Capacity.EMERGENCY:
            # To persons alone, and for minutes.
            sam, case = granted(role, kind, Capacity.OPERATOR)
            soon = clock.now() + timedelta(minutes=60)
            Grant.objects.create(
                case=case, person=sam, capacity=capacity, since=SUMMER, expires_at=soon
            )
        else:
            sam, case = granted(role, kind, capacity)
        rights = Rights(sam, case, SUMMER)
        assert rights.may("view.clocks")
        assert not [act for act in SHOWS_CONTENT if rights.may(act)]


@pytest.mark.django_db
@pytest.mark.parametrize("act", SHOWS_CONTENT)
def test_a_notifier_reads_the_content_of_the_own_case(act: str) -> None:
    ada, case = granted("la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    assert may(ada, act, case, SUMMER)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ON_A_CASE)
def test_another_authoritys_people_may_do_nothing_on_a_case(act: str) -> None:
    _, case = granted("la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    for role in ("la_notifier", "la_approver", "business_unit", "safeguarding_partner"):
        assert not may(someone("Cara", role, an_authority("Southfen")), act, case, SUMMER)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ON_A_CASE)
def test_no_act_on_a_case_is_allowed_without_a_case(act: str) -> None:
    ada, _ = granted("la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    assert not may(ada, act, None, SUMMER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "role", "kind", "capacity"),
    [
        ("write.notification", "la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY),
        ("write.rapid_review", "business_unit", roles.AUTHORITY, Capacity.PARTNER),
        ("sign_off", "safeguarding_partner", roles.ICB, Capacity.PARTNER),
        ("panel.acknowledge", "panel_secretariat", roles.PANEL, Capacity.PANEL),
        ("panel.triage", "panel_member", roles.PANEL, Capacity.PANEL),
        ("panel.consider", "panel_chair", roles.PANEL, Capacity.PANEL),
        ("panel.respond", "panel_secretariat", roles.PANEL, Capacity.PANEL),
        ("receive", "dfe_receiver", roles.DFE, Capacity.DFE),
    ],
)
def test_each_role_may_do_its_part(act: str, role: str, kind: str, capacity: str) -> None:
    person, case = granted(role, kind, capacity)
    assert may(person, act, case, SUMMER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "role", "kind", "capacity"),
    [
        ("write.notification", "la_notifier", roles.AUTHORITY, Capacity.OTHER_AREA),
        ("write.notification", "panel_secretariat", roles.PANEL, Capacity.PANEL),
        ("panel.consider", "panel_secretariat", roles.PANEL, Capacity.PANEL),
        ("panel.consider", "la_approver", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY),
        ("panel.respond", "panel_member", roles.PANEL, Capacity.PANEL),
        ("sign_off", "panel_chair", roles.PANEL, Capacity.PANEL),
        ("receive", "panel_chair", roles.PANEL, Capacity.PANEL),
        ("view.names", "la_notifier", roles.AUTHORITY, Capacity.OPERATOR),
    ],
)
def test_nobody_does_another_bodys_part(act: str, role: str, kind: str, capacity: str) -> None:
    person, case = granted(role, kind, capacity)
    assert not may(person, act, case, SUMMER)


@pytest.mark.django_db
def test_a_reviewer_reads_only_the_case_given_by_name() -> None:
    rhea, other = granted("reviewer", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    case = a_case()
    grant(case, rhea, Capacity.REVIEWER)
    assert may(rhea, "view.content", case, SUMMER)
    assert may(rhea, "write.practice_review", case, SUMMER)
    assert not may(rhea, "view.case", other, SUMMER)


@pytest.mark.django_db
def test_the_day_after_the_last_day_nothing_is_allowed() -> None:
    ada, case = granted("la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    leave(membership_of(ada), on=SUMMER)
    ada.forget_memberships()
    assert may(ada, "write.notification", case, SUMMER)
    assert not may(ada, "write.notification", case, NEXT_DAY)
    assert not may(ada, "open.notification", None, NEXT_DAY)


@pytest.mark.django_db
def test_the_role_must_be_held_where_the_grant_is() -> None:
    northmoor, case = an_authority(), a_case()
    grant(case, northmoor)
    sam = someone("Sam", "la_administrator", northmoor)
    sam.memberships.create(
        organisation=an_authority("Southfen"), role="la_notifier", since=date(2026, 4, 1)
    )
    assert may(sam, "view.clocks", case, SUMMER)
    assert not may(sam, "view.content", case, SUMMER)


@pytest.mark.django_db
def test_rights_on_a_case_are_read_once() -> None:
    ada, case = granted("la_notifier", roles.AUTHORITY, Capacity.NOTIFYING_AUTHORITY)
    with CaptureQueriesContext(connection) as asked:
        rights = Rights(ada, case, SUMMER)
        for act in ON_A_CASE:
            rights.may(act)
    assert len(asked) == 2


LOCAL_BODY = {"la_approver", "business_unit", "reviewer"}
PANELS = {"panel_chair", "panel_secretariat", "national_reviewer"}


@pytest.mark.parametrize(
    ("kind", "body"), [(ReviewKind.LOCAL, LOCAL_BODY), (ReviewKind.NATIONAL, PANELS)]
)
@pytest.mark.parametrize("name", sorted(acts_of(PracticeReview)))
def test_a_review_is_acted_on_by_its_own_body_alone(
    name: str, kind: ReviewKind, body: set[str]
) -> None:
    act = acts_of(PracticeReview)[name]
    found = set(roles_for(PracticeReview(kind=kind), act))
    # Where nobody of the body is named, the kind itself forbids the act by its condition.
    transitions = getattr(PracticeReview, name)._django_fsm.transitions.values()
    forbidden = {LOCAL: ReviewKind.NATIONAL, NATIONAL: ReviewKind.LOCAL}
    if any(forbidden.get(one) == kind for way in transitions for one in way.conditions):
        return
    assert found <= body, (name, found)
    assert found or not {"publish", "discontinue", "close"} & {name}


def test_a_misspelt_act_stops_the_program() -> None:
    with pytest.raises(KeyError):
        roles_that_may("view.everything")


@only_for("view.breaches")
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("late")


@pytest.mark.django_db
def test_a_page_for_some_roles_is_refused_to_the_others() -> None:
    request = RequestFactory().get("/")
    operator = an_organisation(roles.OPERATOR)
    request.user = someone("Sam", "deadline_administrator", operator, since=date(2018, 7, 1))
    assert page(request).status_code == 200
    for other in (a_person("Otto"), AnonymousUser()):
        request.user = other
        with pytest.raises(PermissionDenied):
            page(request)


def test_a_system_writes_only_of_its_own_authoritys_cases() -> None:
    writes = {
        act: permission.capacities
        for act, permission in ACTS.items()
        if "la_filing_system" in permission.roles and not act.startswith("view.")
    }
    assert writes.pop("open.notification") == frozenset()
    assert writes.keys() == {"write.notification", "file.rapid_review"}
    assert set(writes.values()) == {frozenset({Capacity.NOTIFYING_AUTHORITY})}
