"""A checkpoint counts the entries of each case, and reads of the log what is new alone."""

from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import databases
from tests.story import Story, a_case
from tests.workflow.audit.test_the_log import audit, grow, stories, today
from workflow.audit import tree, verify_audit
from workflow.audit.models import Checkpoint, Counted, Leaf

__all__ = ["stories", "today"]


def counted(name: str) -> list[tuple[int, int]]:
    """What is kept of the newest checkpoint's count."""
    with databases.as_worker(name):
        return list(Counted.objects.order_by("case_number").values_list("case_number", "entries"))


def is_right(name: str) -> bool:
    """Whether the newest checkpoint counts what the log holds, as it was kept for the next."""
    last = Checkpoint.objects.latest("size")
    counts = tree.counts_of_cases(last.size)
    tallies: verify_audit.Peaks = []
    for case, entries in counts:
        verify_audit.grow(tallies, verify_audit.tally(case, entries))
    root = verify_audit.root_of(tallies).hex()
    return (last.counted, last.counts, counted(name)) == (len(counts), root, counts)


def more(stories: list[Story]) -> None:
    """A third case, and an act on the first."""
    a_case(stories[0].cast, aware="2026-12-08")
    stories[0].facts("2026-12-09", children_count=2)


def test_each_checkpoint_counts_what_the_log_holds(
    stories: list[Story], committing_db: str
) -> None:
    assert is_right(committing_db)
    more(stories)
    assert grow(committing_db)
    assert is_right(committing_db)
    assert audit("verify")[0] == 0


def test_what_was_counted_of_another_log_is_counted_anew(
    stories: list[Story], committing_db: str
) -> None:
    case, other = (story.case.pk for story in stories)
    # As many in all, and counted for the wrong case.
    apart = Counter(dict(counted(committing_db))) + Counter({case: 1, other: -1})
    for wrong in (apart, {case: 1}, {case: 10_000}, {}):
        with databases.as_worker(committing_db):
            Counted.objects.all().delete()
            Counted.objects.bulk_create(Counted(case_number=k, entries=n) for k, n in wrong.items())
        stories[0].facts("2026-12-09", children_count=2 + len(wrong))
        stories[0].facts("2026-12-10", children_count=4 + len(wrong))
        assert grow(committing_db)
        assert is_right(committing_db)


def test_of_the_log_only_what_is_new_is_read(stories: list[Story], committing_db: str) -> None:
    more(stories)
    before = Leaf.objects.count()
    with databases.as_worker(committing_db), CaptureQueriesContext(connection) as asked:
        assert tree.grow_now()
    said = [one["sql"] for one in asked.captured_queries if '"workflow_leaf"' in one["sql"]]
    assert [f'"position" >= {before}' in sql for sql in said] == [True]


def test_no_process_that_serves_pages_has_the_counts(committing_db: str) -> None:
    def may() -> list[bool]:
        asked = "SELECT has_table_privilege('workflow_counted', unnest(%s::text[]))"
        with connection.cursor() as cursor:
            cursor.execute(asked, [["SELECT", "INSERT", "UPDATE", "DELETE"]])
            return [row[0] for row in cursor.fetchall()]

    assert may() == [False] * 4
    with databases.as_worker(committing_db):
        assert may() == [True] * 4
