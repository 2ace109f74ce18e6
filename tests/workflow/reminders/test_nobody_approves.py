"""Where an authority asks for approval and has no approver, who can change that is told of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests import databases
from tests.story import Cast, cast, day, moment
from workflow import clock
from workflow.health import approvers
from workflow.health.words import said
from workflow.models import Membership, Outbox, Person
from workflow.outbox.mail import compose
from workflow.people.managing import may_manage
from workflow.reminders.approvers import tell_of_no_approver_now

# A Friday.
ON = "2026-11-20"


@pytest.fixture
def everyone(committing_db: str) -> Cast:
    """Northmoor asks for approval; so does Southfen, where Cara may give it."""
    found = cast()
    for authority in (found.northmoor, found.southfen):
        authority.approval_required = True
        authority.save()
    return found


def left(*people: Person) -> None:
    """They hold no role any more."""
    Membership.objects.filter(person__in=people).update(until=day("2026-11-19"))


def told() -> list[str]:
    """Who is told by now that nobody may approve, once for each time."""
    rows = Outbox.objects.filter(kind="nobody_approves").order_by("pk")
    return [row.person.name for row in rows if row.person]


def look(name: str, days: int = 0) -> int:
    """As the sweep of each minute does, so many days later."""
    with databases.as_worker(name), clock.told(moment(ON) + timedelta(days=days)):
        return tell_of_no_approver_now()


def test_its_administrators_are_told_once_a_week_until_somebody_is_one(
    everyone: Cast, committing_db: str
) -> None:
    assert (look(committing_db), told()) == (0, [])
    left(everyone.ben)
    for days in (0, 0, 1, 2):
        assert look(committing_db, days) == 1
    assert told() == ["Adam"]
    look(committing_db, 3)
    assert told() == ["Adam", "Adam"]
    role = {"organisation": everyone.northmoor, "role": "la_approver", "since": day(ON)}
    Membership.objects.create(person=everyone.ada, **role)
    assert (look(committing_db, 10), told()) == (0, ["Adam", "Adam"])


def test_the_letter_says_at_which_authority_and_what_to_do_and_names_no_case(
    everyone: Cast, committing_db: str
) -> None:
    left(everyone.ben)
    look(committing_db)
    row = Outbox.objects.get(kind="nobody_approves")
    with databases.as_worker(committing_db):
        letter = compose(Outbox.objects.get(pk=row.pk), on=day(ON))
    assert letter is not None
    assert (letter.to, row.case) == ((everyone.adam.email,), None)
    assert letter.words.subject == "Nobody may approve at Northmoor"
    assert "make somebody an approver, under “People”" in letter.words.text


def test_where_it_has_no_administrator_the_operator_is_told(
    everyone: Cast, committing_db: str
) -> None:
    everyone.northmoor.senior = everyone.bea
    everyone.northmoor.save()
    left(everyone.ben, everyone.adam)
    look(committing_db)
    assert told() == ["Sam"], "its senior gives nobody a role"
    assert may_manage(everyone.sam, everyone.northmoor, day(ON))


def test_an_approver_who_may_not_sign_in_is_none(everyone: Cast, committing_db: str) -> None:
    Person.objects.filter(pk=everyone.ben.pk).update(is_active=False)
    assert (look(committing_db), told()) == (1, ["Adam"])


def test_where_approval_is_not_asked_for_nobody_is_told(everyone: Cast, committing_db: str) -> None:
    everyone.northmoor.approval_required = False
    everyone.northmoor.save()
    left(everyone.ben)
    assert (look(committing_db), told()) == (0, [])


def test_a_sweep_by_hand_tells_it_too(everyone: Cast, committing_db: str) -> None:
    left(everyone.ben)
    with databases.as_worker(committing_db), clock.told(moment(ON)):
        call_command("sweep", "--no-deliver", verbosity=0)
    assert told() == ["Adam"]


def test_service_status_says_at_how_many_and_is_well(everyone: Cast) -> None:
    at = moment(ON)

    def words() -> str:
        found = approvers.sign(at)
        assert found.well
        return said(found, at=at).state

    assert words() == "Every authority that asks for approval has an approver."
    left(everyone.ben)
    assert words().startswith("1 authority asks for approval and has no approver.")
    left(everyone.cara)
    assert words().startswith("2 authorities ask for approval and have no approver.")
