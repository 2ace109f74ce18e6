"""Saying who sees a case in which staff or relatives are implicated, and that all may again."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection

from tests import sight
from tests.story import Story, a_case, moment, person
from tests.workflow.access.naming import REASON, TODAY, notified, refused, restricted, seeing, told
from workflow import services
from workflow.access.naming import named
from workflow.machine import restricting
from workflow.machine.refusals import NotFound
from workflow.models import Case, CaseRestriction, Deadline, Event, Membership, Outbox


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment(TODAY, "09:30"), tick=False):
        yield


@pytest.fixture
def story(db: None) -> Story:
    """A case of Northmoor's that was sent, and one more notifier there."""
    return notified()


@pytest.mark.parametrize(
    ("names", "reasons"),
    [
        (("ben", "petra"), [restricting.TOO_FEW]),
        (("ada", "nell", "petra"), [restricting.NOT_YOURSELF, restricting.NO_APPROVER]),
        (("ada", "ben", "ira"), [restricting.NOBODY_RECEIVES]),
        (("ada", "ben", "petra", "cara"), [restricting.NOT_THERE]),
        (("ada", "ben", "petra", "adam"), [restricting.NOT_THERE]),
        (("ada", "ben", "petra", "sam"), [restricting.NOT_THERE]),
    ],
)
def test_those_named_must_be_able_to_act_and_to_see(
    story: Story, names: tuple[str, ...], reasons: list[str]
) -> None:
    assert refused(story, "restrict", *names) == reasons
    assert not story.again().restricted
    assert not CaseRestriction.objects.exists()


def test_every_reason_against_it_is_given_at_once(story: Story) -> None:
    assert refused(story, "restrict", "ira", reason=" ") == [
        restricting.NO_REASON,
        restricting.NOT_YOURSELF,
        restricting.TOO_FEW,
        restricting.NO_APPROVER,
        restricting.NOBODY_RECEIVES,
    ]


def test_the_last_who_can_act_are_not_taken_away(story: Story) -> None:
    restricted(story)
    assert refused(story, "name_people", "ben", "petra") == [restricting.TOO_FEW]
    told(story, "name_people", "ben", "nell", "petra")
    assert seeing(story, by_rows=True) == {"ben", "nell", "petra"}


def test_a_chair_of_the_panel_who_is_implicated_is_kept_out_at_once_or_taken_off(
    story: Story,
) -> None:
    restricted(story, "ada", "ben", "sol")
    assert seeing(story, by_rows=True) == {"ada", "ben", "sol"}
    told(story, "name_people", "ada", "ben", "petra", "sol")
    told(story, "name_people", "ada", "ben", "sol")
    assert seeing(story, by_rows=True) == {"ada", "ben", "sol"}


def test_of_what_the_panel_has_no_part_in_somebody_of_the_department_is_enough(
    story: Story,
) -> None:
    story.case.grants.filter(organisation=story.cast.panel).update(withdrawn_at=moment(TODAY))
    assert refused(story, "restrict", "ada", "ben", "ira") == [restricting.NOBODY_RECEIVES]
    restricted(story, "ada", "ben", "dele")
    assert seeing(story, by_rows=True) == {"ada", "ben", "dele"}


def test_a_list_chosen_from_another_than_stands_is_refused_under_the_lock(story: Story) -> None:
    restricted(story, "ada", "ben", "petra", "sol")
    before = restricting.standing_list(story.case)
    told(story, "name_people", "ada", "ben", "petra", seen=before)
    why = [restricting.CHANGED]
    assert refused(story, "name_people", "ada", "ben", "petra", "sol", seen=before) == why
    assert refused(story, "name_people", "ada", "ben", "petra", "sol", seen="") == why
    told(story, "lift")
    assert refused(story, "restrict", "ada", "ben", "petra", "sol", seen=before) == why
    assert restricting.standing_list(story.case) == ""


@pytest.mark.parametrize("name", ["ada", "bea", "ira", "sol", "priya"])
def test_who_may_restrict_is_the_approver_and_the_panels_chair(story: Story, name: str) -> None:
    assert refused(story, "restrict", "ada", "ben", "petra", name, by=name)


def test_the_panels_chair_restricts_where_the_authority_itself_is_implicated(story: Story) -> None:
    restricted(story, by="petra")
    assert seeing(story, by_rows=True) == {"ada", "ben", "petra"}


def test_it_is_restricted_once_and_lifted_once(story: Story) -> None:
    assert refused(story, "lift") == [restricting.NOT_RESTRICTED]
    assert refused(story, "name_people", "ada", "ben", "petra") == [restricting.NOT_RESTRICTED]
    restricted(story)
    assert refused(story, "restrict", "ada", "ben", "petra") == [restricting.ALREADY]


def test_the_trail_tells_it_and_the_reason_rests_sealed(story: Story) -> None:
    restricted(story)
    told(story, "name_people", "ada", "ben", "petra", "sol")
    told(story, "lift")
    acts = ["restrict", "name_people", "lift_restriction"]
    events = Event.objects.filter(case=story.case, act__in=acts).order_by("sequence")
    assert [(one.act, one.actor.name, one.reason) for one in events if one.actor] == [
        (act, "Ben", REASON) for act in acts
    ]
    assert [one.payload for one in events] == [
        {"named": 3, "newly": 3, "no_longer": 0},
        {"named": 4, "newly": 1, "no_longer": 0},
        {},
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason::text FROM workflow_caserestriction")
        assert "relative" not in str(cursor.fetchall())


def test_whoever_is_newly_named_is_told_without_a_word_of_why(story: Story) -> None:
    restricted(story)
    rows = Outbox.objects.filter(kind="given_access").select_related("person")
    assert {row.person for row in rows} == {story.cast.ada, story.cast.petra}


def test_a_restricted_draft_is_sent_and_whoever_receives_it_is_named(story: Story) -> None:
    draft = a_case(story.cast, aware="2026-12-07")
    restricted(draft, "ada", "ben")
    draft.notified("2026-12-10", by="ada")
    assert {one.person.name for one in named(draft.case, on=TODAY)} == {
        "Ada", "Ben", "Petra", "Sol", "Dele", "Olu",
    }  # fmt: skip
    for name, sees in (
        ("petra", True),
        ("sol", True),
        ("priya", False),
        ("ira", False),
        ("adam", False),
    ):
        with sight.of(story.cast.people[name], on=TODAY):
            assert Case.objects.filter(pk=draft.case.pk).exists() is sees, name
    # The partners of the area were told nothing, and that they must be goes on.
    owed = Deadline.objects.get(case=draft.case, duty="tell-the-partners")
    assert owed.met_on is None


def test_an_approver_who_is_implicated_does_not_lift_it(story: Story) -> None:
    mona = person("Mona", story.cast.northmoor, "la_notifier", "la_approver")
    story.cast.people["mona"] = mona
    restricted(story)
    with sight.of(mona, on=TODAY), pytest.raises(NotFound):
        services.lift(
            Case(token=story.case.token), by=mona, on=TODAY, at=moment(TODAY), reason=REASON
        )
    assert story.again().restricted


def test_somebody_of_two_partners_is_named_as_of_both_and_loses_neither_with_the_other(
    story: Story,
) -> None:
    everyone = story.cast
    police = everyone.people["polly"].memberships.get().organisation
    ira = everyone.people["ira"]
    Membership.objects.create(
        person=ira, organisation=police, role="safeguarding_partner", since="2026-01-01"
    )
    restricted(story, "ada", "ben", "petra", "ira")
    there = {one.organisation.name for one in named(story.case, on=TODAY) if one.person == ira}
    assert there == {"Northmoor Integrated Care Board", "Northmoor Police"}
    ira.memberships.exclude(organisation=police).update(until="2026-12-09")
    ira.__dict__.pop("_memberships", None)
    assert "ira" in seeing(story, by_rows=False) & seeing(story, by_rows=True)
