"""Pages by position: together they are the list, under ties, and while cases come and go."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.story import Cast, day, moment
from workflow.models import Case, Grant, NotificationProcess
from workflow.queues import Cursor, WorkList
from workflow.queues.keyset import OneOf
from workflow.queues.segments import DRAFTS

TODAY = day("2026-12-10")
FEW_DAYS = st.integers(min_value=0, max_value=2)

property_test = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def make(everyone: Cast, days: list[int]) -> list[Case]:
    """Drafts of Northmoor, each due and opened so many days from today: few days, many ties."""
    at = everyone.northmoor
    cases = Case.objects.bulk_create(
        Case(
            key_id=uuid.uuid4(),
            authority=at,
            opened_on=TODAY - timedelta(days=n),
            opened_at=moment("2026-12-01"),
            next_due_on=TODAY + timedelta(days=n),
        )
        for n in days
    )
    NotificationProcess.objects.bulk_create(
        NotificationProcess(case=case, authority=at, entered_on=TODAY) for case in cases
    )
    Grant.objects.bulk_create(
        Grant(
            case=case,
            authority=at,
            organisation=at,
            capacity="notifying_authority",
            since=day("2026-01-01"),
        )
        for case in cases
    )
    return cases


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sorted_by(sort: str, cases: list[Case]) -> list[Case]:
    if sort == "due":
        return sorted(cases, key=lambda case: (case.next_due_on, case.pk))
    return sorted(cases, key=lambda case: (case.opened_on, case.pk), reverse=True)


@given(chosen=st.sets(st.integers(min_value=0, max_value=4)))
@property_test
def test_one_of_some_keys_is_exactly_the_rows_with_these_keys(
    everyone: Cast, chosen: set[int]
) -> None:
    with undone():
        keys = [case.pk for case in make(everyone, [0] * 5)]
        wanted = {keys[place] for place in chosen}
        found = Case.objects.filter(OneOf(F("pk"), [*wanted, keys[-1] + 1]))
        assert {case.pk for case in found} == wanted
        assert not Case.objects.filter(OneOf(F("pk"), [])).exists()


@pytest.mark.parametrize("sort", ["due", "newest"])
@given(days=st.lists(FEW_DAYS, max_size=16), size=st.integers(min_value=1, max_value=5))
@property_test
def test_pages_walked_forwards_and_backwards_are_the_whole_list_in_order(
    everyone: Cast, sort: str, days: list[int], size: int
) -> None:
    with undone():
        wanted = sorted_by(sort, make(everyone, days))
        work = WorkList(everyone.ada, on=TODAY)
        page = work.page(DRAFTS, size=size, sort=sort)
        assert page.previous is None
        walked = [page]
        while page.next:
            page = work.page(DRAFTS, size=size, sort=sort, cursor=page.next)
            walked.append(page)
        assert [row.case for one in walked for row in one.rows] == wanted
        for before in reversed(walked[:-1]):
            assert page.previous is not None
            page = work.page(DRAFTS, size=size, sort=sort, cursor=page.previous)
            assert [row.case for row in page.rows] == [row.case for row in before.rows]
        assert page.previous is None


@given(
    days=st.lists(FEW_DAYS, min_size=1, max_size=12),
    later=st.lists(st.lists(FEW_DAYS, max_size=3), max_size=8),
    size=st.integers(min_value=1, max_value=4),
)
@property_test
def test_cases_that_arrive_between_two_pages_neither_hide_nor_repeat_any(
    everyone: Cast, days: list[int], later: list[list[int]], size: int
) -> None:
    with undone():
        there_from_the_start = sorted_by("due", make(everyone, days))
        work = WorkList(everyone.ada, on=TODAY)
        seen: list[Case] = []
        cursor: Cursor | None = None
        arrivals = iter(later)
        while True:
            page = work.page(DRAFTS, size=size, cursor=cursor)
            seen += [row.case for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
            make(everyone, next(arrivals, []))
        assert len(seen) == len({case.pk for case in seen})
        old = {case.pk for case in there_from_the_start}
        assert [case for case in seen if case.pk in old] == there_from_the_start


def test_a_position_survives_its_address() -> None:
    cursor = Cursor(TODAY, "7K2MQ9XD4TVB", back=True)
    asked = cursor.as_address()
    assert asked == {"before": "2026-12-10.7K2MQ9XD4TVB"}
    assert Cursor.from_address(asked.get("after", ""), asked["before"]) == cursor
    assert Cursor.from_address("nonsense", "") is None
    assert Cursor.from_address("", "") is None


@pytest.mark.parametrize("mark", ["NOSUCHMARK", ""])
def test_an_unknown_mark_and_none_still_give_a_page(everyone: Cast, mark: str) -> None:
    make(everyone, [-2, -1, 0, 1, 2])
    work = WorkList(everyone.ada, on=TODAY)
    for cursor, days in ((Cursor(TODAY, mark), [1, 2]), (Cursor(TODAY, mark, back=True), [-2, -1])):
        page = work.page(DRAFTS, cursor=cursor)
        assert [row.due_on for row in page.rows] == [TODAY + timedelta(days=one) for one in days]
