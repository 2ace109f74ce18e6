"""A list narrowed in its address holds what the filter says and nothing else."""

import itertools
import uuid

import pytest

from tests.story import Cast, a_case, day, moment
from tests.workflow.queues.conftest import Listed
from workflow.models import Case
from workflow.queues import Filters, WorkList
from workflow.queues.filters import KINDS
from workflow.queues.mandates import GOES_TO_THE_PANEL

TODAY = "2026-12-10"


@pytest.fixture
def every_combination(everyone: Cast) -> int:
    """A case for each combination of the facts that decide kind and way."""
    tri: tuple[bool | None, ...] = (None, True, False)
    facts = itertools.product(
        ("", "died", "seriously_harmed", "other"),
        ("", "known", "neither"),
        ("", "in_area", "outside_england", "elsewhere_in_england"),
        tri,
        tri,
        tri,
        tri,
    )
    names = ("outcome", "abuse", "place", "looked_after", "care_leaver", "under_18", "under_25")
    made = Case.objects.bulk_create(
        Case(
            key_id=uuid.uuid4(),
            authority=everyone.northmoor,
            opened_on=day(TODAY),
            opened_at=moment(TODAY),
            **dict(zip(names, values, strict=True)),
        )
        for values in facts
    )
    return len(made)


def test_the_way_to_the_panel_is_the_laws_own_for_every_combination_of_facts(
    every_combination: int,
) -> None:
    by_query = set(Case.objects.filter(GOES_TO_THE_PANEL).values_list("pk", flat=True))
    by_law = {case.pk for case in Case.objects.all() if case.route.goes_to_panel}
    assert by_query == by_law
    assert 0 < len(by_law) < every_combination


def test_every_case_is_of_the_one_kind_it_is_called(every_combination: int) -> None:
    found: dict[int, list[str]] = {}
    for title, condition in KINDS.values():
        for case in Case.objects.filter(condition):
            found.setdefault(case.pk, []).append(title)
    assert found == {case.pk: [case.kind] for case in Case.objects.all()}


def test_a_list_is_narrowed_by_area_region_kind_and_date(everyone: Cast, listed: Listed) -> None:
    north = a_case(everyone, aware="2026-12-01").notified("2026-12-02").case
    south = a_case(everyone, aware="2026-12-22", by="cara", outcome="died")
    south.notified("2026-12-23", by="cara")
    work = WorkList(everyone.sam, on=day("2026-12-28"))
    everything = work.segment("open")
    assert everything is not None

    def narrowed(**filters: object) -> list[Case]:
        chosen = Filters(**filters)  # type: ignore[arg-type]
        return [row.case for row in work.page(everything, filters=chosen).rows]

    assert narrowed() == [north, south.case]
    assert narrowed(area="9902") == [south.case]
    assert narrowed(region="North East") == [north]
    assert narrowed(kind="death") == [south.case]
    assert narrowed(overdue=True) == [north]
    assert narrowed(area="9902", region="North East") == []


def test_filters_survive_their_address_and_nonsense_is_left_out() -> None:
    filters = Filters(area="9902", region="London", kind="care-leaver", overdue=True)
    assert Filters.from_address(filters.as_address()) == filters
    nonsense = {"area": "", "region": "Atlantis", "kind": "%", "overdue": "perhaps"}
    assert not Filters.from_address(nonsense).any
