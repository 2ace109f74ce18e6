"""A case in which staff or relatives are implicated: named people only, by both locks."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from tests import sight
from tests.story import Story, day, moment, person
from tests.workflow.access.naming import TODAY, notified, refused, restricted, seeing, told
from workflow import services
from workflow.access import context
from workflow.access.emergencies import Emergency, EmergencyReview
from workflow.access.naming import named
from workflow.access.policy import Rights
from workflow.machine import emergencies
from workflow.machine.refusals import CannotAdvance, NotFound
from workflow.models import (
    Capacity,
    Case,
    CaseRestriction,
    Grant,
    Membership,
    Person,
)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


@pytest.fixture
def story(db: None) -> Story:
    """A case of Northmoor's that was sent: its people, its partners and the Panel see it."""
    return notified()


BEFORE = {
    "ada", "ben", "bea", "lena", "adam", "nell", "ira", "polly", "sol", "priya", "petra", "sam",
}  # fmt: skip


@pytest.mark.parametrize("by_rows", [False, True], ids=["queries", "database"])
def test_named_people_alone_see_a_restricted_case(story: Story, *, by_rows: bool) -> None:
    assert seeing(story, by_rows=by_rows) >= BEFORE
    restricted(story)
    assert seeing(story, by_rows=by_rows) == {"ada", "ben", "petra"}
    told(story, "name_people", "ada", "ben", "petra", "ira")
    assert seeing(story, by_rows=by_rows) == {"ada", "ben", "petra", "ira"}
    told(story, "lift")
    assert seeing(story, by_rows=by_rows) >= BEFORE
    assert "cara" not in seeing(story, by_rows=by_rows)


@pytest.mark.parametrize("by_rows", [False, True], ids=["queries", "database"])
def test_a_grant_that_names_nobody_gives_nothing_whoever_writes_it(
    story: Story, *, by_rows: bool
) -> None:
    restricted(story)
    given: dict[str, Any] = {"case": story.case, "since": TODAY}
    cara, authority = story.cast.cara, story.cast.southfen
    Grant.objects.create(organisation=authority, capacity=Capacity.OTHER_AREA, **given)
    Grant.objects.create(person=story.cast.lena, capacity=Capacity.REVIEWER, **given)
    Grant.objects.filter(case=story.case).update(set_aside=False)
    assert seeing(story, by_rows=by_rows) == {"ada", "ben", "petra"}
    told(story, "lift")
    assert cara in {story.cast.people[one] for one in seeing(story, by_rows=by_rows)}


@pytest.mark.parametrize("by_rows", [False, True], ids=["queries", "database"])
def test_whoever_no_longer_belongs_where_they_were_named_sees_nothing(
    story: Story, *, by_rows: bool
) -> None:
    restricted(story, "ada", "ben", "petra", "ira")
    Membership.objects.filter(person__in=[story.cast.ada, story.cast.ira]).update(
        until=day("2026-12-09")
    )
    assert seeing(story, by_rows=by_rows) == {"ben", "petra"}
    assert {one.person.name for one in named(story.case, on=TODAY)} == {"Ben", "Petra"}


def test_another_role_at_the_same_place_does_not_keep_a_named_partner(story: Story) -> None:
    restricted(story, "ada", "ben", "petra", "ira")
    Membership.objects.filter(person=story.cast.ira).update(role="agency_contributor")
    assert "ira" not in seeing(story, by_rows=True) | seeing(story, by_rows=False)


def test_the_named_act_as_before_and_others_find_no_case(story: Story) -> None:
    restricted(story)
    rights = Rights(story.cast.ada, story.case, TODAY)
    assert rights.held == {("la_notifier", "notifying_authority")}
    for act in ("write.notification", "view.content", "view.timeline"):
        assert rights.may(act)
    assert not Rights(story.cast.nell, story.case, TODAY).held
    with sight.of(story.cast.nell, on=TODAY), pytest.raises(NotFound):
        services.lock_case(story.case.token, by=story.cast.nell, on=TODAY)


def test_the_database_keeps_a_case_restricted_until_a_record_says_otherwise(story: Story) -> None:
    restricted(story)
    with pytest.raises(DatabaseError, match="by a record of it alone"), transaction.atomic():
        Case.objects.update(restricted=False)
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        CaseRestriction.objects.update(restricts=False)
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        CaseRestriction.objects.all().delete()


def test_a_case_is_not_restricted_by_a_stroke_of_the_pen(story: Story) -> None:
    with pytest.raises(DatabaseError, match="by a record of it alone"), transaction.atomic():
        Case.objects.update(restricted=True)


def test_an_organisation_can_not_be_named(story: Story) -> None:
    place = story.cast.southfen
    with pytest.raises(IntegrityError, match="grant_by_name_is_to_a_person"), transaction.atomic():
        Grant.objects.create(
            case=story.case, organisation=place, named_at=place, capacity=Capacity.OTHER_AREA,
            since=TODAY,
        )  # fmt: skip


def test_no_emergency_opens_it_and_one_that_runs_is_over(story: Story) -> None:
    opened = {"reason": "The duty doctor rang tonight about it.", "on": TODAY, "at": moment(TODAY)}
    reference = story.case.label
    with sight.shut():
        emergencies.open_in_emergency(reference, by=story.cast.cara, **opened)  # type: ignore[arg-type]
    assert "cara" in seeing(story, by_rows=True) & seeing(story, by_rows=False)
    restricted(story)
    assert "cara" not in seeing(story, by_rows=True) | seeing(story, by_rows=False)
    for name in ("cara", "sol"):
        with sight.shut(), pytest.raises(CannotAdvance) as found:
            emergencies.open_in_emergency(reference, by=story.cast.people[name], **opened)  # type: ignore[arg-type]
        assert found.value.reasons == [emergencies.NO_CASE]


def test_what_was_opened_before_is_reviewed_by_those_who_are_named(story: Story) -> None:
    pia = person("Pia", story.cast.people["sam"].memberships.get().organisation, "privacy_officer")
    mona = person("Mona", story.cast.northmoor, "la_approver")
    with sight.shut():
        emergencies.open_in_emergency(
            story.case.label, by=story.cast.cara, on=TODAY, at=moment(TODAY),
            reason="The duty doctor rang tonight about it.",
        )  # fmt: skip
    assert {one for one in (pia, mona, story.cast.ben) if _reviews(one)} == {
        pia, mona, story.cast.ben,
    }  # fmt: skip
    restricted(story)
    assert {one for one in (pia, mona, story.cast.ben) if _reviews(one)} == {story.cast.ben}


def test_one_that_is_restricted_while_it_is_opened_stays_shut(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    _restricted_before_the_lock(story, monkeypatch)
    with sight.shut(), pytest.raises(CannotAdvance) as found:
        emergencies.open_in_emergency(
            story.case.label, by=story.cast.cara, on=TODAY, at=moment(TODAY),
            reason="The duty doctor rang tonight about it.",
        )  # fmt: skip
    assert found.value.reasons == [emergencies.NO_CASE]
    assert not Emergency.objects.exists()


def test_one_that_is_restricted_while_an_emergency_is_reviewed_is_not_there(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    mona = person("Mona", story.cast.northmoor, "la_approver")
    with sight.shut():
        emergencies.open_in_emergency(
            story.case.label, by=story.cast.cara, on=TODAY, at=moment(TODAY),
            reason="The duty doctor rang tonight about it.",
        )  # fmt: skip
    opened = Emergency.objects.select_related("case").get()
    _restricted_before_the_lock(story, monkeypatch)
    said: dict[str, Any] = {"finding": "right", "note": "Yes.", "on": TODAY, "at": moment(TODAY)}
    with sight.shut(), pytest.raises(NotFound):
        emergencies.review(opened, by=mona, **said)
    assert not EmergencyReview.objects.exists()
    with sight.shut():
        emergencies.review(opened, by=story.cast.ben, **said)


def _restricted_before_the_lock(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the lock of the case has it when it is restricted, and not before."""
    people = [story.cast.people[name].pk for name in ("ada", "ben", "petra")]
    ben, real = story.cast.ben, services.lock_case

    def waits(token: str, **how: Any) -> Case:
        monkeypatch.setattr(emergencies, "lock_case", real)
        with context.acting(ben, on=TODAY):
            case = Case.objects.get(token=token)
            services.restrict(
                case, people, by=ben, on=TODAY, at=moment(TODAY), reason="A relative."
            )
        return real(token, **how)

    monkeypatch.setattr(emergencies, "lock_case", waits)


def _reviews(one: Person) -> bool:
    with sight.of(one, on=TODAY), context.serving(context.EMERGENCIES):
        return emergencies.to_review(one, TODAY).exists()


def test_a_restricted_case_is_not_passed_on(story: Story) -> None:
    restricted(story)
    reasons = refused(story, "propose_transfer", receiver=story.cast.southfen)
    assert any("restricted" in one for one in reasons)


def test_its_pages_answer_as_if_it_were_not_there(story: Story) -> None:
    restricted(story)
    for name, status in (("ada", 200), ("nell", 404), ("adam", 404), ("ira", 404), ("sam", 404)):
        browser = Client()
        browser.force_login(story.cast.people[name])
        for path in ("", "people/", "timeline/", "chronology/"):
            answer = browser.get(f"/cases/{story.case.address}/{path}")
            assert answer.status_code == status, (name, path)
