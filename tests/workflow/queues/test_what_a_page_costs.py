"""A page of a list is a fixed handful of statements, however long the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.story import Cast, a_case, day
from tests.workflow.queues.test_pages_by_position import make
from workflow.queues import WorkList
from workflow.queues.counts import COUNTED_TO, capped
from workflow.views.queue import areas, sees_many_areas

TODAY = day("2026-12-10")


def statements(everyone: Cast, name: str, part: str) -> int:
    """What a page of a list asks of the database, after who one is has been read."""
    person = everyone.people[name]
    work = WorkList(person, on=TODAY)
    segment = work.segment(part)
    assert segment is not None
    with CaptureQueriesContext(connection) as asked:
        work.page(segment)
        work.counts(work.segments)
        if sees_many_areas(person, on=TODAY):
            areas(on=TODAY)
    return len(asked)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("ada", "needs-action"),
        ("ada", "waiting"),
        ("ben", "closed"),
        ("bea", "needs-action"),
        ("sol", "needs-action"),
        ("sol", "decisions"),
        ("sam", "open"),
        ("ira", "needs-action"),
        ("dele", "needs-action"),
    ],
)
def test_a_page_takes_at_most_four_statements(name: str, part: str, everyone: Cast) -> None:
    a_case(everyone, aware="2026-12-01").notified("2026-12-04")
    few = statements(everyone, name, part)
    make(everyone, [0, 1, 2] * 12)
    many = statements(everyone, name, part)
    assert max(few, many) <= 4


def test_a_number_is_shown_up_to_a_thousand() -> None:
    assert str(capped(COUNTED_TO)) == "1,000"
    assert str(capped(COUNTED_TO + 1)) == "1,000+"
    assert capped(1).is_one
    assert not capped(2).is_one
