"""Two cases are linked by reference, and each link is shown only to who can open both."""

from typing import Any

import pytest
from django.urls import reverse

from tests.story import Cast, Story, a_case, day, moment
from tests.workflow.screens.conftest import SignIn
from workflow import services
from workflow.machine.links import CaseLink
from workflow.models import Grant

WHY = "One fire, two families, says zebra-jade."


@pytest.fixture
def twin(everyone: Cast) -> Story:
    """Another case of Northmoor's, sent."""
    return a_case(everyone, aware="2026-12-02").notified("2026-12-04")


@pytest.fixture
def theirs(everyone: Cast) -> Story:
    """A case of Southfen's, sent."""
    return a_case(everyone, aware="2026-12-01", by="cara").notified("2026-12-04", by="cara")


def typed(reference: str, **more: str) -> dict[str, str]:
    return {"reference": reference, "kind": "related", "reason": WHY, **more}


def at(story: Story) -> str:
    return reverse("link-case", args=[story.case.token])


def text_of(as_: SignIn, who: str, story: Story) -> str:
    return as_(who).get(reverse("case", args=[story.case.token])).content.decode()


def test_a_reference_typed_in_any_way_finds_the_case(sent: Story, twin: Story, as_: SignIn) -> None:
    reference = str(twin.again().reference).lower().replace("-", " ")
    assert as_("ada").post(at(sent), typed(reference)).status_code == 302
    for one, other in ((sent, twin), (twin, sent)):
        html = text_of(as_, "ada", one)
        assert str(other.again().reference) in html
        assert WHY in html
        assert "Ada, Northmoor" in html
        assert "10 December 2026" in html


def test_it_is_refused_with_everything_kept(sent: Story, twin: Story, as_: SignIn) -> None:
    html = as_("ada").post(at(sent), {"reason": WHY}).content.decode()
    assert "Enter the reference of the other case" in html
    assert "Select how they belong together" in html
    assert WHY in html


@pytest.mark.parametrize("which", ["nonsense", "SIN-0000-0000-0000", "own", "theirs"])
def test_a_case_out_of_reach_is_one_that_is_not_there(
    sent: Story, theirs: Story, as_: SignIn, which: str
) -> None:
    found = {"own": sent.again().label, "theirs": theirs.again().label}
    answer = as_("ada").post(at(sent), typed(found.get(which, which)))
    assert "There is no other case with it that you can open" in answer.content.decode()
    assert not CaseLink.objects.exists()


def test_the_link_shows_nothing_to_who_can_open_only_one(
    sent: Story, theirs: Story, as_: SignIn
) -> None:
    reference = str(theirs.again().reference)
    assert as_("sol").post(at(sent), typed(reference)).status_code == 302
    html = text_of(as_, "ada", sent)
    assert "Linked cases" not in html
    assert reference not in html
    assert str(sent.again().reference) not in text_of(as_, "cara", theirs)
    assert reference in text_of(as_, "priya", sent)


def test_who_reads_only_clocks_is_not_told_why(sent: Story, twin: Story, as_: SignIn) -> None:
    as_("ada").post(at(sent), typed(str(twin.again().reference)))
    html = text_of(as_, "sam", sent)
    assert str(twin.again().reference) in html
    assert WHY not in html


def test_two_cases_are_linked_once_whichever_way(sent: Story, twin: Story, as_: SignIn) -> None:
    as_("ada").post(at(sent), typed(str(twin.again().reference)))
    answer = as_("ada").post(at(twin), typed(str(sent.again().reference)))
    assert "These two cases are linked already." in answer.content.decode()
    assert CaseLink.objects.count() == 1


def test_sight_that_ends_takes_the_link_with_it(
    sent: Story, theirs: Story, everyone: Cast, as_: SignIn
) -> None:
    grant = Grant.objects.create(
        case=theirs.case, organisation=everyone.northmoor, capacity="other_area",
        since=day("2026-12-01"),
    )  # fmt: skip
    as_("ada").post(at(sent), typed(str(theirs.again().reference)))
    assert "Linked cases" in text_of(as_, "ada", sent)
    grant.withdrawn_at = moment("2026-12-10")
    grant.save()
    assert "Linked cases" not in text_of(as_, "ada", sent)


DIED = day("2026-11-30")


@pytest.fixture
def looked_after(everyone: Cast) -> Story:
    """Southfen's: a child it looked after died, and nothing is suspected. No Panel receives it."""
    return a_case(
        everyone, aware="2026-12-01", by="cara", outcome="died", abuse="neither",
        looked_after=True, incident_on=DIED,
    ).notified("2026-12-04", by="cara")  # fmt: skip


@pytest.fixture
def in_the_area(everyone: Cast) -> Story:
    """Northmoor's: the same child died there, and abuse is suspected. The Panel receives it."""
    return a_case(
        everyone, aware="2026-12-02", outcome="died", looked_after=True,
        looked_after_by_another=True, incident_on=day("2026-12-01"),
    ).notified("2026-12-04")  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_the_department_links_what_two_authorities_notified_of_one_death(
    looked_after: Story, in_the_area: Story, as_: SignIn, turned: bool
) -> None:
    pair = (in_the_area, looked_after) if turned else (looked_after, in_the_area)
    one, other = pair
    reference = str(other.again().reference)
    html = as_("dele").get(at(one)).content.decode()
    assert "Perhaps the same death" in html
    assert reference in html
    filled = as_("dele").get(f"{at(one)}?other={other.case.token}").content.decode()
    assert f'value="{reference}"' in filled
    done = as_("dele").post(at(one), typed(reference, kind="same_death"))
    assert done.status_code == 302
    for here, there in (pair, pair[::-1]):
        assert str(there.again().reference) in text_of(as_, "dele", here)
    assert "Perhaps the same death" not in as_("dele").get(at(one)).content.decode()


def test_of_the_pair_nobody_else_learns_that_there_is_another(
    looked_after: Story, in_the_area: Story, as_: SignIn
) -> None:
    as_("dele").post(at(looked_after), typed(str(in_the_area.again().reference)))
    for who, own in (("ada", in_the_area), ("sol", in_the_area), ("cara", looked_after)):
        assert "Perhaps the same death" not in as_(who).get(at(own)).content.decode()
        assert "Linked cases" not in text_of(as_, who, own)
    assert as_("sol").get(at(looked_after)).status_code == 404
    assert as_("ada").get(at(looked_after)).status_code == 404
    assert as_("cara").get(at(in_the_area)).status_code == 404


def test_another_death_is_not_proposed(
    looked_after: Story, in_the_area: Story, as_: SignIn
) -> None:
    in_the_area.facts("2026-12-05", incident_on=day("2026-11-20"))
    assert "Perhaps the same death" not in as_("dele").get(at(looked_after)).content.decode()


def test_the_department_has_no_page_for_what_it_has_not_received(
    everyone: Cast, as_: SignIn
) -> None:
    draft = a_case(everyone, aware="2026-12-02", outcome="died")
    assert as_("dele").get(at(draft)).status_code == 404


@pytest.mark.parametrize("who", ["bea", "ira", "priya", "sam", "cara"])
def test_nobody_else_has_the_page(sent: Story, as_: SignIn, who: str) -> None:
    assert as_(who).get(at(sent)).status_code == 404


def test_the_service_finds_no_case_out_of_sight(sent: Story, theirs: Story, everyone: Cast) -> None:
    said: dict[str, Any] = {"on": day("2026-12-10"), "at": moment("2026-12-10"), "reason": WHY}
    with pytest.raises(services.NotFound):
        services.link_cases(sent.again(), theirs.case, "related", by=everyone.ada, **said)
