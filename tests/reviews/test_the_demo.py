"""The demo's invented cases: enough of them, in every state, told as they would have happened."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from notifications.duplicates import same_children
from notifications.models import IncidentChild, Notification
from notifications.services import paper_of
from reviews.demo.people import sign_ins
from tests import sight
from tests.databases import as_owner
from tests.watch import asked_of_somebody, holes_in
from workflow import clock
from workflow.law.calendar import COMMITTED
from workflow.machine.diagram import MACHINES
from workflow.machine.links import CaseLink, LinkKind
from workflow.machine.move import acts_of
from workflow.models import Case, Deadline, Event, Membership, Person
from workflow.people import roles


def cases() -> QuerySet[Case]:
    return Case.objects.select_related("notification", "authority", "partnership")


def test_the_demo_tells_every_state_every_role_late_and_on_time(demo_db: str) -> None:
    assert Case.objects.count() >= 60
    assert Case.objects.values("authority").distinct().count() >= 12
    for machine in MACHINES:
        acts = Event.objects.filter(machine=machine.MACHINE).values_list("act", flat=True)
        assert set(acts_of(machine)) - set(acts) == set(), machine.MACHINE
        told = {
            event.payload["to"]
            for event in Event.objects.filter(machine=machine.MACHINE)
            if "to" in event.payload
        }
        states = {str(state) for state, _ in machine._meta.get_field("state").choices}
        assert states <= told, (machine.MACHINE, states - told)
    held = set(Membership.objects.values_list("role", flat=True))
    beside = {"link_case", "agree_later_date"}
    assert beside <= set(Event.objects.values_list("act", flat=True))
    assert Event.objects.filter(act="submit", actor__email="secretariat@panel.example").exists()
    assert {role.slug for role in roles.OF_PEOPLE} - held == set()
    notify = Deadline.objects.filter(duty="notify-the-panel", met_on__isnull=False)
    late = [row for row in notify if row.met_on and row.met_on > row.due_on]
    assert late
    assert len(late) < notify.count()
    assert all(row.late_reason for row in late)
    straddlers = [row for row in notify if "Christmas Day" in str(row.receipt)]
    assert straddlers
    today = clock.today()
    holes = {case.label: left for case in cases() if (left := holes_in(case, on=today))}
    assert holes == {}
    assert any("a reply to the Panel" in str(asked_of_somebody(case)) for case in cases())
    histories = Event.objects.exclude(recorded_at__isnull=True)
    assert all(event.recorded_at == event.at for event in histories)
    assert COMMITTED.known_until > max(histories.values_list("on", flat=True))
    with sight.shut(), pytest.raises(CommandError, match="holds cases already"):
        call_command("seed_demo")
    with as_owner(demo_db) as owner:
        found = owner.execute(
            "SELECT count(*) FROM workflow_outbox WHERE payload::text ~ 'nvented'"
        )
        assert found.fetchone() == (0,)


def test_the_demo_tells_a_case_outside_england_that_was_notified_to_the_panel(demo_db: str) -> None:
    (sent,) = Notification.objects.filter(place="outside_england")
    assert sent.country == "wales"
    assert Deadline.objects.filter(case=sent.case, duty="notify-the-panel").exists()


def test_the_demo_tells_a_death_outside_england_that_is_not_sent_yet(demo_db: str) -> None:
    (draft,) = Case.objects.filter(place="outside_england", notified_on=None)
    assert draft.notification.state == "draft"
    assert draft.outcome == "died"


def test_the_demo_tells_a_notification_that_nobody_has_to_make(demo_db: str) -> None:
    (voluntary,) = Notification.objects.filter(outcome="ongoing_risk")
    assert voluntary.case.route.voluntary
    assert voluntary.basis == []
    assert not Deadline.objects.filter(case=voluntary.case, duty="notify-the-panel").exists()


def test_the_demo_tells_of_a_child_who_was_not_yet_born(demo_db: str) -> None:
    (unborn,) = IncidentChild.objects.filter(age_basis="unborn")
    assert (unborn.age_band, unborn.harmed) == ("unborn", True)


@pytest.mark.parametrize("death", ["care_leaver_death", "looked_after_death"])
def test_the_demo_tells_the_deaths_that_go_to_the_secretary_of_state(
    demo_db: str, death: str
) -> None:
    assert Notification.objects.filter(basis__contains=[death]).exists()


def test_the_panel_is_shown_one_child_in_the_cases_of_two_authorities(demo_db: str) -> None:
    link = CaseLink.objects.get(kind=LinkKind.SAME_DEATH)
    on, pair = clock.today(), cases().filter(pk__in=(link.case_id, link.other_id))
    reviewer = Person.objects.get(email="reviewer@panel.example")
    assert pair[0].authority != pair[1].authority
    for one, other in (pair, reversed(pair)):
        with sight.of(reviewer, on=on):
            alike = same_children(paper_of(one, on=on), by=reviewer, on=on)
        assert [(found.case.pk, found.because) for found in alike] == [
            (other.pk, "The same NHS number")
        ]


def test_everybody_who_is_shown_can_sign_in_to_something(demo_db: str) -> None:
    """The demo prints these, and the README shows them."""
    for shown in sign_ins():
        person = Person.objects.filter(email=shown.email).first()
        assert person is not None, shown.email
        assert person.check_password(shown.password), shown.email
        assert person.is_active
        held = person.roles_on(clock.today())
        # By its first words a row says which role is tried with it.
        assert any(shown.role.startswith(roles.by_slug(role).title) for role in held), shown
        asks = any(
            row.organisation.approval_required for row in person.memberships_on(clock.today())
        )
        assert asks == shown.role.endswith("(asks for approval)"), shown
    emails = [shown.email for shown in sign_ins()]
    shown_roles = Membership.objects.filter(person__email__in=emails).values_list("role", flat=True)
    assert {role.slug for role in roles.OF_PEOPLE} - set(shown_roles) == set()
